"""The Web Annotation Protocol: a project is a container, and its annotations are in it."""

from typing import Any
from urllib.parse import unquote

from django.http import Http404, HttpRequest, HttpResponse

from articles.desk.models import Project
from articles.formats.web_annotation import CONTEXT, Addresses
from articles.text.canonical import is_storable
from articles.w3c import answers, services
from articles.w3c.answers import ANNOTATION, CONTAINER, PAGE, Kind, json_ld, speaks
from articles.w3c.container_queries import (
    PAGE_SIZE,
    Container,
    Piece,
    container_of,
    piece_after,
    piece_at,
)
from articles.w3c.documents import (
    Json,
    Shelf,
    container_document,
    page_alone,
    page_document,
)
from articles.w3c.errors import AnnotationThere, Gone, ParameterUnknown
from articles.w3c.queries import documents, entries, find_entry
from articles.w3c.received import receive
from articles.w3c.target_queries import meant_by
from newsdesk.api_auth import ApiRequest, find_project
from newsdesk.errors import InvalidQuery

#: What the address of a container may ask for.
PARAMETERS = {"page", "after", "iris"}
MINIMAL, IRIS = "PreferMinimalContainer", "PreferContainedIRIs"
DESCRIPTIONS = "PreferContainedDescriptions"


def is_page(request: HttpRequest) -> bool:
    return "page" in request.GET or "after" in request.GET


def container_kind(request: HttpRequest) -> Kind:
    return PAGE if is_page(request) else CONTAINER


@speaks(container_kind)
def container(request: ApiRequest, slug: str) -> HttpResponse:
    """A project's annotations, all that the caller may read; POST adds one."""
    project = project_named(request, slug)
    if request.method == "POST":
        return add_to(request, project)
    answers.require_form(request)
    if unknown := request.GET.keys() - PARAMETERS:
        raise ParameterUnknown(f"A container has no “{min(unknown)}”.", field=min(unknown))
    found = container_of(request.user, project)
    shelf = shelf_of(request, project, found)
    asked = answers.preferences(request)
    iris = {"0": False, "1": True}.get(
        request.GET.get("iris", ""), IRIS in asked and DESCRIPTIONS not in asked
    )
    if is_page(request):
        return _page(request, project, found, shelf, iris)
    page = None
    if MINIMAL not in asked:
        page = _piece(request, project, shelf, iris, piece_at(found, 0), shelf.page(0, iris))
    document = container_document(shelf, iris=iris, page=page)
    response = json_ld(request, document, state=found.state)
    response["Content-Location"] = document["id"]
    if asked & {MINIMAL, IRIS, DESCRIPTIONS}:
        response["Preference-Applied"] = "return=representation"
    return response


@speaks(lambda _request: ANNOTATION)
def annotation(request: ApiRequest, slug: str, name: str) -> HttpResponse:
    """One annotation; PUT says it anew, DELETE takes it back."""
    project = project_named(request, slug)
    at = addresses(request, project)
    entry = find_entry(request.user, project, name) if is_storable(name) else None
    if entry is None:
        raise Http404
    if entry.is_gone:
        raise Gone()
    [document] = documents([entry], at)
    if request.method == "GET":
        response = json_ld(request, document)
        response["Content-Location"] = document["id"]
        return response
    if request.method == "DELETE":
        answers.check_seen(request, document)
        services.delete_entry(actor=request.user, entry=entry)
        return HttpResponse(status=204)
    answers.require_form(request)
    received = receive(answers.sent_json(request), own_iri=document["id"])
    answers.check_seen(request, document)
    on = entry.annotation.revision_id if entry.annotation else None
    meant = meant_by(received, user=request.user, project=project, at=at, standing=on)
    try:
        services.change_entry(actor=request.user, entry=entry, received=received, meant=meant)
    except AnnotationThere as error:
        raise AnnotationThere(at.annotation(error.existing)) from None
    return _as_it_is(request, project, entry.name)


def add_to(request: ApiRequest, project: Project) -> HttpResponse:
    """Keep the annotation that was sent; answers with it, and where it is from now on."""
    answers.require_form(request)
    at = addresses(request, project)
    received = receive(answers.sent_json(request))
    meant = meant_by(received, user=request.user, project=project, at=at)
    try:
        entry = services.add_entry(
            actor=request.user,
            project=project,
            received=received,
            meant=meant,
            slug=unquote(request.headers.get("Slug", "")),
        )
    except AnnotationThere as error:
        raise AnnotationThere(at.annotation(error.existing)) from None
    response = _as_it_is(request, project, entry.name, status=201)
    response["Location"] = at.annotation(entry.name)
    return response


def project_named(request: ApiRequest, slug: str) -> Project:
    """The project at ``slug``.

    Raises:
        Http404: unless the caller may know of it and the token reaches it.
    """
    if not is_storable(slug):
        raise Http404
    return find_project(request, slug)


def shelf_of(request: HttpRequest, project: Project, found: Container) -> Shelf:
    """What the container's pages say of it."""
    return Shelf(
        iri=addresses(request, project).annotation(""),
        label=project.name,
        total=found.total,
        modified=found.modified,
        size=PAGE_SIZE,
    )


def addresses(request: HttpRequest, project: Project) -> Addresses:
    """Where what is in the project has its IRIs."""
    return Addresses(request.build_absolute_uri("/")[:-1], project.slug)


def _as_it_is(
    request: ApiRequest, project: Project, name: str, *, status: int = 200
) -> HttpResponse:
    """What was written, read again as everybody will read it."""
    entry = find_entry(request.user, project, name)
    if entry is None:  # a gate was closed meanwhile
        raise Http404
    [document] = documents([entry], addresses(request, project))
    response = json_ld(request, document, status=status)
    response["Content-Location"] = document["id"]
    return response


def _page(
    request: ApiRequest, project: Project, found: Container, shelf: Shelf, iris: bool
) -> HttpResponse:
    if after := request.GET.get("after"):
        piece = piece_after(found, after)
        number, apart = divmod(piece.start, PAGE_SIZE)
        iri = request.build_absolute_uri() if apart else shelf.page(number, iris)
    else:
        number = _number(request.GET.get("page", ""))
        piece = piece_at(found, number * PAGE_SIZE)
        iri = shelf.page(number, iris)
    if not piece and piece.start:
        raise Http404
    page = _piece(request, project, shelf, iris, piece, iri)
    response = json_ld(request, page_alone(shelf, iris=iris, page=page), state=found.state)
    response["Content-Location"] = iri
    return response


def _piece(
    request: ApiRequest, project: Project, shelf: Shelf, iris: bool, piece: Piece, iri: str
) -> Json:
    at = addresses(request, project)
    found = entries(piece)
    after = piece.end if piece and piece.start + len(piece) < shelf.total else ""
    items: list[Any]
    if iris:
        items = [at.annotation(one.name) for one in found]
    else:
        items = [_inside(one) for one in documents(found, at)]
    return page_document(shelf, iri=iri, iris=iris, start=piece.start, items=items, after=after)


def _inside(document: Json) -> Json:
    """A document as a page has it: the page says the usual context for all."""
    if document["@context"] == CONTEXT:
        return {key: value for key, value in document.items() if key != "@context"}
    return document


def _number(given: str) -> int:
    if not given.isascii() or not given.isdecimal() or len(given) > 12:
        raise InvalidQuery("Pages are numbered from 0.", field="page")
    return int(given)
