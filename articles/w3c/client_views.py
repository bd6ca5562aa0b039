"""What particular programs ask for besides the Web Annotation Protocol, or at other addresses.

Elucidate keeps its containers below ``/annotation/w3c/``: its clients, such as pyelucidate, know no
other place. They and those of AnnoRepo make a container before they use it; AnnoRepo's first ask
whether it is there by looking for the fields of its annotations.
"""

from django.http import Http404, HttpResponse

from articles.w3c import answers
from articles.w3c.answers import PAGE, ROOT, json_ld, speaks
from articles.w3c.container_queries import container_of
from articles.w3c.documents import container_document
from articles.w3c.errors import ContainersAreProjects
from articles.w3c.views import project_named, shelf_of
from newsdesk.api_auth import ApiRequest


@speaks(lambda _request: ROOT)
def containers(request: ApiRequest) -> HttpResponse:
    """The container that the ``Slug`` names, if it is there: none is made here.

    Raises:
        ContainersAreProjects: if the caller has no such project.
    """
    answers.sent_json(request)
    try:
        project = project_named(request, request.headers.get("Slug", ""))
    except Http404:
        raise ContainersAreProjects() from None
    found = container_of(request.user, project)
    shelf = shelf_of(request, project, found)
    response = json_ld(request, container_document(shelf, iris=False, page=None), state=found.state)
    response["Location"] = response["Content-Location"] = shelf.iri
    return response


@speaks(lambda _request: PAGE)
def fields(request: ApiRequest, slug: str) -> HttpResponse:
    """How many annotations have each of the members that all have; 404 if there is no container."""
    total = container_of(request.user, project_named(request, slug)).total
    members = ("created", "creator", "id", "modified", "target", "type")
    return json_ld(request, dict.fromkeys(members, total))
