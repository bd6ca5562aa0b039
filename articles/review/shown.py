"""What a figure of the dashboard is when it is shown: words, a chart, and a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from articles.review.agreement import Figure
from articles.review.dashboard_numbers import FEW
from articles.review.figures import Chart

type Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A cell of a table; ``query`` leads to the disagreements behind it."""

    value: Value
    query: str = ""

    @property
    def words(self) -> str:
        """The value as it is read."""
        if self.value is None:
            return "–"
        if isinstance(self.value, float):
            return decimal(self.value)
        return f"{self.value:,}" if isinstance(self.value, int) else self.value

    @property
    def is_number(self) -> bool:
        return not isinstance(self.value, str)


@dataclass(frozen=True, slots=True)
class Shown:
    """One figure: its key in addresses, title, finding, chart, and the table of the same numbers.

    ``notes`` say what its measures are. ``opens`` says whether its reader may look at the
    disagreements behind it.
    """

    key: str
    title: str
    finding: str
    chart: Chart | None
    heads: tuple[str, ...]
    rows: tuple[tuple[Entry, ...], ...]
    notes: tuple[tuple[str, str], ...] = ()
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Tile:
    """One number at the head of the page, and what it is."""

    name: str
    value: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Reader:
    """How the figures are shown to whom: names of people and labels by their keys.

    ``alone`` is the one person whose own column somebody may see, besides the team's mean.
    ``opens`` says whether they may look at the disagreements. ``label`` is what they asked for.
    """

    people: Mapping[str, str]
    labels: Mapping[str, str]
    alone: str | None = None
    opens: bool = False
    label: str = ""

    def person(self, name: str) -> str:
        """What the annotator of a layer is called."""
        return "You" if name == self.alone else self.people.get(name, name)

    def label_name(self, key: str | None) -> str:
        """What a label is called, or the absence of one."""
        return "Not marked" if key is None else self.labels.get(key, key)

    def query(self, **asked: str) -> str:
        """Where the disagreements of ``asked`` are, for who may look at them."""
        if not self.opens:
            return ""
        return urlencode({name: value for name, value in asked.items() if value})


def decimal(value: float) -> str:
    """Two places, with a true minus."""
    return true_minus(f"{value:.2f}").replace("−0.00", "0.00")


def many(number: int, noun: str) -> str:
    """A number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def value_of(figure: Figure) -> str:
    """The value as it is read."""
    return "–" if figure.value is None else decimal(figure.value)


def interval(figure: Figure) -> str:
    """The interval in brackets, if there is one."""
    if figure.low is None or figure.high is None:
        return ""
    return f" ({decimal(figure.low)} to {decimal(figure.high)})"


def remark(figure: Figure) -> str:
    """What has to be said about the value."""
    if figure.value is not None and figure.n < FEW:
        return "too few to rely on"
    return figure.reason


def day_of(day: date) -> str:
    """A day as charts have room for it."""
    return f"{day.day} {day:%b}"


def true_minus(number: str) -> str:
    """A number with the sign that it has in print."""
    return number.replace("-", "−")
