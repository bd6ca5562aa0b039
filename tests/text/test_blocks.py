"""A text is divided into blocks that cover it exactly, and into the right ones."""

import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.text.blocks import BlockKind, divide
from tests.text.scraped import SCRAPED_ARTICLE, SCRAPED_BLOCKS

HEADLINE, STANDFIRST, BYLINE = BlockKind.HEADLINE, BlockKind.STANDFIRST, BlockKind.BYLINE
DATELINE, PARAGRAPH, LIST_ITEM = BlockKind.DATELINE, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM
BLOCK_QUOTE, CAPTION, CREDIT = BlockKind.BLOCK_QUOTE, BlockKind.CAPTION, BlockKind.CREDIT
BOILERPLATE = BlockKind.BOILERPLATE

any_text = st.text(st.characters(exclude_categories=["Cs"]))

# Pages put together of what the rules look for, in every order and glued in every way.
pages = st.lists(
    st.sampled_from(
        [
            "\n",
            "\n\n",
            " ",
            "\t",
            "open image in gallery",
            "(AP)",
            "(Lena Brandvik/Reuters)",
            "Foto: ",
            "Photo by Ines Okafor",
            "Tobias Wren / dpa",
            "By Ines Okafor",
            "12 May 2025 10:37 GMT",
            "Comments",
            "Read next",
            "Sign up",
            "Menu",
            "- ",
            "> ",
            "1. ",
            "Straße",
            "Saltmere keeps its night ferry",
            "The night ferry between Saltmere and Orrin Point will keep running, they said.",
            "夜のフェリーは存続する。",
            "🚢",
            "\u0301",
        ]
    ),
    max_size=40,
).map("".join)


def kinds_and_texts(text: str, title: str | None = None) -> list[tuple[BlockKind, str]]:
    return [(block.kind, text[block.start : block.end]) for block in divide(text, title=title)]


@given(any_text | pages, st.none() | pages)
def test_the_blocks_cover_any_text_exactly(text: str, title: str | None) -> None:
    blocks = divide(text, title=title)

    assert "".join(text[block.start : block.end] for block in blocks) == text
    assert all(block.start < block.end for block in blocks)
    assert all(left.end == right.start for left, right in pairwise(blocks))


@given(pages)
def test_the_same_text_is_always_divided_alike(text: str) -> None:
    assert divide(text) == divide(text)


@given(pages)
def test_a_block_begins_with_its_line_or_behind_other_words_of_it(text: str) -> None:
    for block in divide(text):
        above = text[: block.start]
        assert not above or above.endswith("\n") or text[block.start].strip()


def test_an_empty_text_has_no_blocks() -> None:
    assert divide("") == []


def test_white_space_alone_is_one_paragraph() -> None:
    assert kinds_and_texts(" \n\t\n") == [(PARAGRAPH, " \n\t\n")]


def test_a_scraped_page_is_divided_as_an_editor_would() -> None:
    assert divide(SCRAPED_ARTICLE) == SCRAPED_BLOCKS


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
def test_a_clean_article_keeps_all_its_lines(blank: str) -> None:
    text = blank.join(
        [
            "The quay is dry again\n",
            "By Ines Okafor",
            "12 May 2025",
            "The water went as quietly as it had come, and left the quay to the gulls.",
            "A small heading",
            "Nobody was hurt, and the market opens on Thursday as it always has, the mayor said.",
        ]
    )

    assert [kind for kind, _ in kinds_and_texts(text)] == [
        HEADLINE,
        BYLINE,
        DATELINE,
        PARAGRAPH,
        PARAGRAPH,
        PARAGRAPH,
    ]


def test_lists_and_quotes_are_told_by_their_marks() -> None:
    text = (
        "What to know\n\n- The quay\n• The market\n1. The gulls\n\n> We saw it\n> coming.\n\nEnd."
    )

    assert kinds_and_texts(text) == [
        (HEADLINE, "What to know\n\n"),
        (LIST_ITEM, "- The quay\n"),
        (LIST_ITEM, "• The market\n"),
        (LIST_ITEM, "1. The gulls\n\n"),
        (BLOCK_QUOTE, "> We saw it\n> coming.\n\n"),
        (PARAGRAPH, "End."),
    ]


def test_a_stanza_and_a_broken_paragraph_are_one_block_each() -> None:
    text = (
        "Gulls\n\n  White over the slate,\n  they ask for nothing\n  and take it.\n\n"
        "This was read aloud on the quay on Thursday, by a child who\n"
        "had written it on the back of a ticket.\n"
    )

    assert kinds_and_texts(text) == [
        (HEADLINE, "Gulls\n\n"),
        (PARAGRAPH, "  White over the slate,\n  they ask for nothing\n  and take it.\n\n"),
        (
            PARAGRAPH,
            "This was read aloud on the quay on Thursday, by a child who\n"
            "had written it on the back of a ticket.\n",
        ),
    ]


@pytest.mark.parametrize(
    ("headline", "paragraph"),
    [
        (
            "المجلس يبقي على العبارة الليلية",
            "قرر مجلس الميناء يوم الثلاثاء الإبقاء على العبارة الليلية.",
        ),
        ("מעבורת הלילה נשארת", "מועצת הנמל החליטה ביום שלישי להשאיר את מעבורת הלילה."),
        ("夜のフェリー存続へ", "港湾評議会は火曜日、夜のフェリーを存続させることを決めた。"),
        ("夜间渡轮保留", "港口委员会星期二决定保留夜间渡轮。"),
        ("Ночной паром остаётся", "Совет гавани решил во вторник сохранить ночной паром."),
    ],
)
def test_every_script_has_headlines_and_paragraphs(headline: str, paragraph: str) -> None:
    text = f"{headline}\n\n{paragraph}\n\n{paragraph}\n"

    assert [kind for kind, _ in kinds_and_texts(text)] == [HEADLINE, PARAGRAPH, PARAGRAPH]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("The quay at dawn. Photo: Lena Brandvik", ["The quay at dawn. ", "Photo: Lena Brandvik"]),
        (
            "Der Kai am Morgen.Foto: Lena Brandvik/dpa",
            ["Der Kai am Morgen.", "Foto: Lena Brandvik/dpa"],
        ),
        ("Le quai à l’aube. HANDOUT / AFP", ["Le quai à l’aube. ", "HANDOUT / AFP"]),
        ("El muelle al alba EFE/ Lena Brandvik", ["El muelle al alba ", "EFE/ Lena Brandvik"]),
        ("The quay at dawn. (Lena Brandvik/Echo)", ["The quay at dawn. ", "(Lena Brandvik/Echo)"]),
        ("夜明けの岸壁＝ＡＰ通信（写真：港新聞）", ["夜明けの岸壁＝ＡＰ通信", "（写真：港新聞）"]),
    ],
)
def test_a_caption_is_told_by_its_credit(line: str, parts: list[str]) -> None:
    text = f"Gulls\n\nThe gulls are back on the quay.\n\n{line}"

    assert kinds_and_texts(text)[2:] == [(CAPTION, parts[0]), (CREDIT, parts[1])]


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        (
            "The quay at dawnopen image in galleryThe quay at dawn (AP)",
            [
                (BOILERPLATE, "The quay at dawnopen image in gallery"),
                (CAPTION, "The quay at dawn "),
                (CREDIT, "(AP)"),
            ],
        ),
        (
            "The quay at dawn open image in gallery",
            [(CAPTION, "The quay at dawn "), (BOILERPLATE, "open image in gallery")],
        ),
        (
            "The quay at dawnDetailansicht öffnen(Foto: Lena Brandvik)",
            [
                (CAPTION, "The quay at dawn"),
                (BOILERPLATE, "Detailansicht öffnen"),
                (CREDIT, "(Foto: Lena Brandvik)"),
            ],
        ),
        (
            "Detailansicht öffnenThe quay at dawn.",
            [(BOILERPLATE, "Detailansicht öffnen"), (CAPTION, "The quay at dawn.")],
        ),
    ],
)
def test_of_two_copies_around_a_button_the_one_with_the_credit_is_the_caption(
    line: str, parts: list[tuple[BlockKind, str]]
) -> None:
    text = f"Gulls\n\nThe gulls are back on the quay.\n\n{line}"

    assert kinds_and_texts(text)[2:] == parts


def test_a_line_over_a_credit_is_its_caption() -> None:
    text = "Gulls\n\nThe gulls are back on the quay.\n\nThe quay at dawn\n\nLena Brandvik / Reuters"

    assert kinds_and_texts(text)[2:] == [
        (CAPTION, "The quay at dawn\n\n"),
        (CREDIT, "Lena Brandvik / Reuters"),
    ]


def test_an_agency_that_is_quoted_is_no_credit() -> None:
    text = (
        "Gulls\n\nThe gulls were counted twice, according to Reuters.\n\nNobody told the AP (yet)."
    )

    assert [kind for kind, _ in kinds_and_texts(text)] == [HEADLINE, PARAGRAPH, PARAGRAPH]


@pytest.mark.parametrize(
    "paragraph",
    [
        "周三港口气温降至零下十摄氏度，渡轮照常运行。",
        "市は岸壁での撮影を水曜日から認める。",
        "Wren said the council had seen the video: it showed the gulls.",
        "Der Rat stritt über ein Foto aus dem Hafen, das niemand gemacht haben wollte.",
    ],
)
def test_a_paragraph_that_speaks_of_pictures_is_none(paragraph: str) -> None:
    text = f"Gulls\n\n{paragraph}\n\n{paragraph}"

    assert [kind for kind, _ in kinds_and_texts(text)] == [HEADLINE, PARAGRAPH, PARAGRAPH]


def test_a_known_title_is_the_headline() -> None:
    menu = "Menu\nSearch\nSubscribe\n"
    text = (
        f"{menu}\nGulls\n\nThe estuary\n\n"
        "The water went as quietly as it had come, and left the quay to the gulls.\n\n"
        "Nobody was hurt, and the market opens on Thursday as it always has, the mayor said.\n"
    )

    assert (HEADLINE, "Gulls\n\n") in kinds_and_texts(text, title="Gulls")
    assert HEADLINE not in [kind for kind, _ in kinds_and_texts(text)]


def test_what_stands_between_paragraphs_is_furniture_by_its_words() -> None:
    paragraph = (
        "The water went as quietly as it had come, and left the quay to the gulls ({}). The mayor"
        " said that the market would open on Thursday as it always has, and that the fishermen"
        " would be there.\n\n"
    )
    text = "".join(
        [
            "Startseite\n\nAnmelden\n\n",
            paragraph.format(1),
            "Advertisement\n\n",
            paragraph.format(2),
            "Lesen Sie auch\n\n",
            paragraph.format(3),
        ]
    )

    assert [kind for kind, _ in kinds_and_texts(text)] == [
        BOILERPLATE,
        BOILERPLATE,
        PARAGRAPH,
        BOILERPLATE,
        PARAGRAPH,
        BOILERPLATE,
        PARAGRAPH,
    ]


HOSTILE = [
    "(",
    "A B/",
    "Foto: ",
    "12 May ",
    "mon, ",
    "1. ",
    "> ",
    "(AP) ",
    "x. X",
    "a\n",
    "Von ",
    "（",
    "(A / B",
    " ",
]


@pytest.mark.parametrize("part", HOSTILE)
def test_twice_the_text_is_about_twice_the_work(part: str) -> None:
    line = part * (60 // len(part)) + "\n"

    assert calls_of_dividing(line * 400) <= 2.2 * calls_of_dividing(line * 200)


@pytest.mark.parametrize("part", HOSTILE)
@pytest.mark.parametrize("line_length", [2_900, 500_000])
def test_long_hostile_lines_end(part: str, line_length: int) -> None:
    """A pattern that tries every way through a line would not come back from these."""
    text = (part * (line_length // len(part)) + "\n") * (500_000 // line_length)

    assert divide(text)[-1].end == len(text)


def calls_of_dividing(text: str) -> int:
    """How many functions are called to divide ``text``: a clock that no busy machine changes."""
    calls = 0

    def count(*_: object) -> None:
        nonlocal calls
        calls += 1

    sys.setprofile(count)
    try:
        divide(text)
    finally:
        sys.setprofile(None)
    return calls
