"""Charts as plain shapes: where every bar, cell and word of a figure lies, in CSS pixels.

Templates draw the shapes and style sheets colour them; nothing here knows what is shown. A chart
has the size that it is read at: its words are ``TEXT`` pixels high and must not be scaled down.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, count, pairwise
from math import ceil

#: The width of most charts, and the height of their words.
WIDTH, TEXT = 560.0, 13.0
#: Shades of a heat map, from none to all.
SHADES = 6
#: The most code points of a name beside a bar, and above or beside a cell.
LONGEST_NAME, LONGEST_HEAD = 22, 11
#: About how wide a letter is.
_LETTER = 7.5
_BAR, _GAP = 22.0, 12.0
_CELL_WIDTH, _CELL_HEIGHT = 84.0, 50.0


@dataclass(frozen=True, slots=True)
class Rect:
    """A filled rectangle. ``tone`` is its class; ``label`` fills it with that label's pattern."""

    x: float
    y: float
    width: float
    height: float
    tone: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; ``tone`` is its class."""

    x1: float
    y1: float
    x2: float
    y2: float
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """Words on a base line at ``y``; ``anchor`` says what of them lies at ``x``."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Shapes in the order they are drawn in: the grid, rectangles, lines, words."""

    width: float
    height: float
    rects: tuple[Rect, ...]
    lines: tuple[Line, ...]
    texts: tuple[Text, ...]
    grid: tuple[Line, ...] = ()

    @property
    def labels(self) -> list[str]:
        """The labels whose patterns it needs."""
        return list(dict.fromkeys(rect.label for rect in self.rects if rect.label))


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how long, and what is printed after it. ``low`` and ``high`` are an interval."""

    name: str
    value: float
    words: str
    label: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a time series, its parts from below to above."""

    name: str
    parts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a heat map: its shade by ``share`` (0 to 1), a number and what is below it.

    ``is_few`` hatches it; ``None`` in its place leaves the cell empty.
    """

    share: float
    words: str
    below: str = ""
    is_few: bool = False


def bars(rows: Sequence[Bar], *, most: float | None = None) -> Chart:
    """Bars from left to right, one below the other; ``most`` is as long as a bar can get."""
    most = most or max((row.value for row in rows), default=0) or 1
    left = 8 + _LETTER * max((len(shortened(row.name, LONGEST_NAME)) for row in rows), default=0)
    right = 16 + _LETTER * max((len(row.words) for row in rows), default=0)
    room = WIDTH - left - right

    def long(value: float) -> float:
        return _rounded(room * min(max(value / most, 0), 1))

    rects, lines, texts = [], [], []
    for number, row in enumerate(rows):
        top = number * (_BAR + _GAP)
        base = top + _BAR / 2 + TEXT / 3
        texts.append(Text(left - 8, _rounded(base), shortened(row.name, LONGEST_NAME), "end"))
        rects.append(Rect(left, top, long(row.value), _BAR, "bar", row.label))
        end = long(row.value if row.high is None else row.high)
        if row.low is not None and row.high is not None:
            lines += _whisker(left + long(row.low), left + end, top + _BAR / 2)
        texts.append(Text(_rounded(left + end + 8), _rounded(base), row.words, tone="number"))
    height = max(len(rows) * (_BAR + _GAP) - _GAP, 0)
    lines.append(Line(left, 0, left, height, "axis"))
    return Chart(WIDTH, height, tuple(rects), tuple(lines), tuple(texts))


def columns(
    series: Sequence[Column], tones: Sequence[str], *, names: Sequence[str] = ()
) -> Chart:  # fmt: skip
    """Columns over time, each stacked of parts in ``tones``; ``names`` explain them above."""
    top, height = (34.0 if names else 14.0), 150.0
    steps = ticks(max((sum(column.parts) for column in series), default=0))
    left = 10 + _LETTER * len(f"{steps[-1]:,}")
    step = (WIDTH - left) / max(len(series), 1)
    wide = _rounded(min(max(step * 0.72, 1), 44))
    rects, texts = _legend(names, tones)
    grid = []

    def up(value: float) -> float:
        return _rounded(top + height * (1 - value / steps[-1]))

    for tick in steps:
        grid.append(Line(left, up(tick), WIDTH, up(tick), "axis" if tick == 0 else "grid"))
        texts.append(Text(left - 6, _rounded(up(tick) + TEXT / 3), f"{tick:,}", "end", "muted"))
    longest = max((len(column.name) for column in series), default=0)
    every = max(1, -(-int(_LETTER * longest + 10) // max(int(step), 1)))
    for number, column in enumerate(series):
        x = _rounded(left + number * step + (step - wide) / 2)
        edges = list(accumulate(column.parts, initial=0.0))
        rects += [
            Rect(x, up(above), wide, _rounded(up(below) - up(above)), tone)
            for (below, above), tone in zip(pairwise(edges), tones, strict=True)
            if above > below
        ]
        if (len(series) - 1 - number) % every == 0:
            at = min(x + wide / 2, WIDTH - _LETTER * len(column.name) / 2)
            at = max(at, left + _LETTER * len(column.name) / 2 - 4)
            texts.append(Text(_rounded(at), top + height + 18, column.name, "middle", "muted"))
    return Chart(WIDTH, top + height + 24, tuple(rects), (), tuple(texts), tuple(grid))


def heat_map(
    rows: Sequence[str], heads: Sequence[str], cells: Sequence[Sequence[Cell | None]]
) -> Chart:
    """Cells in rows below ``heads``; the number is printed in each."""
    left = 10 + _LETTER * max((len(shortened(name, LONGEST_HEAD)) for name in rows), default=0)
    top = 24.0
    rects, texts = [], []
    for number, name in enumerate(heads):
        middle = left + (number + 0.5) * _CELL_WIDTH
        texts.append(Text(middle, top - 8, shortened(name, LONGEST_HEAD), "middle"))
    for place, (name, of_row) in enumerate(zip(rows, cells, strict=True)):
        y = top + place * _CELL_HEIGHT
        base = y + _CELL_HEIGHT / 2 + TEXT / 3
        texts.append(Text(left - 10, _rounded(base), shortened(name, LONGEST_HEAD), "end"))
        for number, cell in enumerate(of_row):
            if cell is None:
                continue
            x = left + number * _CELL_WIDTH
            middle = x + _CELL_WIDTH / 2
            tone = "few" if cell.is_few else f"heat-{shade(cell.share)}"
            ink = "" if cell.is_few else f"on-{tone}"
            rects.append(Rect(x + 1, y + 1, _CELL_WIDTH - 2, _CELL_HEIGHT - 2, tone))
            lift = 9 if cell.below else 0
            texts.append(Text(middle, _rounded(base - lift), cell.words, "middle", f"{ink} strong"))
            if cell.below:
                texts.append(Text(middle, _rounded(base + 10), cell.below, "middle", ink))
    width = left + len(heads) * _CELL_WIDTH
    height = top + len(rows) * _CELL_HEIGHT
    return Chart(_rounded(width), height, tuple(rects), (), tuple(texts))


def ticks(most: float) -> list[int]:
    """Round numbers from 0 up to at least ``most``, at most six of them, evenly apart."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in steps if step * 5 >= most)
    return list(range(0, step * max(ceil(most / step), 1) + 1, step))


def shade(share: float) -> int:
    """Which of ``SHADES`` a share from 0 to 1 has; beyond them the first and the last."""
    return min(max(int(share * SHADES), 0), SHADES - 1)


def shortened(name: str, length: int) -> str:
    """``name`` in at most ``length`` code points."""
    return name if len(name) <= length else f"{name[: length - 1].rstrip()}…"


def _legend(names: Sequence[str], tones: Sequence[str]) -> tuple[list[Rect], list[Text]]:
    """What the tones mean, in a row at the top."""
    rects, texts, x = [], [], 1.0
    for name, tone in zip(names, tones, strict=False):
        rects.append(Rect(x, 1, 12, 12, tone))
        texts.append(Text(x + 17, 12, name))
        x += 17 + _LETTER * len(name) + 14
    return rects, texts


def _whisker(low: float, high: float, y: float) -> list[Line]:
    return [
        Line(low, y, high, y, "whisker"),
        Line(low, y - 5, low, y + 5, "whisker"),
        Line(high, y - 5, high, y + 5, "whisker"),
    ]


def _rounded(value: float) -> float:
    return round(value, 2)
