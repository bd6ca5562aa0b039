"""What pages and programs are told of imports."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from time import monotonic
from typing import BinaryIO, cast

from django.core.files.storage import default_storage
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from articles.desk.models import Label, User
from articles.formats.registry import FORMATS
from articles.imports.models import ImportLine, ImportRun
from articles.imports.options import Options, applied, blocks_of, key_of
from articles.imports.pages import pages_of, read_pages
from articles.intake.models import Article
from newsdesk.errors import NewsdeskError

#: Failed lines that are told of with their run; the others are in its report.
ERRORS_TOLD = 1_000
#: Articles of a file that are looked through for its labels, and seconds that it may take.
LOOKED_THROUGH, LONGEST_LOOK = 200, 2.0
#: Fetched pages that are shown for checking.
PAGES_SHOWN = 100
#: What went wrong, in two words, where the code itself does not say it.
WORDS = {
    "record_invalid": "not readable",
    "text_too_long": "too long",
    "text_empty": "without text",
    "title_only": "only a title",
    "no_article": "no article text found",
    "not_reachable": "not reachable",
    "not_html": "not HTML",
    "too_large": "too large",
    "too_slow": "too slow",
    "turned_away": "turned away",
    "address_not_allowed": "address not allowed",
    "label_unknown": "label not known here",
    "quote_mismatch": "with a quote that is not in the text",
    "format_unknown": "of a kind that is not read",
}


@dataclass(frozen=True, slots=True)
class Failure:
    """How many lines failed for the same reason."""

    code: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block of a fetched page: its number from 0, what it is, and its words."""

    number: int
    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class ShownPage:
    """The article of a fetched page, as it would come in."""

    number: int
    title: str
    url: str
    said: str
    blocks: list[ShownBlock]


def errors_of(run: ImportRun) -> QuerySet[ImportLine]:
    """The lines that failed, in their order."""
    return run.lines.filter(outcome=ImportLine.Outcome.FAILED).order_by("number")


def lines_of(run: ImportRun, user: User) -> QuerySet[ImportLine]:
    """The lines in their order, each with ``is_open``: whether ``user`` may know of its article.

    Of those that they may not, ``told`` leaves nothing but their numbers and outcomes.
    """
    open_ones = Article.objects.visible_to(user).filter(pk=OuterRef("article"))
    is_open = Q(article=None) | Q(Exists(open_ones))
    return run.lines.annotate(is_open=ExpressionWrapper(is_open, BooleanField())).order_by("number")


def told(line: ImportLine) -> ImportLine:
    """A line of ``lines_of`` as its reader may see it."""
    if not line.is_open:  # type: ignore[attr-defined]  # annotated
        line.title, line.article, line.detail = "", None, "This article is not open to you."
    return line


def failures_of(run: ImportRun) -> list[Failure]:
    """Why lines failed, most frequent first. One query."""
    rows = errors_of(run).order_by().values_list("code").annotate(count=Count("id"))
    return [
        Failure(code, WORDS.get(code, code.replace("_", " ")), count)
        for code, count in sorted(rows, key=lambda row: (-row[1], row[0]))
    ]


def labels_in(run: ImportRun) -> list[str]:
    """What the first articles of a run's file call their annotations and relations, in order.

    Reads the file for two seconds at most, and asks the database nothing.
    """
    if run.format not in FORMATS or not run.stored:
        return []
    names: dict[str, None] = {}
    until = monotonic() + LONGEST_LOOK
    try:
        with default_storage.open(run.stored) as file:
            for found in islice(FORMATS[run.format].read(cast(BinaryIO, file)), LOOKED_THROUGH):
                for name in _labels_of(found.record or {}):
                    names.setdefault(name)
                if monotonic() > until:
                    break
    except FileNotFoundError:
        return []
    return list(names)


def unknown_labels(run: ImportRun) -> list[str]:
    """What of ``labels_in(run)`` the project has no label for, after what was chosen. One query."""
    chosen = Options(**run.options).labels
    known = set(Label.objects.active().filter(project=run.project).values_list("key", flat=True))
    return [name for name in labels_in(run) if key_of(chosen.get(name, name)) not in known]


def pages_shown(run: ImportRun) -> list[ShownPage]:
    """The first pages that a dry run fetched and that would come in, as its options leave them."""
    options = replace(Options(**run.options), struck={})
    new = set(
        run.lines.filter(outcome=ImportLine.Outcome.CREATED)
        .order_by("number")
        .values_list("number", flat=True)[:PAGES_SHOWN]
    )
    shown = []
    try:
        with default_storage.open(pages_of(run)) as file:
            for found in read_pages(cast(BinaryIO, file)):
                if found.number in new and found.record is not None:
                    record = applied(options, found.number, found.record)
                    text, blocks = blocks_of(record)
                    words = [text[block.start : block.end].strip() for block in blocks]
                    shown.append(
                        ShownPage(
                            found.number,
                            str(record.get("title") or "Without a title"),
                            str(record.get("url") or ""),
                            found.said,
                            [
                                ShownBlock(at, str(block.kind), words[at])
                                for at, block in enumerate(blocks)
                            ],
                        )
                    )
    except (FileNotFoundError, NewsdeskError):
        return []
    return shown


def _labels_of(record: dict[str, object]) -> Iterator[str]:
    for key, name in (("annotations", "label"), ("relations", "type")):
        things = record.get(key)
        for thing in things if isinstance(things, list) else []:
            if isinstance(thing, dict) and isinstance(thing.get(name), str):
                yield thing[name]
