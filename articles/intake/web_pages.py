"""The article on a web page: its words without the markup, and what the page says about it.

Which part of a page is the article is trafilatura's word (A. Barbaresi, "Trafilatura", ACL 2021).
It leaves captions out, so they are made plain paragraphs before it reads the page.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any

from articles.text.blocks import Block, BlockKind, divide
from articles.text.canonical import canonicalise, decode
from articles.text.languages import is_language

#: What a title, a byline and a publisher may have, in code points.
LONGEST_TITLE, LONGEST_BYLINE, LONGEST_PUBLISHER, LONGEST_URL = 500, 300, 200, 2000
#: The headline stands among this many first paragraphs, below a kicker perhaps.
HEADLINE_WITHIN = 3

#: Tags of a page, and attributes of one tag: for more the parsers need minutes, not seconds.
MOST_TAGS, MOST_ATTRIBUTES = 60_000, 500
_CROWDED_TAG = re.compile(
    r"<[a-z][^\s/>]*+"
    r"(?:[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>]*+))?+)"
    f"{{{MOST_ATTRIBUTES + 1}}}",
    re.IGNORECASE,
)
_MARKS = {"item": "- ", "quote": "> "}
_PARAGRAPHS = {"p", "head", "list", "item", "quote", "table", "row", "cell", "code", "div"}
_BREAK = "\u2028"
_DATES = {
    "original_date": True,
    "extensive_search": False,  # a date that merely stands somewhere on the page is a guess
    "outputformat": "%Y-%m-%dT%H:%M:%S%z",
}
_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([a-z0-9_:.-]+)", re.IGNORECASE)
#: Where browsers look for a page's charset, in bytes. Source: HTML Standard, 13.2.3.2.
_CHARSET_WITHIN = 1024


@dataclass(frozen=True, slots=True)
class WebPage:
    """The article of a page; ``text`` has an empty line between its paragraphs.

    List items begin with ``- ``, block quotes with ``> ``; a caption is a paragraph. What the page
    does not say is empty, or None.
    """

    text: str
    blocks: list[Block]
    title: str
    byline: str
    publisher: str
    published_at: datetime | None
    language: str
    url: str | None


def decode_page(data: bytes, charset: str | None = None) -> str:
    """The HTML in the bytes of a page; ``charset`` is what its server declared, before itself.

    Raises:
        NotText, WrongEncoding: as ``decode`` does.
    """
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    return decode(data, charset or (declared[1].decode() if declared else None))


def is_tangled(page: str) -> bool:
    """Whether a page has so much markup that reading it would take too long."""
    return page.count("<") > MOST_TAGS or bool(_CROWDED_TAG.search(page))


def read_page(page: str) -> WebPage | None:
    """The article of a page in HTML; None if there is none."""
    # Imported here because it takes half a second, which only those who bring a page wait for.
    from trafilatura import extract_metadata, load_html

    tree = load_html(canonicalise(page))
    if tree is None:
        return None
    known = extract_metadata(tree, date_config=_DATES)
    title = _squeezed(known.title or "")
    standfirst = _on_page(tree, _squeezed(known.description or ""))
    headlines = {title} | {_squeezed(heading.text_content()) for heading in tree.iter("h1")}
    language = tree.get("lang") or ""
    captions = _free_captions(tree)
    body = _body(tree)
    if not body:
        return None
    headline = next((words for words in body[:HEADLINE_WITHIN] if words in headlines), "")
    if not headline and title:
        headline = title
        body.insert(0, headline)
    at = body.index(headline) + 1 if headline else 0
    if standfirst and not any(standfirst in words for words in body):
        body.insert(at, standfirst)
    if body[at : at + 1] == [standfirst]:
        at += 1
    body[at:at] = [words for words, leads in captions.items() if leads and words not in body]
    kinds = dict.fromkeys(captions, BlockKind.CAPTION)
    kinds |= {standfirst: BlockKind.STANDFIRST, headline: BlockKind.HEADLINE}
    return WebPage(
        text="\n\n".join(body),
        blocks=divide_paragraphs(body, kinds, headline),
        title=title[:LONGEST_TITLE],
        byline=_squeezed((known.author or "").replace("; ", ", "))[:LONGEST_BYLINE],
        publisher=_squeezed(known.sitename or "")[:LONGEST_PUBLISHER],
        published_at=_moment(known.date),
        language=language if is_language(language) else "",
        url=_address(known.url),
    )


def _body(tree: Any) -> list[str]:
    """The paragraphs of the article, if there is one.

    Where trafilatura finds less than 250 code points it hands on all words of the page, as one
    paragraph. Then what it found counts, if that is most of them: it is a page of few words.
    """
    from trafilatura.settings import use_config

    body = _extracted(tree)
    if len(body) == 1:
        config = use_config()
        config["DEFAULT"]["MIN_EXTRACTED_SIZE"] = "0"
        found = _extracted(tree, config=config)
        if 2 * sum(map(len, found)) > len(body[0]):
            return found
    return body


def _extracted(tree: Any, **how: Any) -> list[str]:
    from trafilatura import bare_extraction

    found: Any = bare_extraction(tree, include_comments=False, **how)
    return [words for words in _paragraphs(found.body) if words] if found else []


def _on_page(tree: Any, words: str) -> str:
    """``words``, if an element of the page's body shows just them: not every summary is shown."""
    shown = tree.xpath("//body//*[not(self::script)][normalize-space() = $words]", words=words)
    return words if shown else ""


def _free_captions(tree: Any) -> dict[str, bool]:
    """Put each caption in the place of its picture, as a plain paragraph.

    Returns the captions; true are those inside the article that the page's headline is of. A
    picture at its head often stands outside what trafilatura takes for the article.
    """
    main = next(iter(tree.xpath("//article[.//h1]")), None)
    captions: dict[str, bool] = {}
    for figure in tree.xpath("//figure[.//figcaption][not(.//table)]"):
        inside = main is not None and main in figure.iterancestors("article")
        parent = figure.getparent()
        for caption in figure.iter("figcaption"):
            words = _squeezed(caption.text_content())
            if words and words not in captions:
                captions[words] = inside
                paragraph = tree.makeelement("p")
                paragraph.text = words
                parent.insert(parent.index(figure), paragraph)
        figure.drop_tree()
    return captions


def _paragraphs(element: Any, mark: str = "") -> Iterator[str]:
    """The paragraphs below an element of trafilatura's tree, empty ones too."""
    mark = _MARKS.get(element.tag, mark)
    if element.tag == "row":
        yield " | ".join(filter(None, (_squeezed("".join(cell.itertext())) for cell in element)))
        return
    words = element.text or ""
    for child in element:
        if child.tag in _PARAGRAPHS:
            yield _marked(mark, words)
            yield from _paragraphs(child, mark)
            words = ""
        else:
            words += _BREAK if child.tag == "lb" else "".join(child.itertext())
        words += child.tail or ""
    yield _marked(mark, words)


def _marked(mark: str, words: str) -> str:
    """A paragraph with its mark; marked ones stay one line, because a block is found by lines."""
    lines = [line for line in map(_squeezed, words.split(_BREAK)) if line]
    joined = (" " if mark else "\n").join(lines)
    return joined and mark + joined


def _squeezed(words: str) -> str:
    """``words`` in canonical form with the white space of HTML as one space each."""
    return canonicalise(re.sub(r"[ \t\n\r\f]+", " ", words)).strip(" ")


def divide_paragraphs(
    body: list[str], kinds: Mapping[str, BlockKind], headline: str
) -> list[Block]:
    """The blocks of the paragraphs of ``body``, each in canonical form, an empty line between two.

    ``kinds`` are those that the page itself gives, by the words of the paragraph.
    """
    starts = list(accumulate((len(words) + 2 for words in body[:-1]), initial=0))
    division = []
    for block in divide("\n\n".join(body), title=headline or None):
        paragraph = body[bisect_right(starts, block.start) - 1]
        known = block.kind if block.kind is BlockKind.CREDIT else kinds.get(paragraph, block.kind)
        division.append(Block(known, block.start, block.end))
    return division


def _moment(date: str | None) -> datetime | None:
    """When the page says that it was published; without a time zone, in UTC."""
    if not date:
        return None
    moment = datetime.fromisoformat(date)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(url: str | None) -> str | None:
    fits = url and re.fullmatch(r"https?://[^\s<>\"]+", url) and len(url) <= LONGEST_URL
    return url if fits else None
