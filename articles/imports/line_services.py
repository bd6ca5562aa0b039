"""One line of a run: what a reader found becomes an article, or words about why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction

from articles.desk.label_services import add_label
from articles.desk.models import Project, User
from articles.desk.permissions import can_manage, role_in
from articles.formats.shapes import Found
from articles.imports.models import ImportLine, ImportRun
from articles.imports.options import Options, applied
from articles.imports.record_services import Fitting, Labels, fitted, import_all
from articles.imports.records import GivenAnnotation, Record, parse_record
from articles.imports.seen import Seen
from articles.intake.errors import DuplicateArticle
from articles.intake.incoming import LONGEST_TITLE
from articles.intake.services import duplicates, require_importer
from newsdesk.errors import Invalid, NewsdeskError
from newsdesk.incidents import told


@dataclass(frozen=True, slots=True)
class Ready:
    """A line whose record makes sense."""

    found: Found
    record: Record


@dataclass(frozen=True, slots=True)
class Standing:
    """A line whose record fits the project."""

    found: Found
    given: Fitting

    @property
    def title(self) -> str:
        return str(self.given.article.details["title"])


def take_lines(
    *, actor: User, run: ImportRun, found: Sequence[Found], options: Options, seen: Seen | None
) -> list[ImportLine]:
    """Bring the articles of some lines of ``run`` in, each by itself; returns the lines, unsaved.

    With ``seen``, what an earlier line brought counts as being there.

    Raises:
        NotAllowed: unless the actor may import into the project.
    """
    lines = _Taking(actor, run.project, options, seen).take(found)
    for line in lines:
        line.run, line.project = run, run.project
    return lines


def take_now(*, actor: User, project: Project, found: Found, options: Options) -> ImportLine:
    """Bring one article in outside of any run; the line is never saved.

    Raises:
        NotAllowed: unless the actor may import into the project.
    """
    [line] = _Taking(actor, project, options, None).take([found])
    return line


class _Taking:
    """Lines on their way in, together, in few statements; what is wrong with one is told of that
    one alone."""

    def __init__(self, actor: User, project: Project, options: Options, seen: Seen | None) -> None:
        require_importer(actor=actor, project=project)
        self._actor = actor
        self._project = project
        self._options = options
        self._seen = seen
        self._lines: dict[int, ImportLine] = {}

    def take(self, found: Sequence[Found]) -> list[ImportLine]:
        ready = [line for one in found if (line := self._read(one))]
        if self._options.create_labels and can_manage(role_in(self._project, self._actor)):
            _create_labels(self._actor, self._project, [line.record for line in ready])
        self._labels = Labels(self._project)
        self._take([standing for line in ready if (standing := self._fitted(line))])
        return [self._lines[one.number] for one in found]

    def _read(self, found: Found) -> Ready | None:
        """The line with its record, unless something is wrong with it."""
        if found.record is None:
            self._fails(found, "", found.code, found.problem)
            return None
        try:
            record = parse_record(applied(self._options, found.number, found.record))
        except Exception as error:  # one line must not stop the others, whatever is in it
            self._refused(found, _title(found.record), error)
            return None
        if found.original is not None:
            incoming = replace(
                record.incoming, original=found.original, original_type=found.original_type
            )
            record = replace(record, incoming=incoming)
        return Ready(found, record)

    def _fitted(self, line: Ready) -> Standing | None:
        """The line with what it is to become, unless it does not fit the project."""
        record, suggested = line.record, list[GivenAnnotation]()
        if self._options.annotations == "suggestions":
            suggested = record.annotations
            record = replace(record, layers=[], annotations=[], relations=[])
        try:
            given = fitted(
                project=self._project, labels=self._labels, record=record, suggested=suggested
            )
        except Exception as error:
            self._refused(line.found, record.incoming.title[:LONGEST_TITLE], error)
            return None
        return Standing(line.found, given)

    def _take(self, lines: Sequence[Standing]) -> None:
        """What is there already is told so; of lines that are alike, the first goes first."""
        first: list[Standing] = []
        later: list[Standing] = []
        keys: set[bytes] = set()
        articles = [line.given.article for line in lines]
        there = duplicates(actor=self._actor, project=self._project, given=articles)
        for line, duplicate in zip(lines, there, strict=True):
            own = line.given.article.keys
            if self._seen and (words := self._seen.before(line.found.number, own)):
                self._is_there(line, words)
            elif duplicate:
                self._is_there(line, duplicate.message, duplicate.existing)
            elif keys.isdisjoint(own.values()):
                first.append(line)
                keys.update(own.values())
            else:
                later.append(line)
        if first:
            self._write(first)
        if later:
            self._take(later)

    def _write(self, lines: Sequence[Standing]) -> None:
        """All at once; if that is refused, in halves, until what is refused stands alone."""
        try:
            article_ids = import_all(
                actor=self._actor,
                project=self._project,
                labels=self._labels,
                given=[line.given for line in lines],
            )
        except DuplicateArticle:  # another import was quicker
            self._take(lines)
            return
        except OperationalError:  # of the database, and not of a line
            raise
        except Exception as error:
            half = len(lines) // 2
            if half:
                self._take(lines[:half])
                self._take(lines[half:])
            else:
                self._refused(lines[0].found, lines[0].title, error)
            return
        for line, article_id in zip(lines, article_ids, strict=True):
            if self._seen:
                self._seen.keep(line.found.number, line.given.article.keys)
            self._lines[line.found.number] = ImportLine(
                number=line.found.number,
                outcome=ImportLine.Outcome.CREATED,
                title=line.title,
                article_id=None if self._seen else article_id,
                annotations=len(line.given.record.annotations) + len(line.given.suggested),
                detail=line.found.said,
            )

    def _is_there(self, line: Standing, words: str, existing: UUID | None = None) -> None:
        self._lines[line.found.number] = ImportLine(
            number=line.found.number,
            outcome=ImportLine.Outcome.DUPLICATE,
            title=line.title,
            article_id=existing,
            code=DuplicateArticle.code,
            detail=words,
        )

    def _refused(self, found: Found, title: str, error: Exception) -> None:
        if isinstance(error, NewsdeskError):
            self._fails(found, title, error.code, error.message)
        else:
            words = told(error, f"in line {found.number} of an import")
            self._fails(found, title, "internal", words)

    def _fails(self, found: Found, title: str, code: str, words: str) -> None:
        self._lines[found.number] = ImportLine(
            number=found.number,
            outcome=ImportLine.Outcome.FAILED,
            title=title or found.name,
            code=code[:40],
            detail=words,
        )


def _create_labels(actor: User, project: Project, records: Sequence[Record]) -> None:
    """Make the labels that ``records`` use and the project does not have."""
    labels = Labels(project)
    spans = dict.fromkeys(one.label for record in records for one in record.annotations)
    rules: dict[str, dict[tuple[str, str], None]] = {}
    for record in records:
        for relation in record.relations:
            pairs = rules.setdefault(relation.type, {})
            if relation.target:
                pairs[relation.source.label, relation.target.label] = None
    wanted: list[dict[str, Any]] = [{"key": key} for key in spans if not labels.knows(key)]
    wanted += [
        {"key": key, "kind": "relation", "rules": [list(pair) for pair in pairs]}
        for key, pairs in rules.items()
        if pairs and not labels.knows(key)
    ]
    for one in wanted:
        try:
            with transaction.atomic():
                add_label(
                    actor=actor, project=project, name=one["key"].replace("_", " ").title(), **one
                )
        except Invalid:  # the lines that use it say that there is none
            continue


def _title(record: dict[str, Any]) -> str:
    """The title of a record that nobody checked, as far as it can be kept."""
    title = record.get("title")
    if not isinstance(title, str):
        return ""
    return title.encode("utf-8", "replace").decode().replace("\0", "")[:LONGEST_TITLE]
