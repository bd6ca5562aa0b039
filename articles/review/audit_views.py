"""The audit log of a project: all that anybody did there, for its managers."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, time
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_safe

from articles.annotations.forms import as_uuid
from articles.desk.events import Event
from articles.desk.models import User
from articles.desk.views import find_managed
from articles.review.history_queries import Entry, entries, events_of_project, in_chunks
from articles.review.telling import KINDS
from newsdesk.errors import Invalid
from newsdesk.http import EditorRequest, render_page
from newsdesk.paging import CursorInvalid, Page, page_of
from newsdesk.signing_in import signed_in

PER_PAGE, CHUNK = 50, 500
FILTERS = ("person", "kind", "article", "since", "until")
COLUMNS = ("at", "person", "name", "kind", "what", "details", "article", "title", "batch")
#: What begins a formula for a spreadsheet that opens the file.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@signed_in
@require_safe
def audit_log(request: EditorRequest, slug: str) -> HttpResponse:
    """The events that pass the filters in the address, newest first."""
    project = find_managed(request, slug)
    given = _given(request)
    mistake = ""
    try:
        events = _chosen(events_of_project(request.user, project), given)
        page = page_of(events, request.GET.get("after"), PER_PAGE)
    except (Invalid, CursorInvalid) as error:
        mistake, page = error.message, Page([], None)
    active = {name: value for name, value in given.items() if value}
    context = {
        "project": project,
        "entries": entries(request.user, page.items),
        "people": project.memberships.select_related("user").order_by("user__name", "pk"),
        "kinds": [(kind, kind.replace(".", ": ").replace("_", " ")) for kind in sorted(KINDS)],
        "given": given,
        "is_filtered": bool(active),
        "mistake": mistake,
        "is_first": not request.GET.get("after"),
        "query": urlencode(active),
        "next_query": urlencode({**active, "after": page.next_cursor}) if page.next_cursor else "",
    }
    status = 422 if mistake else 200
    return render_page(request, "review/audit.html", context, partial="audit-rows", status=status)


@signed_in
@require_GET
def audit_file(request: EditorRequest, slug: str) -> HttpResponseBase:
    """What the filters in the address leave of the log, as CSV, however long it is."""
    project = find_managed(request, slug)
    events = _chosen(events_of_project(request.user, project), _given(request))
    response = StreamingHttpResponse(
        _lines(request.user, events), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{project.slug}-audit.csv"'
    return response


def safe_cell(value: str) -> str:
    """``value`` as no spreadsheet takes it for a formula."""
    return f"'{value}" if value.startswith(FORMULA_STARTS) else value


class _Line:
    """Where ``csv`` writes to: what it wrote last is handed on at once."""

    def write(self, text: str) -> str:
        return text


def _lines(reader: User, events: QuerySet[Event]) -> Iterator[str]:
    """The header and a line for each event; a chunk of them is in memory at a time."""
    writer = csv.writer(_Line())
    yield writer.writerow(COLUMNS)
    for chunk in in_chunks(events, CHUNK):
        for entry in entries(reader, chunk):
            yield writer.writerow([safe_cell(value) for value in _cells(entry)])


def _cells(entry: Entry) -> list[str]:
    event = entry.event
    return [
        event.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        event.actor.username if event.actor else "",
        entry.actor,
        event.kind,
        entry.told.summary,
        "; ".join(map(str, entry.told.lines)),
        str(event.article_id or ""),
        entry.article.title if entry.article else "",
        str(event.batch or ""),
    ]


def _given(request: EditorRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "").replace("\0", "").strip() for name in FILTERS}


def _chosen(events: QuerySet[Event], given: dict[str, str]) -> QuerySet[Event]:
    """The events that pass the filters; days are whole days in UTC.

    Raises:
        Invalid: if a day is none.
    """
    if given["person"]:
        events = events.filter(actor__username=given["person"])
    if given["kind"]:
        events = events.filter(kind=given["kind"])
    if given["article"]:
        article_id = as_uuid(given["article"])
        events = events.filter(article_id=article_id) if article_id else events.none()
    if given["since"]:
        events = events.filter(at__gte=_moment(given["since"], time.min))
    if given["until"]:
        events = events.filter(at__lte=_moment(given["until"], time.max))
    return events


def _moment(given: str, at: time) -> datetime:
    try:
        day = parse_date(given)
    except ValueError:
        day = None
    if day is None:
        raise Invalid("A day is written 2026-11-03.")
    return datetime.combine(day, at, UTC)
