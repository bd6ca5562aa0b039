"""The API of what goes out."""

from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from ninja import Query, Router
from pydantic import BaseModel, Field

from articles.datasets.download_views import send_file
from articles.datasets.export_services import chosen_options, find_format, prepare_export
from articles.formats.registry import WRITABLE
from newsdesk.api_auth import EXPORT, ApiRequest, find_project

router = Router()


class Wanted(BaseModel):
    """Which file is asked for."""

    format: str = Field("jsonl", json_schema_extra={"enum": [one.name for one in WRITABLE]})
    layers: str = Field("all", description="`all`, `submitted`, `gold`, or a user name.")
    after: UUID | None = Field(
        None,
        description="The id of an article, such as that of the last line that arrived: "
        "only those that follow it come.",
    )


#: The formats' own options: parameters that they alone have.
OPTIONS = [
    {
        "in": "query",
        "name": name,
        "required": False,
        "description": f"Of `{one.name}` alone.",
        "schema": {"type": "string", "enum": list(values), "default": values[0]},
    }
    for one in WRITABLE
    for name, values in one.options.items()
]
#: Whatever is sent, in the document.
BYTES = {"schema": {"type": "string", "format": "binary"}}
FILE: dict[str, Any] = {
    "parameters": OPTIONS,
    "responses": {
        200: {
            "description": "The file. One article a line in `jsonl`.",
            "content": {one.media_type.split(";")[0]: BYTES for one in WRITABLE},
        },
        304: {"description": "The file is as it was when `If-None-Match` was its `ETag`."},
    },
}


@router.api_operation(
    ["GET", "HEAD"],
    "/projects/{slug}/export",
    auth=EXPORT,
    tags=["Datasets"],
    openapi_extra=FILE,
)
def export_project(request: ApiRequest, slug: str, wanted: Query[Wanted]) -> HttpResponseBase:
    """Take the articles out, as they stand now, with what was said about them.

    Articles under embargo, on hold, withdrawn or not for training stay in; sensitive ones come only
    for those who are cleared. The file streams; if it ends too early, so does the connection. Then
    ask for the rest `after` the last whole line of `jsonl`.
    """
    project = find_project(request, slug)
    form = find_format(wanted.format)
    export = prepare_export(
        actor=request.user,
        project=project,
        form=form,
        options=chosen_options(form, request.GET.dict()),
        layers=wanted.layers,
        after=wanted.after,
    )
    return send_file(
        request,
        lambda: export.pieces(request.build_absolute_uri("/")),
        name=export.name,
        media_type=form.media_type,
        state=export.state,
    )
