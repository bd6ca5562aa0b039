"""One line of a run: what a reader found becomes an article, or words about why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import OperationalError, transaction

from articles.desk.label_services import add_label
from articles.desk.models import Project, User
from articles.desk.permissions import can_manage, role_in
from articles.formats.shapes import Found
from articles.imports.models import ImportLine, ImportRun
from articles.imports.options import Options, applied
from articles.imports.record_services import Labels, import_parsed
from articles.imports.records import GivenAnnotation, Record, parse_record
from articles.imports.seen import Seen
from articles.intake.errors import DuplicateArticle
from articles.suggestions.services import LONGEST_ORIGIN, GivenSuggestion
from newsdesk.errors import Invalid, NewsdeskError, NotAllowed
from newsdesk.incidents import told

LONGEST_TITLE = 500


@dataclass(frozen=True, slots=True)
class Ready:
    """A line whose record makes sense."""

    found: Found
    record: Record


def take_lines(
    *, actor: User, run: ImportRun, found: Sequence[Found], options: Options, seen: Seen | None
) -> list[ImportLine]:
    """Bring the articles of some lines of ``run`` in, each by itself; returns the lines, unsaved.

    With ``seen``, what an earlier line brought counts as being there.

    Raises:
        NotAllowed: unless the actor may import into the project.
    """
    project = run.project
    lines: dict[int, ImportLine] = {}
    ready: list[Ready] = []
    for one in found:
        checked = _checked(one, options)
        if isinstance(checked, Ready):
            ready.append(checked)
        else:
            lines[one.number] = checked
    if options.create_labels and can_manage(role_in(project, actor)):
        _create_labels(actor, project, [one.record for one in ready])
    labels = Labels(project)
    for line in ready:
        proposes = options.annotations == "suggestions"
        lines[line.found.number] = _taken(actor, project, line, labels, seen, proposes)
    for line_of in lines.values():
        line_of.run, line_of.project = run, project
    return [lines[one.number] for one in found]


def take_now(*, actor: User, project: Project, found: Found, options: Options) -> ImportLine:
    """Bring one article in outside of any run; the line is never saved.

    Raises:
        NotAllowed: unless the actor may import into the project.
    """
    checked = _checked(found, options)
    if isinstance(checked, ImportLine):
        return checked
    proposes = options.annotations == "suggestions"
    return _taken(actor, project, checked, Labels(project), None, proposes)


def _checked(found: Found, options: Options) -> Ready | ImportLine:
    """The line with its record, checked, or what is wrong with it."""
    if found.record is None:
        return _failed(found, "", found.code, found.problem)
    try:
        record = parse_record(applied(options, found.number, found.record))
    except NewsdeskError as error:
        return _failed(found, _title(found.record), error.code, error.message)
    except Exception as error:  # one line must not stop the others, whatever is in it
        return _broken(found, _title(found.record), error)
    if found.original is not None:
        incoming = replace(
            record.incoming, original=found.original, original_type=found.original_type
        )
        record = replace(record, incoming=incoming)
    return Ready(found, record)


def _taken(
    actor: User, project: Project, line: Ready, labels: Labels, seen: Seen | None, proposes: bool
) -> ImportLine:
    found, record = line.found, line.record
    suggested: list[GivenSuggestion] = []
    if proposes:
        suggested = [_suggestion(one) for one in record.annotations]
        record = replace(record, layers=[], annotations=[], relations=[])
    title = record.incoming.title[:LONGEST_TITLE]
    if seen and (words := seen.before(found.number, record.incoming)):
        return _duplicate(found, title, words)
    try:
        imported = import_parsed(
            actor=actor, project=project, given=record, labels=labels, suggested=suggested
        )
    except NotAllowed:
        raise
    except DuplicateArticle as error:
        same = _duplicate(found, title, error.message)
        same.article_id = error.existing
        return same
    except NewsdeskError as error:
        return _failed(found, title, error.code, error.message)
    except OperationalError:  # of the database, and not of the line
        raise
    except Exception as error:
        return _broken(found, title, error)
    if seen:
        seen.keep(found.number, record.incoming)
    return ImportLine(
        number=found.number,
        outcome=ImportLine.Outcome.CREATED,
        title=imported.article.title,
        article=None if seen else imported.article,
        annotations=imported.annotations + len(suggested),
        detail=found.said,
    )


def _suggestion(given: GivenAnnotation) -> GivenSuggestion:
    """An annotation as a proposal of whoever's layer it was."""
    return GivenSuggestion(
        label=given.label,
        start=given.start,
        end=given.end,
        quote=given.quote,
        origin=given.layer[:LONGEST_ORIGIN],
        attributes=given.attributes,
        at=given.at,
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


def _duplicate(found: Found, title: str, words: str) -> ImportLine:
    return ImportLine(
        number=found.number,
        outcome=ImportLine.Outcome.DUPLICATE,
        title=title,
        code=DuplicateArticle.code,
        detail=words,
    )


def _failed(found: Found, title: str, code: str, words: str) -> ImportLine:
    return ImportLine(
        number=found.number,
        outcome=ImportLine.Outcome.FAILED,
        title=title,
        code=code[:40],
        detail=words,
    )


def _broken(found: Found, title: str, error: Exception) -> ImportLine:
    return _failed(found, title, "internal", told(error, f"in line {found.number} of an import"))


def _title(record: dict[str, Any]) -> str:
    """The title of a record that nobody checked, as far as it can be kept."""
    title = record.get("title")
    if not isinstance(title, str):
        return ""
    return title.encode("utf-8", "replace").decode().replace("\0", "")[:LONGEST_TITLE]
