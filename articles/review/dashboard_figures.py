"""The whole dashboard: its tiles and its figures, from numbers."""

from datetime import timedelta

from articles.review import agreement_figures, work_figures
from articles.review.dashboard_numbers import Numbers
from articles.review.shown import Reader, Shown, Tile, many, true_minus, value_of


def tiles(numbers: Numbers) -> list[Tile]:
    """The numbers at the head of the page."""
    counts = numbers.progress[-1].counts if numbers.progress else (0,)
    pace, alpha = numbers.pace, numbers.of("alpha_unitizing").overall
    change, returned = "", "–"
    if pace.last_week:
        change = f"{true_minus(f'{pace.this_week / pace.last_week - 1:+.0%}')} on the week before"
    if pace.submitted:
        returned = f"{pace.returned / pace.submitted:.0%}"
    rests = alpha.reason if alpha.value is None else f"over {many(alpha.articles, 'article')}"
    minutes = _minutes(pace.median_minutes)
    return [
        Tile("Adjudicated", f"{counts[-1]:,}", f"of {many(sum(counts), 'article')}"),
        Tile("Handed in this week", f"{pace.this_week:,}", change),
        Tile("Unitizing α", value_of(alpha), rests),
        Tile("Time on an article", minutes, "median, from opening to handing in"),
        Tile("Returned", returned, f"of {many(pace.submitted, 'layer')} handed in"),
    ]


def figures(numbers: Numbers, reader: Reader) -> list[Shown]:
    """All figures, in the order of the page."""
    return [
        work_figures.progress(numbers),
        work_figures.throughput(numbers),
        agreement_figures.agreement(numbers, reader),
        agreement_figures.pairs(numbers, reader),
        agreement_figures.confusion(numbers, reader),
        work_figures.labels(numbers, reader),
        work_figures.reasons(numbers),
        work_figures.quotes(numbers),
    ]


def _minutes(minutes: float | None) -> str:
    if minutes is None:
        return "–"
    whole = timedelta(minutes=round(minutes))
    if whole < timedelta(minutes=100):
        return f"{minutes:.0f} min" if minutes >= 1 else "under 1 min"
    hours = whole.total_seconds() / 3600
    return f"{hours:.0f} h" if hours < 100 else f"{whole.days} days"
