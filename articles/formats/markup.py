"""An article's own markup, as agencies and feeds send it: all of it is the article.

Unlike a web page there is nothing around it that would have to be told from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, document_fromstring

from articles.intake.web_pages import divide_paragraphs, is_tangled
from articles.text.blocks import BlockKind
from articles.text.canonical import canonicalise

_BREAK = "\u2028"
_LEFT_OUT = {"script", "style", "noscript", "template", "iframe", "svg", "head"}
_INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font"),
    *("i", "img", "ins", "kbd", "label", "mark", "nobr", "q", "ruby", "s", "samp", "small", "span"),
    *("strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr"),
}
_MARKS = {"li": "- ", "blockquote": "> "}


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The words between two empty lines; ``kind`` is known where the markup says it."""

    words: str
    kind: BlockKind | None = None


def paragraphs(markup: str) -> list[Paragraph]:
    """The paragraphs of some HTML; none if there are no words, or far too many tags.

    List items begin with ``- ``, block quotes with ``> ``.
    """
    if is_tangled(markup):
        return []
    try:
        root = document_fromstring(canonicalise(markup) or " ")
    except (etree.ParserError, ValueError):  # nothing but comments; a declared encoding
        return []
    return [one for one in _below(root, "", None) if one.words]


def plain(text: str) -> list[Paragraph]:
    """The paragraphs of a plain text; without empty lines in it, each of its lines is one."""
    text = canonicalise(text)
    parts = text.split("\n\n") if "\n\n" in text else text.split("\n")
    return [Paragraph(part.strip()) for part in parts if part.strip()]


def composed(title: str, standfirst: str, body: Sequence[Paragraph]) -> dict[str, Any]:
    """``text`` and ``blocks`` of a record: the headline, the standfirst, and then the body.

    What the body repeats of the two is not put before it.
    """
    title, standfirst = squeezed(title), squeezed(standfirst)
    written = [one.words for one in body]
    before = [
        Paragraph(words, kind)
        for words, kind in (
            (title, BlockKind.HEADLINE), (standfirst, BlockKind.STANDFIRST),
        )
        if words and words not in written[:2]
    ]  # fmt: skip
    everything = [*before, *body]
    kinds: Mapping[str, BlockKind] = {
        standfirst: BlockKind.STANDFIRST,
        **{one.words: one.kind for one in everything if one.kind},
        title: BlockKind.HEADLINE,
    }
    words = [one.words for one in everything]
    return {
        "text": "\n\n".join(words),
        "blocks": [
            {"kind": str(block.kind), "start": block.start, "end": block.end}
            for block in (divide_paragraphs(words, kinds, title) if words else [])
        ],
    }


def squeezed(words: str) -> str:
    """``words`` in canonical form, on one line."""
    return " ".join(canonicalise(words).split())


def _below(element: HtmlElement, mark: str, kind: BlockKind | None) -> Iterator[Paragraph]:
    """The paragraphs of an element, empty ones too."""
    mark = _MARKS.get(element.tag, mark)
    kind = BlockKind.CAPTION if element.tag == "figcaption" else kind
    if element.tag == "tr":
        cells = [squeezed("".join(cell.itertext())) for cell in element.iter("td", "th")]
        yield Paragraph(" | ".join(filter(None, cells)), kind)
        return
    words = element.text or ""
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _LEFT_OUT:  # a comment has no tag
            pass
        elif child.tag == "br":
            words += _BREAK
        elif child.tag in _INLINE:
            words += "".join(child.itertext())
        else:
            yield _paragraph(mark, words, kind)
            yield from _below(child, mark, kind)
            words = ""
        words += child.tail or ""
    yield _paragraph(mark, words, kind)


def _paragraph(mark: str, words: str, kind: BlockKind | None) -> Paragraph:
    """A paragraph with its mark; marked ones stay one line, because a block is found by lines."""
    lines = [line for line in map(squeezed, words.split(_BREAK)) if line]
    joined = (" " if mark else "\n").join(lines)
    return Paragraph(mark + joined if joined else "", kind)
