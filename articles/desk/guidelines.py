"""A project's guidelines: Markdown that people wrote, as HTML that is safe to show."""

import re
from collections.abc import Mapping

import nh3
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TAGS = {
    *_HEADINGS,
    *("p", "br", "hr", "ul", "ol", "li", "blockquote", "pre", "code"),
    *("em", "strong", "a", "table", "thead", "tbody", "tr", "th", "td"),
}


def headings_about(text: str, names: Mapping[str, str]) -> dict[int, str]:
    """By its line in ``text``, each heading that names a label, and that label's key.

    ``names`` are the labels' names by their keys. A name may stand in the plural, and anywhere in
    the heading; the first heading counts, and each heading for one label.
    """
    found: dict[int, str] = {}
    tokens = _MARKDOWN.parse(text)
    for at, token in enumerate(tokens):
        if token.type == "heading_open" and token.map:
            heading = tokens[at + 1].content
            left = [key for key in names if key not in found.values()]
            named = [key for key in left if _says(heading, names[key])]
            found |= {token.map[0]: named[0]} if named else {}
    return found


def _says(heading: str, name: str) -> bool:
    return bool(re.search(rf"\b{re.escape(name)}s?\b", heading, re.IGNORECASE))


def to_html(text: str, about: Mapping[int, str] | None = None) -> str:
    """``text`` as HTML without scripts, styles, images or foreign protocols.

    Headings are moved down one level, because the page around them has its ``h1`` already. Those
    that are ``about`` a label, as ``headings_about`` says, have the id ``guide-<key>`` and take
    the focus.
    """
    tokens = _MARKDOWN.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 1, 6)}"
        if token.type == "heading_open" and about and token.map and token.map[0] in about:
            token.attrs = {"id": f"guide-{about[token.map[0]]}", "tabindex": "-1"}
    html: str = _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={
            "a": {"href"},
            "ol": {"start"},
            **{heading: {"id", "tabindex"} for heading in _HEADINGS},
        },
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
