"""The figures of agreement: all measures, each two annotators, label across from label."""

from collections.abc import Mapping, Sequence

from articles.review.agreement import TOO_FEW, Figure
from articles.review.dashboard_numbers import FEW, METRICS, Numbers, OfPair, pooled
from articles.review.figures import Bar, Cell, Chart, bars, heat_map
from articles.review.shown import Entry, Reader, Shown, decimal, interval, many, remark, value_of

#: The most people in the heat map, those who share the most work; all are in its table.
MOST_PEOPLE = 12
_MEANING = {metric.key: (metric.name, metric.meaning) for metric in METRICS}


def agreement(numbers: Numbers, reader: Reader) -> Shown:
    """Every measure of all the work."""
    exact = numbers.of("f1_exact").overall
    finding = f"{exact.reason}."
    if exact.value is not None:
        finding = (
            f"Of what two people marked, {exact.value:.0%} both marked, to the character: "
            f"exact F1 {decimal(exact.value)}{interval(exact)}."
        )
    shown = [(metric, numbers.of(metric.key).overall) for metric in METRICS]
    drawn = [
        Bar(metric.name, figure.value, f"{decimal(figure.value)}{interval(figure)}",
            low=figure.low, high=figure.high)
        for metric, figure in shown
        if figure.value is not None
    ]  # fmt: skip
    rows = [
        _figure_row((metric.name,), figure)
        for metric, figure in shown
        if metric.key != "attribute_alpha"
    ]
    rows += [
        _figure_row((f"Attribute α, {reader.label_name(one.label)}: {one.attribute}",), one.figure)
        for one in numbers.of("attribute_alpha").labels
    ]
    return Shown(
        "agreement",
        "How alike annotators are",
        finding,
        bars(drawn, most=1) if drawn else None,
        ("Measure", "Value", "Low", "High", "Articles", "Compared", "Remark"),
        tuple(rows),
        tuple((metric.name, metric.meaning) for metric in METRICS),
        opens=reader.opens and exact.value is not None,
    )


def pairs(numbers: Numbers, reader: Reader) -> Shown:
    """Each two annotators; for who may see no others, their own column and the mean."""
    measured = numbers.of("f1_exact")
    pairs = [
        one for one in measured.pairs
        if reader.alone in (None, one.one, one.other)
    ]  # fmt: skip
    alpha = {(one.one, one.other): one.figure for one in numbers.of("alpha_unitizing").pairs}
    rows = [
        (
            Entry(reader.person(one.one)),
            Entry(reader.person(one.other)),
            Entry(one.figure.value, reader.query(one=one.one, other=one.other, label=reader.label)),
            Entry(alpha[one.one, one.other].value if (one.one, one.other) in alpha else None),
            Entry(one.figure.articles),
            Entry(one.figure.n),
            Entry(remark(one.figure)),
        )
        for one in pairs
    ]
    title = "Agreement of each two annotators"
    mean = measured.overall
    if reader.alone is not None:
        title = "Your agreement with the others"
        if mean.value is not None:
            rows.append(
                (Entry("The team"), Entry("The team's mean"), Entry(mean.value),
                 Entry(numbers.of("alpha_unitizing").overall.value), Entry(mean.articles),
                 Entry(mean.n), Entry(""))
            )  # fmt: skip
    heads = ("One", "Other", "Exact F1", "Unitizing α", "Articles", "Compared", "Remark")
    finding = _pairs_finding(pairs, mean, reader)
    return Shown(
        "pairs", title, finding, _pairs_chart(pairs, mean, reader), heads, tuple(rows),
        (_MEANING["f1_exact"],),
    )  # fmt: skip


def _pairs_finding(pairs: Sequence[OfPair], mean: Figure, reader: Reader) -> str:
    if not pairs:
        return f"{TOO_FEW}."
    if reader.alone is not None:
        mine = pooled(pairs)
        if mine is None or mine.value is None or mean.value is None:
            return f"{pairs[0].figure.reason}."
        return f"You and the others: {decimal(mine.value)}. The team's mean: {decimal(mean.value)}."
    rated = [
        (one.figure.value, place, one)
        for place, one in enumerate(pairs)
        if one.figure.value is not None and (one.figure.n >= FEW or len(pairs) == 1)
    ]
    if not rated:
        return "Too little is shared by each two to compare them."
    value, _, least = min(rated)
    who = f"{reader.person(least.one)} and {reader.person(least.other)}"
    over = f"{decimal(value)} over {many(least.figure.articles, 'article')}"
    if len(pairs) == 1:
        return f"{who}: {over}."
    return f"{who} agree least: {over}; all together {value_of(mean)}."


def _pairs_chart(pairs: Sequence[OfPair], mean: Figure, reader: Reader) -> Chart | None:
    by_pair = {frozenset((one.one, one.other)): one.figure for one in pairs}
    if reader.alone is not None:
        others = sorted(name for pair in by_pair for name in pair if name != reader.alone)
        cells = [[_cell(by_pair[frozenset((name, reader.alone))])] for name in others]
        rows = [*map(reader.person, others), "Team's mean"]
        return heat_map(rows, ["You"], [*cells, [_cell(mean)]]) if others else None
    shared: dict[str, int] = {}
    for one in pairs:
        for name in (one.one, one.other):
            shared[name] = shared.get(name, 0) + one.figure.n
    people = sorted(sorted(shared, key=lambda name: -shared[name])[:MOST_PEOPLE])
    cells = [
        [_cell(by_pair.get(frozenset((row, head)))) if row != head else None for head in people]
        for row in people
    ]
    names = [reader.person(name) for name in people]
    return heat_map(names, names, cells) if people else None


def _cell(figure: Figure | None) -> Cell | None:
    if figure is None:
        return None
    if figure.value is None or figure.n < FEW:
        return Cell(0, "too few", f"n {figure.n:,}", is_few=True)
    return Cell(figure.value, decimal(figure.value), f"n {figure.n:,}")


def confusion(numbers: Numbers, reader: Reader) -> Shown:
    """Which label stands across from which, and how much each is agreed upon."""
    counts: dict[tuple[str, str | None], int] = {}
    for one in numbers.confusion:
        counts[one.label, one.other] = one.number
        if one.other is not None:
            counts[one.other, one.label] = one.number
    used = {label for label, _ in counts}
    keys = [key for key in reader.labels if key in used] + sorted(used - reader.labels.keys())
    heads: list[str | None] = [*keys, None]
    measures = [
        {of.label: of.figure for of in numbers.of(metric).labels}
        for metric in ("f1_exact", "f1_overlap", "alpha_unitizing")
    ]
    rows = tuple(
        (
            Entry(reader.label_name(key)),
            *(Entry(counts.get((key, head), 0), _across(reader, key, head)) for head in heads),
            *(Entry(figures[key].value if key in figures else None) for figures in measures),
        )
        for key in keys
    )
    cells = []
    for key in keys:
        total = sum(counts.get((key, head), 0) for head in heads)
        row: list[Cell | None] = []
        for head in heads:
            number = counts.get((key, head), 0)
            few = total < FEW
            row.append(Cell(number / max(total, 1), "too few" if few else f"{number:,}",
                            f"n {number:,}" if few else f"{number / total:.0%}", few))  # fmt: skip
        cells.append(row)
    names = list(map(reader.label_name, heads))
    return Shown(
        "confusion",
        "Which label across from which",
        _confusion_finding(numbers, counts, reader),
        heat_map(names[:-1], names, cells) if keys else None,
        ("Label", *(f"Across: {name}" for name in names), "Exact F1", "Overlap F1", "Unitizing α"),
        rows,
        (_MEANING["f1_overlap"], _MEANING["alpha_unitizing"]),
    )


def _across(reader: Reader, key: str, head: str | None) -> str:
    """Two who gave the same label differ by their edges at most: those stand in the pairs."""
    return reader.query(label=key, across=head or "nothing") if key != head else ""


def _confusion_finding(
    numbers: Numbers, counts: Mapping[tuple[str, str | None], int], reader: Reader
) -> str:
    if not counts:
        return f"{numbers.of('f1_exact').overall.reason or TOO_FEW}."
    rated = [
        (of.figure.value, of.label)
        for of in numbers.of("f1_overlap").labels
        if of.figure.value is not None and of.figure.n >= FEW
    ]
    if not rated:
        return "Too few annotations to say which label is hard."
    value, least = min(rated)
    others = {other: n for (label, other), n in counts.items() if label == least != other}
    finding = f"{reader.label_name(least)} has the lowest agreement: {decimal(value)} by overlap"
    taken = max(others, key=lambda other: others[other], default=least)
    if taken == least:
        return f"{finding}."
    what = (
        "not marked by the other" if taken is None else f"{reader.label_name(taken)} to the other"
    )
    return f"{finding}; where two differ it is most often {what} ({others[taken]:,})."


def _figure_row(names: tuple[str, ...], figure: Figure) -> tuple[Entry, ...]:
    values = (figure.value, figure.low, figure.high, figure.articles, figure.n)
    return (*map(Entry, names), *map(Entry, values), Entry(remark(figure)))
