"""From blocks, annotations and links to what a page shows: marks in the text, notes beside it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from articles.text.segments import Covering, divide

#: What a block's kicker says; the others have none.
KICKERS = {
    "standfirst": "Standfirst",
    "byline": "Byline",
    "dateline": "Dateline",
    "block_quote": "Block quote",
    "caption": "Image caption",
    "credit": "Credit",
    "boilerplate": "Boilerplate",
}
#: Code points of a quote in the margin, and of a span that are read to name it anywhere.
NOTE_LENGTH, NAME_LENGTH = 90, 120

type Read = Callable[[int, int], str]


@dataclass(frozen=True, slots=True)
class Part:
    """A block of the revision: ``[since, until)``, of which the page shows ``[start, end)``.

    The white space ``after`` it is not on the page.
    """

    id: str
    position: int
    kind: str
    since: int
    until: int
    start: int
    end: int
    version: int
    after: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """An annotation as painting sees it: a span with its label's key and name."""

    id: str
    label: str
    label_name: str
    start: int
    end: int
    version: int
    unsure: bool = False
    noted: bool = False
    comments: int = 0


@dataclass(frozen=True, slots=True)
class Link:
    """A relation as painting sees it; ``target`` is ``None`` when the text does not name it."""

    id: str
    number: int
    source: str
    target: str | None
    source_name: str
    target_words: str
    version: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a block's text; ``over`` is empty for text under no annotation.

    ``opens`` and ``closes`` are the letters of the annotations that begin and end at its edges.
    """

    text: str
    over: tuple[str, ...] = ()
    lanes: tuple[str | None, ...] = ()
    opens: str = ""
    closes: str = ""
    chip: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation in the margin; ``say`` is what a screen reader is told of it."""

    id: str
    label: str
    label_name: str
    start: int
    end: int
    version: int
    quote: str
    links_out: tuple[str, ...]
    links_in: str
    linked: tuple[str, ...]
    comments: int
    unsure: bool
    noted: bool
    say: str


@dataclass(frozen=True, slots=True)
class Painted:
    """A block as the page shows it."""

    part: Part
    marks: tuple[Mark, ...]
    notes: tuple[Note, ...]

    @property
    def kicker(self) -> str:
        return KICKERS.get(self.part.kind, "")

    @property
    def folded(self) -> bool:
        return self.part.kind == "boilerplate"


@dataclass(slots=True)
class _Links:
    out: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))
    into: dict[str, list[Link]] = field(default_factory=lambda: defaultdict(list))


def paint(
    parts: Iterable[Part], labelled: Sequence[Labelled], links: Iterable[Link], read: Read
) -> list[Painted]:
    """Paint ``parts``; ``labelled`` holds whatever touches them, ``links`` whatever ends there.

    ``read(start, end)`` gives the text's words in ``[start, end)``: what a part shows, and what
    ``named`` asks for.
    """
    by_id = {one.id: one for one in labelled}
    joined = _Links()
    for link in links:
        joined.out[link.source].append(link)
        if link.target:
            joined.into[link.target].append(link)
    ordered = sorted(labelled, key=lambda one: (one.start, -one.end, one.id))
    painted = []
    first = 0
    running: list[Labelled] = []
    for part in parts:
        while first < len(ordered) and ordered[first].start < part.until:
            running.append(ordered[first])
            first += 1
        running = [one for one in running if one.end > part.since]
        notes = tuple(_note(one, joined, read) for one in running if one.start >= part.since)
        painted.append(Painted(part, _marks(part, running, by_id, joined, read), notes))
    return painted


def _marks(
    part: Part,
    over: Sequence[Labelled],
    by_id: Mapping[str, Labelled],
    joined: _Links,
    read: Read,
) -> tuple[Mark, ...]:
    coverings = [Covering(one.id, one.start, one.end) for one in over]
    marks = []
    for segment in divide(part.start, part.end, coverings):
        text = read(segment.start, segment.end)
        if not segment.over:
            marks.append(Mark(text))
            continue
        chips = [_chip(by_id[key], joined) for key in segment.opens]
        if chips and segment.hidden:
            chips.append(f"+{segment.hidden}")
        marks.append(
            Mark(
                text=text,
                over=segment.over,
                lanes=tuple(by_id[key].label if key else None for key in segment.lanes),
                opens=_letters(segment.opens, by_id),
                closes=_letters(segment.closes, by_id),
                chip=" ".join(chips),
                unsure=any(by_id[key].unsure for key in segment.over),
            )
        )
    return tuple(marks)


def _letters(keys: Iterable[str], by_id: Mapping[str, Labelled]) -> str:
    return " ".join(by_id[key].label_name[:1].upper() for key in keys)


def _chip(one: Labelled, joined: _Links) -> str:
    """The letter above an opening, with the numbers of its links: ``Q →3`` and ``S 3←``."""
    out = sorted({link.number for link in joined.out[one.id]})
    into = sorted({link.number for link in joined.into[one.id]})
    chip = one.label_name[:1].upper() + ("?" if one.unsure else "")
    if into:
        chip += f" {','.join(map(str, into))}←"
    if out:
        chip += f" →{','.join(map(str, out))}"
    return chip


def _note(one: Labelled, joined: _Links, read: Read) -> Note:
    start, end = named(one.start, one.end)
    quote = shortened(read(start, end), goes_on=end < one.end)
    out = tuple(shortened(link.target_words, 40) for link in joined.out[one.id])
    into = _counted(link.source_name for link in joined.into[one.id])
    said = [one.label_name, quote]
    said += [f"linked to {name}" for name in out]
    if into:
        said.append(f"source of {into}")
    if one.unsure:
        said.append("unsure")
    if one.comments:
        said.append(f"{one.comments} comment{'s' if one.comments > 1 else ''}")
    return Note(
        id=one.id,
        label=one.label,
        label_name=one.label_name,
        start=one.start,
        end=one.end,
        version=one.version,
        quote=quote,
        links_out=out,
        links_in=into,
        linked=tuple(
            [link.target for link in joined.out[one.id] if link.target]
            + [link.source for link in joined.into[one.id]]
        ),
        comments=one.comments,
        unsure=one.unsure,
        noted=one.noted,
        say=", ".join(said),
    )


def _counted(names: Iterable[str]) -> str:
    """``1 quote, 2 claims``."""
    counts: dict[str, int] = defaultdict(int)
    for name in names:
        counts[name.lower()] += 1
    return ", ".join(f"{n} {name}{'s' if n > 1 else ''}" for name, n in counts.items())


def named(start: int, end: int) -> tuple[int, int]:
    """As much of a span as is read to name it."""
    return start, min(end, start + NAME_LENGTH)


def shortened(words: str, length: int = NOTE_LENGTH, *, goes_on: bool = False) -> str:
    """``words`` on one line, cut at a word's end with an ellipsis when longer than ``length``.

    ``goes_on`` says that there is more than ``words``, so that an ellipsis is due at any length.
    """
    line = " ".join(words.split())
    if len(line) <= length and not goes_on:
        return line
    cut = line[: length - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[length // 2 :] else cut).rstrip(" ,;:") + "…"
