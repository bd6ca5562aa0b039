"""What the dashboard tells, as numbers: measured from the work, kept as JSON, made into figures."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from math import fsum

from articles.review.agreement import Figure

#: The statuses that an article goes through, in order; what the desk keeps back is in none.
STATUSES = ("ready", "annotating", "awaiting_review", "in_review", "adjudicated")
#: A figure that rests on less than this says so instead of showing off a number.
FEW = 10


@dataclass(frozen=True, slots=True)
class Standing:
    """How many articles stood at each of ``STATUSES`` when the week from ``start`` was over."""

    start: date
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that was counted for a day, a week, a label or a reason; ``part`` of it is noted.

    ``name`` is an ISO date or a key.
    """

    name: str
    number: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """How work goes: layers handed in during the last seven days and the seven before them, the
    median of minutes from opening an article to handing it in, and how many came back."""

    this_week: int = 0
    last_week: int = 0
    median_minutes: float | None = None
    submitted: int = 0
    returned: int = 0


@dataclass(frozen=True, slots=True)
class OfLabel:
    """A figure of one label or relation type or, with ``attribute``, of one of its attributes."""

    label: str
    figure: Figure
    attribute: str = ""


@dataclass(frozen=True, slots=True)
class OfPair:
    """A figure of two annotators, by the names of their layers, which are in order."""

    one: str
    other: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Agreement:
    """One measure: of everything, and of each label and each two annotators where it has that."""

    metric: str
    overall: Figure
    labels: tuple[OfLabel, ...] = ()
    pairs: tuple[OfPair, ...] = ()


@dataclass(frozen=True, slots=True)
class Across:
    """How often ``label`` stood across from ``other``, or, with ``None``, from nothing."""

    label: str
    other: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """All that the dashboard tells."""

    progress: tuple[Standing, ...]
    throughput: tuple[Counted, ...]
    pace: Pace
    agreement: tuple[Agreement, ...]
    confusion: tuple[Across, ...]
    labels: tuple[Counted, ...]
    reasons: tuple[Counted, ...]
    quotes: tuple[Counted, ...]

    def of(self, metric: str) -> Agreement:
        """The agreement by ``metric``, one of ``METRICS``."""
        return next(one for one in self.agreement if one.metric == metric)


@dataclass(frozen=True, slots=True)
class Metric:
    """A measure of agreement: its name on screens, and what it says and does not."""

    key: str
    name: str
    meaning: str


METRICS = (
    Metric(
        "f1_exact",
        "Span F1, exact",
        "Of the annotations of two people, how many both made: same label, same first and last "
        "character. What only one of them marked always counts against them. The interval is a "
        "bootstrap over articles: with other articles of this kind, 95 in 100 would lie in it.",
    ),
    Metric(
        "f1_overlap",
        "Span F1, overlap",
        "The same, but two annotations are one if they share at least half (0.5) of the "
        "characters that they cover together, one to one.",
    ),
    Metric(
        "alpha_unitizing",
        "Unitizing α",
        "Krippendorff's alpha for spans (2016): 1 − observed / expected disagreement, over every "
        "character of the text. 1 is perfect, 0 is what chance gives, less is worse than chance. "
        "Of a label: that label against everything else.",
    ),
    Metric(
        "gamma",
        "Gamma",
        "Forgives a shifted edge in proportion, by the best alignment of the annotations of each "
        "two people (Mathet et al. 2015; the mean over pairs). 1 is perfect, 0 is chance.",
    ),
    Metric(
        "relation_f1",
        "Link F1",
        "Of the links of two people, how many both made, between the same annotations. A link "
        "whose end the other did not mark is a disagreement. Sources outside the text are left "
        "out.",
    ),
    Metric(
        "attribute_alpha",
        "Attribute α",
        "Nominal alpha of what was answered about annotations that two people share; each label's "
        "questions stand apart. It says nothing of annotations that only one of them made.",
    ),
    Metric(
        "kappa_tokens",
        "Word κ",
        "Cohen's kappa over words. Secondary: it knows nothing of edges, and hangs on how much "
        "of the text is marked.",
    ),
)


def pooled(pairs: Iterable[OfPair]) -> Figure | None:
    """One F1 of several pairs together; ``None`` if they have none.

    F1 is 2·common / all, so pairs are weighed by what was compared in them.
    """
    defined = [one.figure for one in pairs if one.figure.value is not None]
    n = sum(figure.n for figure in defined)
    if not n:
        return None
    both = fsum(figure.value * figure.n for figure in defined if figure.value is not None)
    return Figure(both / n, articles=sum(figure.articles for figure in defined), n=n)
