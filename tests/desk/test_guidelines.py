"""Guidelines are Markdown that cannot harm its readers."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.guidelines import to_html


def test_headings_stand_below_the_pages_own() -> None:
    html = to_html("# One\n\n###### Six")

    assert html == "<h2>One</h2>\n<h6>Six</h6>\n"


class Tags(HTMLParser):
    """The tags of some HTML and their attributes, as a browser would see them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[here](javascript:alert(1))",
        "[here](data:text/html;base64,PHNjcmlwdD4=)",
        "<img src=x onerror=alert(1)>",
        '<a href="https://example.org" onclick="alert(1)">here</a>',
        "![pixel](https://tracker.example/x.png)",
        "<style>* { display: none }</style>",
    ],
)
def test_nothing_that_runs_or_loads_gets_through(text: str) -> None:
    tags = Tags(to_html(text))

    assert tags.names <= {"p", "a"}
    assert all(name in ("href", "rel") for name, _ in tags.attributes)
    assert all(value.startswith("https://") for name, value in tags.attributes if name == "href")


def test_links_tell_nothing_about_their_readers() -> None:
    assert to_html("[Argus](https://example.org/)") == (
        '<p><a href="https://example.org/" rel="noopener noreferrer nofollow">Argus</a></p>\n'
    )


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(to_html(text), str)
