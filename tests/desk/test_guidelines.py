"""Guidelines are Markdown that cannot harm its readers."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.desk.guidelines import headings_about, to_html


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


NAMES = {"claim": "Claim", "quote": "Quote", "source": "Source", "caption": "Image caption"}


def test_the_first_heading_that_names_a_label_is_about_it() -> None:
    text = """# How we label\n\n## *Quotes* and sources\n\nA quote is …\n
## Sources\n\n### Source again\n\nClaims\n------\n\n> # An image caption\n\n# Reclaimed"""

    about = headings_about(text, NAMES)

    assert {text.split("\n")[line]: key for line, key in about.items()} == {
        "## *Quotes* and sources": "quote",
        "## Sources": "source",
        "Claims": "claim",
        "> # An image caption": "caption",
    }


def test_what_is_about_a_label_can_be_gone_to() -> None:
    text = "# Claims\n\n# Quotes\n\n# Else"

    assert to_html(text, headings_about(text, NAMES)) == (
        '<h2 id="guide-claim" tabindex="-1">Claims</h2>\n'
        '<h2 id="guide-quote" tabindex="-1">Quotes</h2>\n<h2>Else</h2>\n'
    )


@given(st.text(), st.dictionaries(st.sampled_from(sorted(NAMES)), st.text(min_size=1)))
def test_each_label_has_one_heading_at_most(text: str, names: dict[str, str]) -> None:
    about = headings_about(text, names)

    assert sorted(about.values()) == sorted(set(about.values()) & set(names))
    assert to_html(text, about).count(" id=") == len(about)
