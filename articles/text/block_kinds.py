"""What a block is."""

from dataclasses import dataclass
from enum import StrEnum


class BlockKind(StrEnum):
    """What a part of an article's text is for."""

    HEADLINE = "headline"
    STANDFIRST = "standfirst"
    BYLINE = "byline"
    DATELINE = "dateline"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    BLOCK_QUOTE = "block_quote"
    CAPTION = "caption"
    CREDIT = "credit"
    BOILERPLATE = "boilerplate"


@dataclass(frozen=True, slots=True)
class Block:
    """A part of one kind: the half-open range ``[start, end)`` of a text, in code points."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Where a part of some kind begins; it ends where the next one begins."""

    start: int
    kind: BlockKind
