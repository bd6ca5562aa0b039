"""The demo articles are divided as a reader would: they are what a newcomer sees first."""

import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from articles.text.blocks import BlockKind
from tests.text.test_blocks import kinds_and_texts

DEMO = Path(__file__).parents[2] / "articles" / "intake" / "demo"
FILES = {path.stem: path for path in sorted(DEMO.glob("*.toml"))}
SCRAPED = "12-storm-hollis"
CLEAN = [name for name in FILES if name != SCRAPED]

HEAD = [BlockKind.HEADLINE, BlockKind.STANDFIRST, BlockKind.BYLINE, BlockKind.DATELINE]
PICTURE = [BlockKind.CAPTION, BlockKind.CREDIT]
PARAGRAPH, BOILERPLATE = BlockKind.PARAGRAPH, BlockKind.BOILERPLATE


def read(name: str) -> dict[str, Any]:
    return tomllib.loads(FILES[name].read_text(encoding="utf-8"))


def divided(article: dict[str, Any]) -> list[tuple[BlockKind, str]]:
    """Each block's kind and text, alike whether the headline is known or not."""
    blocks = kinds_and_texts(article["text"])
    assert blocks == kinds_and_texts(article["text"], article["title"])
    return blocks


def pictures(article: dict[str, Any]) -> list[str]:
    """The captions with their credits, as they stand in the text."""
    return [
        (caption + credit).strip()
        for (kind, caption), (kind_below, credit) in pairwise(divided(article))
        if [kind, kind_below] == PICTURE
    ]


def test_there_are_twelve() -> None:
    assert len(FILES) == 12


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_one_has_a_head_two_pictures_and_paragraphs(name: str) -> None:
    article = read(name)
    lines = [line.strip() for line in article["text"].split("\n") if line.strip()]
    kinds = [kind for kind, _ in divided(article)]
    body = kinds[len(HEAD) :]

    assert kinds[: len(HEAD)] == HEAD
    assert set(body) == {PARAGRAPH, *PICTURE}
    assert body[0] == PARAGRAPH
    assert [body.count(kind) for kind in PICTURE] == [2, 2]
    assert len(kinds) == len(lines) + 2  # each line is a block, and a picture's line is two


@pytest.mark.parametrize("name", CLEAN)
def test_a_head_says_what_the_page_knows(name: str) -> None:
    article = read(name)
    headline, _, byline, dateline = [text.strip() for _, text in divided(article)[: len(HEAD)]]

    assert headline == article["title"]
    assert article["byline"] in byline
    assert str(article["published_at"].year) in dateline


@pytest.mark.parametrize("name", FILES)
def test_what_is_labelled_as_a_caption_stands_in_a_caption(name: str) -> None:
    article = read(name)
    annotations = [each for layer in article.get("layers", []) for each in layer["annotations"]]
    labelled = {each["words"] for each in annotations if each["label"] == "caption"}
    found = pictures(article)

    assert [words for words in labelled if not any(words in picture for picture in found)] == []


def test_the_scraped_one_has_a_head_three_pictures_and_no_furniture_in_between() -> None:
    article = read(SCRAPED)
    blocks = [(kind, text.strip()) for kind, text in divided(article)]
    inside = [block for block in blocks if block[0] != BOILERPLATE]
    kinds = [kind for kind, _ in inside]

    assert kinds[: len(HEAD)] == HEAD
    assert inside[0][1] == article["title"]
    assert article["byline"] == inside[2][1]
    assert set(kinds[len(HEAD) :]) == {PARAGRAPH, *PICTURE}
    assert len(pictures(article)) == 3
    assert (BOILERPLATE, "The Morning TideYour email address*SIGN ME UP") in blocks
