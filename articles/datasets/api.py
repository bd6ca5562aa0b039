"""The API of what goes out."""

from typing import Literal

from django.http import HttpResponseBase
from ninja import Query, Router
from pydantic import BaseModel, Field

from articles.datasets.export_services import export_jsonl
from articles.datasets.views import download
from newsdesk.api_auth import EXPORT, ApiRequest, find_project

router = Router()


class Wanted(BaseModel):
    """Which file is asked for."""

    format: Literal["jsonl"] = "jsonl"
    layers: str = Field("all", description="`all`, `submitted`, or a user name.")


FILE = {
    "responses": {
        200: {
            "description": "One article a line.",
            "content": {"application/x-ndjson": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get("/projects/{slug}/export", auth=EXPORT, tags=["Datasets"], openapi_extra=FILE)
def export_project(request: ApiRequest, slug: str, wanted: Query[Wanted]) -> HttpResponseBase:
    """Take the articles out, as they stand now, with what was said about them.

    Articles under embargo, on hold, withdrawn or not for training stay in; sensitive ones come only
    for those who are cleared. The file streams; if it ends too early, so does the connection.
    """
    project = find_project(request, slug)
    lines = export_jsonl(actor=request.user, project=project, layers=wanted.layers)
    return download(project, lines)
