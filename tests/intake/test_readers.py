"""What editors have, files and pages, becomes an article's plain text."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.intake.errors import TextRefused
from articles.intake.incoming import Incoming
from articles.intake.readers import MAX_FILE_BYTES, from_file, from_html, from_text
from articles.text.canonical import canonicalise
from tests.intake.stories import PAGE, STORY

PARAGRAPH = "A paragraph that is long enough for anybody to take it for a part of an article. "


def page_of(body: str, head: str = "") -> str:
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"


def parts_of(incoming: Incoming) -> list[tuple[str, str]]:
    """Each block of the article: its kind and its words."""
    assert incoming.blocks is not None
    return [
        (block.kind.value, incoming.text[block.start : block.end].strip())
        for block in incoming.blocks
    ]


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(TextRefused) as refused:
        from_file(name, data)
    return refused.value.message


def test_a_page_becomes_its_article_in_plain_text_and_nothing_else() -> None:
    assert parts_of(from_html(PAGE)) == [
        ("headline", "Ferry strike ends after nine days"),
        ("standfirst", "Crews return with a rise of 4.1 per cent, half their demand."),
        (
            "paragraph",
            "The crews of the Skerry ferries will go back to work on Monday after a strike of nine "
            "days, the longest in the history of the line, their union said on Tuesday night.",
        ),
        ("caption", "The Petrel at her berth, with nobody on board"),
        (
            "paragraph",
            "“We did not win, but we were not moved either,” said Hedda Vance, who led the talks "
            "for the crews. She asked passengers for patience until the timetable is back.",
        ),
        ("block_quote", "> A boat that does not sail costs more than a crew that is paid."),
        ("list_item", "- A rise of 4.1 per cent from April, paid in two steps"),
        ("list_item", "- Two free weekends in every month"),
        (
            "paragraph",
            "The company said that the agreement would cost £1.2m a year, and that fares would not "
            "rise before the summer. It thanked the islands for their patience.",
        ),
    ]


def test_a_page_says_who_wrote_it_where_and_when() -> None:
    incoming = from_html(PAGE)

    assert incoming.title == "Ferry strike ends after nine days"
    assert incoming.byline == "Ida Brakespear"
    assert incoming.publisher == "The Skerry Bugle"
    assert incoming.published_at == datetime(2024, 3, 5, 6, 30, tzinfo=timezone(timedelta(hours=1)))
    assert incoming.language == "en-GB"
    assert incoming.url == "https://bugle.example/ferries/strike-ends"


def test_what_the_editor_says_goes_before_what_the_page_says() -> None:
    incoming = from_html(PAGE, publisher="The Bugle’s archive", byline="", language="en")

    assert (incoming.publisher, incoming.byline, incoming.language) == (
        "The Bugle’s archive",
        "Ida Brakespear",
        "en",
    )


def test_the_headline_is_the_pages_own_even_where_it_has_another_title() -> None:
    head = '<meta property="og:title" content="Quay: what we know">'
    body = f"<article><h1>Quay to open again</h1><p>{PARAGRAPH * 5}</p></article>"

    incoming = from_html(page_of(body, head))

    assert incoming.title == "Quay: what we know"
    assert parts_of(incoming)[0] == ("headline", "Quay to open again")
    assert "what we know" not in incoming.text


def test_a_title_that_the_article_does_not_show_becomes_its_headline() -> None:
    head = '<meta property="og:title" content="Quay to open again">'

    incoming = from_html(page_of(f"<article><p>{PARAGRAPH * 9}</p></article>", head))

    assert parts_of(incoming)[0] == ("headline", "Quay to open again")


def test_a_summary_that_the_page_does_not_show_is_no_standfirst() -> None:
    head = '<meta name="description" content="What machines read of the quay.">'
    body = f"<article><h1>Quay to open again</h1><p>{PARAGRAPH * 9}</p></article>"

    assert "machines" not in from_html(page_of(body, head)).text


def test_a_standfirst_that_stands_outside_the_article_is_brought_in() -> None:
    words = "Repairs will cost twice the first estimate, say papers that we have seen."
    head = f'<meta name="description" content="{words}">'
    body = (
        f"<header><h1>Quay to open again</h1><p>{words}</p></header>"
        f'<div class="article-body"><p>{PARAGRAPH * 5}</p><p>{PARAGRAPH * 4}</p></div>'
    )

    assert parts_of(from_html(page_of(body, head)))[:2] == [
        ("headline", "Quay to open again"),
        ("standfirst", words),
    ]


def test_a_day_without_a_time_zone_is_taken_for_utc() -> None:
    head = '<meta property="article:published_time" content="2024-03-05">'

    incoming = from_html(page_of(f"<article><p>{PARAGRAPH * 9}</p></article>", head))

    assert incoming.published_at == datetime(2024, 3, 5, tzinfo=UTC)


def test_a_page_that_says_nothing_of_itself_leaves_the_details_empty() -> None:
    incoming = from_html(page_of(f"<article><p>{PARAGRAPH * 9}</p></article>"))

    assert (incoming.title, incoming.byline, incoming.language) == ("", "", "")
    assert (incoming.published_at, incoming.url) == (None, None)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "/relative", "https://a b.example/"])
def test_an_address_that_is_none_does_not_keep_the_page_out(address: str) -> None:
    head = f'<link rel="canonical" href="{address}">'

    assert from_html(page_of(f"<article><p>{PARAGRAPH * 9}</p></article>", head)).url is None


def test_the_picture_over_an_article_keeps_its_caption() -> None:
    figure = "<figure><img src=a.jpg><figcaption>The quay at dawn (R. Tarn)</figcaption></figure>"
    body = (
        f"<article><h1>Quay to open again</h1><header>{figure}</header>"
        f'<div class="article-body"><p>{PARAGRAPH * 5}</p><p>{PARAGRAPH * 4}</p></div></article>'
    )

    kinds = [kind for kind, _ in parts_of(from_html(page_of(body)))]

    assert kinds[0] == "headline"
    assert kinds[1] == "caption"


def test_captions_of_other_stories_stay_outside() -> None:
    other = "<figure><img src=b.jpg><figcaption>Cod is back</figcaption></figure>"
    body = (
        f"<article><h1>Quay to open again</h1><p>{PARAGRAPH * 5}</p><p>{PARAGRAPH}</p></article>"
        f'<section class="related">{other}</section>'
    )

    assert "Cod is back" not in from_html(page_of(body)).text


def test_a_gallery_keeps_every_caption_in_its_place() -> None:
    pictures = "".join(
        f"<figure><img src={name}.jpg><figcaption>{name} of the quay</figcaption></figure>"
        for name in ("North", "South")
    )
    body = (
        f"<article><h1>Quay to open again</h1><p>{PARAGRAPH * 5}</p>"
        f"<figure>{pictures}</figure><p>{PARAGRAPH * 4}</p></article>"
    )

    kinds = [kind for kind, _ in parts_of(from_html(page_of(body)))]

    assert kinds == ["headline", "paragraph", "caption", "caption", "paragraph"]


def test_the_credit_of_a_caption_is_a_part_of_its_own() -> None:
    figure = "<figure><figcaption>The quay at dawn (Photo: R. Tarn)</figcaption></figure>"
    body = f"<article><h1>Quay</h1><p>{PARAGRAPH * 5}</p>{figure}<p>{PARAGRAPH}</p></article>"

    parts = parts_of(from_html(page_of(body)))

    assert parts[2:4] == [("caption", "The quay at dawn"), ("credit", "(Photo: R. Tarn)")]


def test_a_table_that_is_shown_as_a_figure_stays_in_the_article() -> None:
    table = "<table><tr><td>Rookmere</td><td>3</td></tr></table>"
    figure = f"<figure>{table}<figcaption>The table on Sunday</figcaption></figure>"
    body = f"<article><h1>Cup</h1><p>{PARAGRAPH * 5}</p>{figure}<p>{PARAGRAPH}</p></article>"

    assert "Rookmere | 3" in from_html(page_of(body)).text


def test_broken_lines_of_a_paragraph_stay_lines() -> None:
    verse = "Grey is the harbour<br>and grey the sea"
    body = (
        f"<article><h1>Verse</h1><p>{PARAGRAPH * 5}</p><p>{verse}</p><p>{PARAGRAPH}</p></article>"
    )

    assert "Grey is the harbour\nand grey the sea" in from_html(page_of(body)).text


def test_a_page_of_few_words_keeps_its_paragraphs_and_leaves_its_menu() -> None:
    article = "<article><h1>Ferry back</h1><p>It <b>sails</b>.</p><p>Again.</p></article>"

    incoming = from_html(page_of(f"<nav>Menu</nav>{article}"))

    assert incoming.text == "Ferry back\n\nIt sails.\n\nAgain."


def test_a_table_is_a_line_for_each_row() -> None:
    table = (
        "<table><tr><td>Rookmere</td><td>3</td></tr><tr><td>Saltreach</td><td>2</td></tr></table>"
    )
    body = f"<article><h1>Cup</h1><p>{PARAGRAPH * 5}</p>{table}<p>{PARAGRAPH}</p></article>"

    assert "Rookmere | 3\n\nSaltreach | 2" in from_html(page_of(body)).text


def test_markup_that_is_only_shown_stays_words() -> None:
    body = (
        f"<article><p>{PARAGRAPH * 5}</p><p>They wrote &lt;b&gt;no&lt;/b&gt; to us.</p></article>"
    )

    assert "They wrote <b>no</b> to us." in from_html(page_of(body)).text


def test_a_page_keeps_its_original() -> None:
    data = PAGE.encode()

    incoming = from_html(data)

    assert (incoming.original, incoming.original_type) == (data, "text/html")


@pytest.mark.parametrize(
    ("encoding", "declared"), [("utf-8", "utf-8"), ("windows-1252", "iso-8859-1"), ("utf-16", "")]
)
def test_a_page_is_read_in_the_encoding_that_it_declares(encoding: str, declared: str) -> None:
    page = page_of(
        f"<article><h1>Zoë’s café</h1><p>{PARAGRAPH * 9}</p></article>",
        f'<meta charset="{declared}">',
    )

    assert from_html(page.encode(encoding)).text.startswith("Zoë’s café\n\n")


@pytest.mark.parametrize(
    "markup",
    [
        "<h1>Ferry</h1>" * 200_000,
        "<div>" * 900_000,
        "<div " + " ".join(f"a{number}" for number in range(400_000)) + ">",
        "<div " + "a=''" * 501 + ">",
        '<div a=b="' + "a " * 501 + '">',
    ],
    ids=["headlines", "depth", "attributes", "attributes side by side", "a quote that is none"],
)
def test_a_page_that_is_nearly_all_markup_is_refused_at_once(markup: str) -> None:
    words = refusal("page.html", page_of(markup + PARAGRAPH * 5).encode())

    assert words == (
        "This page has too much markup to be read. Copy its text and paste it instead."
    )


def test_a_picture_in_a_long_attribute_is_no_crowd_of_attributes() -> None:
    picture = f"<svg><path d='{'1 ' * 100_000}'/></svg><img alt='' src=data:{'A' * 100_000}>"

    found = from_html(page_of(f"<article><h1>Quay</h1><p>{PARAGRAPH * 5}</p>{picture}</article>"))

    assert PARAGRAPH.strip() in found.text


def test_a_page_without_an_article_is_refused_in_words() -> None:
    assert refusal("empty.html", page_of("").encode()) == (
        "No article was found on this page. Copy its text and paste it instead."
    )


@given(st.text(alphabet=st.sampled_from("<>/=\"'& \n!-pdivh1figurecaption\0\ufeffäß😀")))
def test_no_page_breaks_the_reader_and_its_text_is_canonical(markup: str) -> None:
    page = page_of(f"<article><p>{PARAGRAPH * 5}</p>{markup}<p>{PARAGRAPH * 3}</p></article>")

    try:
        incoming = from_html(page)
    except TextRefused:
        return
    assert incoming.blocks is not None
    assert incoming.text == canonicalise(incoming.text)
    covered = [incoming.text[block.start : block.end] for block in incoming.blocks]
    assert "".join(covered) == incoming.text


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_a_text_file_is_read_in_every_unicode_encoding_with_its_mark(encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith(("le", "be")) else ""

    incoming = from_file("story.txt", (mark + STORY).encode(encoding))

    assert incoming.text == STORY


def test_a_text_file_from_an_old_system_is_read_as_windows_1252() -> None:
    text = STORY.replace("📰", "Zoë’s café")

    assert from_file("story.txt", text.encode("windows-1252")).text == text


def test_a_declared_charset_is_believed_where_bytes_do_not_speak() -> None:
    text = "Сухопутная связь с островом восстановлена."

    assert from_text(text.encode("koi8-r"), "koi8-r").text == text


def test_a_text_file_keeps_its_bytes() -> None:
    data = STORY.encode("utf-16")

    incoming = from_file("story.txt", data)

    assert (incoming.original, incoming.original_type) == (data, "text/plain")


@pytest.mark.parametrize("name", ["page.txt", "page", "page.html", "PAGE.HTM", "page.xhtml"])
def test_a_page_is_known_by_its_name_or_by_how_it_begins(name: str) -> None:
    incoming = from_file(name, b"\xef\xbb\xbf\n" + PAGE.encode())

    assert incoming.title == "Ferry strike ends after nine days"


def test_a_text_about_markup_is_a_text() -> None:
    assert from_file("notes.md", b"The <html> element\n\nIt is the root.").title == ""


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("story.txt", b"", "This file is empty."),
        ("story.html", b"", "This file is empty."),
        (
            "story.docx",
            b"PK\x03\x04 word/document.xml",
            "This file is not text: it looks like a Word document (DOCX). "
            "Save it as plain text first.",
        ),
        (
            "story.txt",
            b"%PDF-1.7",
            "This file is not text: it looks like a PDF. Save it as plain text first.",
        ),
        (
            "rows.csv",
            b"title,text\nOne,Two",
            "Newsdesk reads .txt and .html files; this is a .csv file.",
        ),
        (
            "story.txt",
            bytes(range(128, 256)) * 9,
            "The letters of this file cannot be read. Save it as UTF-8 and bring it in again.",
        ),
        (
            "story.txt",
            b"x" * (MAX_FILE_BYTES + 1),
            "This file is larger than 5 MB, the most that Newsdesk reads.",
        ),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_file_that_cannot_be_read_is_refused_in_words(name: str, data: bytes, words: str) -> None:
    assert refusal(name, data) == words
