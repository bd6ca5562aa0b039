"""A page as lines, and what each line looks like by itself.

Nothing here knows what stands around a line; :mod:`articles.text.blocks` does.
"""

import re
from collections import Counter
from dataclasses import dataclass

from articles.text import block_names as names
from articles.text import block_words as words
from articles.text.block_phrases import Openings

_WIDE = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
_WIDE_INK = 2
"""A Han or Hangul character says about as much as this many Latin letters."""

_CLOSERS = "\"'”’»›“)]」』】*_ \t"
_SENTENCE_ENDS = frozenset(".!?…。！？।۔؟።։")
INNER_SENTENCE_END = re.compile(r"[.!?…؟।][\"'”’»)]* +[\"'“„«‘(¿¡]*[^\W\d_a-z]|[。！？]")
_GLUE = re.compile(r"[a-zß-öø-ÿ.!?)][A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]")
_LIST_MARK = re.compile(r"(?:[-*•‣▪●◦·]|\(?\d{1,3}[.)]|\(?[a-z]\))[ \t\u00a0]+\S")
_QUOTE_MARK = re.compile(r">[ >]*\S")

_MONTH = "(?:" + "|".join(sorted(names.MONTHS, key=len, reverse=True)) + r")\.?"
_WEEKDAY = "(?:" + "|".join(sorted(names.WEEKDAYS, key=len, reverse=True)) + r")\.?"
_DAY = (
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)"
    r"|(?<!\d)\d{1,2}[./-] ?\d{1,2}[./-] ?(?:20|19)?\d{2}(?!\d)"
    r"|\d{4}[年년] ?\d{1,2}[月월] ?\d{1,2}[日일]"
    rf"|(?<!\d)\d{{1,2}}\.?(?:st|nd|rd|th|º|er)?(?: de)? {_MONTH},?(?: de)? \d{{4}}(?!\d)"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d)"
)
_CLOCK = r"\d{1,2}[:.h]\d{2}(?::\d{2})?(?: ?(?:a\.?m\.?|p\.?m\.?|uhr|h)\b)?"
_ZONE = r"(?:gmt|utc|bst|cet|cest|mez|mesz|est|edt|et|pst|pdt|msk|ist|jst|kst|sast)(?:[+-]\d{1,2})?"
_DATE = re.compile(
    rf"(?:{_WEEKDAY},? ?(?:(?:den|le|el|the) )?)?(?:{_CLOCK},? ?(?:{_WEEKDAY},? ?)?)?(?:{_DAY})"
    rf"(?:[,|•·–-]? ?(?:at |um |à |a las |kl\.? |- |\| )?{_CLOCK}(?: ?{_ZONE})?)?",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b\d+ ?(?:min|minutes?|hours?|hrs?|days?|weeks?|months?|h|d)\.? (?:ago|read)\b"
    r"|\b(?:vor|hace|il y a|för|for|há|před|через) \d+ ?\w+"
    r"|\b\d+ (?:saat|dakika|gün) önce|\b\d+ (?:jam|menit|hari) lalu|\b\d+ (?:timer|min|tim) siden"
    r"|\d+ ?(?:分前|時間前|日前|분 전|시간 전|小时前)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Look:
    """What a printed line looks like, wherever it stands.

    ``key`` is what stays the same when a page repeats the line, ``ink`` its length in Latin
    letters' worth. ``furniture`` says that its words belong to the page and not to the article,
    ``rule`` that it has no words at all, as "***", ``ending`` that they head what follows an
    article, ``stamp`` that it is little more than a date, ``sentence`` that it ends like one,
    ``prose`` that it reads like a paragraph.
    """

    key: str
    ink: int
    furniture: bool
    rule: bool
    ending: bool
    stamp: bool
    sentence: bool
    prose: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of a page: what stands between white space and a line's end."""

    start: int
    text: str
    look: Look
    copies: int
    after_blank: bool

    @property
    def prose(self) -> bool:
        """Whether it reads like a paragraph and is no repetition."""
        return self.look.prose and self.copies == 1

    def seams(self) -> int:
        """How many words are glued to the one before, as tags and menus are: "WorldUSPolitics"."""
        return len(_GLUE.findall(self.text))

    def is_list_item(self) -> bool:
        return bool(_LIST_MARK.match(self.text))

    def is_quoted(self) -> bool:
        return bool(_QUOTE_MARK.match(self.text))


def lines_of(text: str) -> list[Line]:
    """The lines of ``text`` that print something."""
    raw = text.split("\n")
    copies = Counter(map(key_of, raw))
    looks: dict[str, Look] = {}  # a page repeats its lines; a hostile one repeats nothing else
    lines = []
    start, after_blank = 0, True
    for line in raw:
        if printed := line.strip():
            look = looks.get(printed) or looks.setdefault(printed, look_at(printed))
            at = start + line.index(printed)
            lines.append(Line(at, printed, look, copies[look.key], after_blank))
        after_blank = not printed
        start += len(line) + 1
    return lines


def key_of(text: str) -> str:
    """What stays the same when a page repeats ``text``."""
    return text.strip(" \t\u00a0:.…›»|•-–>").casefold()


LONGEST_FURNITURE = 250
"""Longer lines are not called furniture for the words they have: an article may quote them."""

LONGEST_ENDING = 45
LONGEST_STAMP = 60
SHORTEST_PROSE = 60

_FURNITURE = Openings(words.LINE_BEGINS)
_ENDING = Openings(words.ENDINGS)


def look_at(printed: str) -> Look:
    """What a line looks like that has no white space around it."""
    key = key_of(printed)
    ink = len(printed) + (_WIDE_INK - 1) * len(_WIDE.findall(printed))
    rule = not any(map(str.isalpha, key))
    furniture = rule or _is_furniture(printed, key)
    sentence = printed.rstrip(_CLOSERS)[-1:] in _SENTENCE_ENDS
    return Look(
        key=key,
        ink=ink,
        furniture=furniture,
        rule=rule,
        ending=len(printed) <= LONGEST_ENDING and _is_ending(printed, key),
        stamp=len(printed) <= LONGEST_STAMP and not furniture and _is_stamp(printed),
        sentence=sentence,
        prose=ink >= SHORTEST_PROSE
        and not furniture
        and (sentence or bool(INNER_SENTENCE_END.search(printed))),
    )


def _is_furniture(printed: str, key: str) -> bool:
    if key in words.WHOLE_LINES:
        return True
    if len(printed) > LONGEST_FURNITURE:
        return False
    return bool(_FURNITURE.opening(printed) or any(part in key for part in words.INSIDE_LINES))


def _is_ending(printed: str, key: str) -> bool:
    return key in words.ENDINGS or bool(_ENDING.opening(printed.lstrip("0123456789 (")))


def _is_stamp(printed: str) -> bool:
    return find_date(printed) is not None or bool(_AGO.search(printed))


def find_date(text: str) -> tuple[int, int] | None:
    """Where ``text`` gives a day, with its weekday and hour if they stand there."""
    if not _DIGIT.search(text):
        return None
    match = _DATE.search(text)
    return match.span() if match else None
