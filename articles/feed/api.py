"""The API of the feed."""

import json
from urllib.parse import urlencode

from django.http import HttpResponse
from ninja import Query, Router

from articles.datasets.export_services import require_export
from articles.feed.queries import read_feed
from articles.feed.schemas import FeedOut, FeedQuery
from newsdesk.api_auth import EXPORT, ApiRequest, find_project
from newsdesk.openapi import problems

router = Router()


@router.get(
    "/projects/{slug}/events",
    auth=EXPORT,
    tags=["Feed"],
    response={200: FeedOut, **problems(404, 410, 503)},
)
def read_events(request: ApiRequest, slug: str, asked: Query[FeedQuery]) -> HttpResponse:
    """Every change of the project's articles, labels and work, once, in one order without gaps.

    Read until `next` is null, keep `cursor`, and come back with it as `after`. Of each change:
    if `object` is null, drop what you have under that type and id, else put it there; with an
    article goes all that is on it. Then you have what an export would give you, for reviewers,
    engineers and managers.

    What a gate keeps in is not told of. An answer may be shorter than `limit`, or even empty,
    while `next` leads on.
    """
    project = find_project(request, slug)
    require_export(actor=request.user, project=project)
    page = read_feed(project, user=request.user, after=asked.after, limit=asked.limit)
    following = None
    if page.more:
        query = urlencode({"after": page.cursor, "limit": asked.limit})
        following = request.build_absolute_uri(f"{request.path}?{query}")
    answer = {"items": page.items, "next": following, "cursor": page.cursor}
    return HttpResponse(json.dumps(answer, ensure_ascii=False), "application/json; charset=utf-8")
