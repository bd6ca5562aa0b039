"""The figures of work: where articles stand, what was handed in, labels, reasons, quotes."""

from datetime import date

from articles.review.dashboard_numbers import STATUSES, Numbers
from articles.review.figures import Bar, Column, bars, columns
from articles.review.shown import Entry, Reader, Shown, day_of, many

REASONS = {
    "guideline_gap": "Guideline gap",
    "ambiguous": "Ambiguous",
    "slip": "Slip",
    "wrong_label": "Wrong label",
    "edge_habit": "Edge habit",
    "": "No reason given",
}


def progress(numbers: Numbers) -> Shown:
    """How many articles stood where."""
    names = [status.replace("_", " ").capitalize() for status in STATUSES]
    finding = "No articles are being worked on yet."
    chart = None
    if numbers.progress:
        now = numbers.progress[-1].counts
        finding = f"{now[-1]:,} of {many(sum(now), 'article')} are adjudicated"
        waiting = now[2] + now[3]
        finding += f"; {waiting:,} wait for a reviewer or are with one." if waiting else "."
        series = [
            Column(day_of(one.start), tuple(map(float, one.counts))) for one in numbers.progress
        ]
        chart = columns(series, [f"step-{at}" for at in range(len(STATUSES))], names=names)
    rows = tuple(
        (Entry(one.start.isoformat()), *map(Entry, one.counts)) for one in numbers.progress
    )
    return Shown(
        "progress", "Where the articles stand, by week", finding, chart, ("Week of", *names), rows
    )  # fmt: skip


def throughput(numbers: Numbers) -> Shown:
    """How much was handed in."""
    days = numbers.throughput
    every = sum(day.number for day in days)
    finding = f"Nothing was handed in during the last {len(days)} days."
    if every:
        most = max(days, key=lambda day: day.number)
        finding = (
            f"{many(every, 'layer')} handed in within {len(days)} days, {every / len(days):.1f} "
            f"a day; most on {day_of(date.fromisoformat(most.name))}: {most.number:,}."
        )
    series = [Column(day_of(date.fromisoformat(day.name)), (float(day.number),)) for day in days]
    rows = tuple((Entry(day.name), Entry(day.number)) for day in days)
    chart = columns(series, ["bar"]) if every else None
    return Shown("throughput", "Handed in, by day", finding, chart, ("Day", "Layers"), rows)


def labels(numbers: Numbers, reader: Reader) -> Shown:
    """How often each label was given."""
    used = numbers.labels
    every = sum(one.number for one in used)
    finding = "Nothing was annotated yet."
    if every:
        most = max(used, key=lambda one: one.number)
        finding = (
            f"{reader.label_name(most.name)} is given most: "
            f"{most.number / every:.0%} of {many(every, 'annotation')}."
        )
    drawn = [
        Bar(reader.label_name(one.name), one.number, f"{one.number:,}", one.name) for one in used
    ]
    rows = tuple(
        (Entry(reader.label_name(one.name)), Entry(one.number), Entry(one.number / every))
        for one in used
    )
    heads = ("Label", "Annotations", "Share")
    return Shown("labels", "Labels given", finding, bars(drawn) if drawn else None, heads, rows)


def reasons(numbers: Numbers) -> Shown:
    """What reviewers said when they ruled on a disagreement."""
    given = [one for one in numbers.reasons if one.name]
    every = sum(one.number for one in numbers.reasons)
    finding = "No reviewer has ruled on a disagreement yet."
    if given:
        finding = (
            f"{REASONS[given[0].name]} is the reason given most: "
            f"{given[0].number:,} of {many(every, 'verdict')}."
        )
    elif every:
        finding = f"Reviewers gave no reason for any of {many(every, 'verdict')}."
    drawn = [Bar(REASONS[one.name], one.number, f"{one.number:,}") for one in numbers.reasons]
    rows = tuple((Entry(REASONS[one.name]), Entry(one.number)) for one in numbers.reasons)
    return Shown(
        "reasons", "Why annotators differed", finding, bars(drawn) if drawn else None,
        ("Reason", "Verdicts"), rows,
    )  # fmt: skip


def quotes(numbers: Numbers) -> Shown:
    """How many quotes nobody is named for."""
    weeks = numbers.quotes
    every = sum(week.number for week in weeks)
    without = sum(week.part for week in weeks)
    finding = "No quotes were handed in, or the project asks for no sources."
    if every:
        finding = f"{without:,} of {many(every, 'quote')} ({without / every:.0%}) have no source."
    series = [
        Column(
            day_of(date.fromisoformat(week.name)),
            (float(week.part), float(week.number - week.part)),
        )
        for week in weeks
    ]
    rows = tuple(
        (
            Entry(week.name),
            Entry(week.number),
            Entry(week.part),
            Entry(week.part / week.number if week.number else None),
        )
        for week in weeks
    )
    tones, names = ["bar", "step-1"], ["Without a source", "With one"]
    return Shown(
        "quotes",
        "Quotes without a source, by week",
        finding,
        columns(series, tones, names=names) if every else None,
        ("Week of", "Quotes", "Without a source", "Share"),
        rows,
    )
