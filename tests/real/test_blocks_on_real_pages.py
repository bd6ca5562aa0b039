"""The division into blocks, on pages as scrapers left them.

The pages belong to their publishers, so nothing of them is written here: what should be found is
told by where it stands. Reads the folder ``shared`` beside the repository.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from articles.text.blocks import Block, BlockKind, divide
from benchmarks.blocks import Scores, read_pages, score

SHARED = Path(__file__).parents[3] / "shared"
SAMPLE = SHARED / "samples" / "scraped-article.txt"
CORPUS = SHARED / "corpora" / "scraped-pages.jsonl.gz"

BUTTON = "open image in gallery"


@pytest.fixture(scope="module")
def sample() -> str:
    return SAMPLE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def blocks(sample: str) -> list[Block]:
    return divide(sample)


@pytest.fixture(scope="module")
def scores() -> Scores:
    return score(read_pages(CORPUS))


def texts(sample: str, blocks: list[Block], kind: BlockKind) -> list[str]:
    return [sample[block.start : block.end].strip() for block in blocks if block.kind == kind]


def test_each_caption_of_the_sample_is_found_once_with_its_credit(
    sample: str, blocks: list[Block]
) -> None:
    glued = [line.split(BUTTON)[1] for line in sample.split("\n") if BUTTON in line]
    captions, agencies = zip(*(line.rsplit(" (", 1) for line in glued), strict=True)

    assert len(glued) == 5
    assert texts(sample, blocks, BlockKind.CAPTION) == list(captions)
    assert texts(sample, blocks, BlockKind.CREDIT) == ["(" + credit for credit in agencies]


def test_the_last_headline_and_standfirst_of_the_sample_are_the_article_s(
    sample: str, blocks: list[Block]
) -> None:
    copies = Counter(line for line in sample.split("\n") if len(line) > 60)
    headline, standfirst = (line for line, count in copies.items() if count > 1)

    for text, kind in [(headline, BlockKind.HEADLINE), (standfirst, BlockKind.STANDFIRST)]:
        found = [block for block in blocks if block.kind == kind]
        assert [(block.start, sample[block.start : block.end].strip()) for block in found] == [
            (sample.rindex(text), text)
        ]


def test_the_byline_of_the_sample_is_cut_from_its_date_and_the_player(
    sample: str, blocks: list[Block]
) -> None:
    glued = re.search(
        r"^(\w+ [A-Z]\w+?)([A-Z]\w+day \d+ \w+ \d{4} \d\d:\d\d GMT)(.+)$", sample, re.MULTILINE
    )
    assert glued

    assert texts(sample, blocks, BlockKind.BYLINE) == [glued[1]]
    assert texts(sample, blocks, BlockKind.DATELINE) == [glued[2]]
    assert glued[3] in texts(sample, blocks, BlockKind.BOILERPLATE)


def test_all_else_over_and_under_the_text_of_the_sample_is_boilerplate(
    sample: str, blocks: list[Block]
) -> None:
    paragraphs = [block for block in blocks if block.kind == BlockKind.PARAGRAPH]
    kinds_over = {block.kind for block in blocks if block.end <= paragraphs[0].start}
    under = [block for block in blocks if block.start >= paragraphs[-1].end]

    assert kinds_over == {
        BlockKind.BOILERPLATE,
        BlockKind.HEADLINE,
        BlockKind.STANDFIRST,
        BlockKind.BYLINE,
        BlockKind.DATELINE,
    }
    assert {block.kind for block in under} == {BlockKind.BOILERPLATE}
    assert sample[under[0].start :].startswith("More about\n")


def test_the_paragraphs_of_the_sample_are_its_lines_of_prose(
    sample: str, blocks: list[Block]
) -> None:
    start = sample.index("\n\n", sample.index("Privacy notice"))
    body = sample[start : sample.index("More about\n")]
    prose = [line for line in body.split("\n") if line and BUTTON not in line]

    assert texts(sample, blocks, BlockKind.PARAGRAPH) == prose


@pytest.mark.parametrize(
    ("kind", "by_line", "by_character"),
    [
        ("body", 0.87, 0.92),
        ("caption", 0.70, 0.69),
        ("headline", 0.49, 0.49),
        ("byline", 0.40, 0.33),
        ("credit", 0.45, 0.52),
    ],
)
def test_pages_of_many_publishers_are_divided_at_least_this_well(
    scores: Scores, kind: str, by_line: float, by_character: float
) -> None:
    assert scores.lines[kind].f1 >= by_line
    assert scores.chars[kind].f1 >= by_character


def test_the_blocks_cover_every_page_exactly() -> None:
    for page in read_pages(CORPUS):
        text = page["text"]
        assert "".join(text[block.start : block.end] for block in divide(text)) == text
