"""The dashboard: its page, each figure as CSV, and the disagreements behind a figure."""

import csv
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from articles.annotations import stylesheet
from articles.desk.models import Label, Project
from articles.desk.permissions import SEE_ALL_LAYERS, can_see_all_layers, role_in
from articles.desk.views import find_project
from articles.review.dashboard_figures import figures, tiles
from articles.review.dashboard_queries import View
from articles.review.disagreement_queries import NOTHING, Asked, disagreements, with_others
from articles.review.measuring import Measured, measured
from articles.review.shown import Reader, Shown
from newsdesk.errors import InvalidQuery, NewsdeskError, NotAllowed
from newsdesk.http import EditorRequest, render_page
from newsdesk.paging import page_of
from newsdesk.signing_in import signed_in

RANGES = {"": "All time", "7": "7 days", "30": "30 days", "90": "90 days", "365": "A year"}
PER_PAGE = 30
#: What makes a spreadsheet take a cell for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotMeasured(NewsdeskError):
    """These figures are being measured for the first time. Try again in a minute."""

    status = 409
    code = "not_measured"


class _Asking:
    """Who asks for which part of the project's figures, and what they may see of them."""

    def __init__(self, request: EditorRequest, slug: str) -> None:
        self.project: Project = find_project(request, slug)
        self.role = role_in(self.project, request.user)
        self.sees_all = can_see_all_layers(self.role, self.project)
        self.labels: list[Label] = list(self.project.labels.in_order())
        members = self.project.memberships.select_related("user").order_by("user__name")
        people = {member.user.username: str(member.user) for member in members}
        me = request.user.username
        self.alone = None if self.role in SEE_ALL_LAYERS else me
        self.annotators = people if self.alone is None else {me: people[me]}
        self.given = {
            name: request.GET.get(name, "").strip() for name in ("range", "label", "annotator")
        }
        self._check()
        self.view = View(
            self.project,
            request.user,
            not self.sees_all,
            int(self.given["range"] or 0) or None,
            self.given["label"],
            self.given["annotator"],
        )
        self.reader = Reader(
            people,
            {label.key: label.name for label in self.labels},
            self.alone,
            self.sees_all,
            self.given["label"],
        )

    def _check(self) -> None:
        known = {"range": RANGES, "annotator": self.annotators}
        known["label"] = {label.key: label.name for label in self.labels}
        for name, value in self.given.items():
            if value and value not in known[name]:
                raise InvalidQuery(f"There is no such {name} here.", field=name)

    @property
    def query(self) -> str:
        """The filters, as in the address."""
        return urlencode({name: value for name, value in self.given.items() if value})

    @property
    def span_labels(self) -> list[Label]:
        return [label for label in self.labels if label.kind == Label.Kind.SPAN]

    def context(self) -> dict[str, Any]:
        return {
            "project": self.project,
            "given": self.given,
            "query": self.query,
            "labels": self.span_labels,
            "stylesheet": stylesheet.version_of(self.span_labels),
        }


@signed_in
@require_safe
def dashboard(request: EditorRequest, slug: str) -> HttpResponse:
    """All figures. ``seen`` is which numbers a waiting page has: 204 while there are no others."""
    asking = _Asking(request, slug)
    found = measured(asking.view)
    seen = request.GET.get("seen") if request.htmx else None
    if seen is not None and found.is_updating:
        return HttpResponse(status=204)
    context = asking.context() | {
        "ranges": RANGES,
        "annotators": asking.annotators,
        "may_choose": asking.alone is None,
        "found": found,
        "stamp": found.computed_at.isoformat() if found.computed_at else "",
        "tiles": tiles(found.numbers) if found.numbers else [],
        "figures": figures(found.numbers, asking.reader) if found.numbers else [],
        "is_blind": asking.view.is_blind,
    }
    partial = "dashboard-news" if seen else "dashboard"
    return render_page(request, "review/dashboard.html", context, partial=partial)


@signed_in
@require_safe
def figure_csv(request: EditorRequest, slug: str, figure: str) -> HttpResponse:
    """The table of one figure as a file; a spreadsheet takes no cell of it for a formula."""
    asking = _Asking(request, slug)
    shown = _figure(measured(asking.view), asking.reader, figure)
    file = StringIO()
    writer = csv.writer(file)
    writer.writerow(map(_plain, shown.heads))
    writer.writerows([_plain(entry.value) for entry in row] for row in shown.rows)
    response = HttpResponse(file.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-{figure}.csv"'
    return response


@signed_in
@require_safe
def disagreement_list(request: EditorRequest, slug: str) -> HttpResponse:
    """The annotations on which people differ, for who may see all their layers."""
    asking = _Asking(request, slug)
    if not asking.sees_all:
        raise NotAllowed("Work is blind here: reviewers look at what annotators differ about.")
    names = ("one", "other", "label", "across")
    given = {name: request.GET.get(name, "").strip() for name in names}
    asked = _asked(asking, given)
    page = page_of(disagreements(asking.view, asked), request.GET.get("after"), PER_PAGE)
    active = {name: value for name, value in (asking.given | given).items() if value}
    context = asking.context() | {
        "asked": asked,
        "one": asking.reader.person(asked.one),
        "other": asking.reader.person(asked.other),
        "across": "nothing" if asked.across == NOTHING else asking.reader.label_name(asked.across),
        "label": asking.reader.label_name(asked.label),
        "rows": [
            {
                "found": one,
                "person": asking.reader.person(one.said.name),
                "label": asking.reader.label_name(one.said.label),
                "others": [
                    (asking.reader.person(said.name), said, asking.reader.label_name(said.label))
                    for said in one.others
                ],
                "url": _place(slug, one.annotation.article_id, one.said.name, one.annotation.pk),
            }
            for one in with_others(asking.view, asked, page.items)
        ],
        "next_query": urlencode(active | {"after": page.next_cursor}) if page.next_cursor else "",
        "is_first": not request.GET.get("after"),
        "first_query": urlencode(active),
    }
    return render_page(request, "review/dashboard_disagreements.html", context)


def _asked(asking: _Asking, given: dict[str, str]) -> Asked:
    for name in ("one", "other"):
        if "\x00" in given[name]:
            raise InvalidQuery("There is nobody of this name.", field=name)
    for name in ("label", "across"):
        if given[name] and given[name] not in {NOTHING, *asking.reader.labels}:
            raise InvalidQuery("There is no such label here.", field=name)
    return Asked(**given)


def _place(slug: str, article_id: object, layer: str, annotation_id: object) -> str:
    address = reverse("workbench", args=[slug, article_id])
    return f"{address}?{urlencode({'layer': layer, 'selected': annotation_id})}"


def _figure(found: Measured, reader: Reader, key: str) -> Shown:
    if found.numbers is None:
        raise NotMeasured()
    for shown in figures(found.numbers, reader):
        if shown.key == key:
            return shown
    raise Http404


def _plain(value: object) -> object:
    """A number as it is; words so that they are no formula."""
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value
