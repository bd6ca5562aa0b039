"""The API of what goes out."""

import json
from typing import Any
from uuid import UUID

from django.http import HttpResponseBase
from ninja import Query, Router
from pydantic import Field

from articles.datasets.answers import project_file
from articles.datasets.snapshot_schemas import FileAsked
from articles.formats.registry import FORMATS, WRITABLE
from articles.formats.shapes import ArticleRecord
from articles.review.schemas import ArticleChoice
from newsdesk.api_auth import EXPORT, ApiRequest, find_project

router = Router()


class Wanted(ArticleChoice, FileAsked):
    """Which file is asked for, of which articles."""

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
#: A line of ``jsonl``, in the document.
RECORD: ArticleRecord = {
    "id": "019ab0c4-5f1e-7c3a-9a57-2f6d0e8b1c44",
    "external_id": "argus-2041",
    "title": "Quay to reopen",
    "url": None,
    "text": "Quay to reopen\n\n“It is ours again,” said Zoë Hart.",
    "revision": 1,
    "sha256": "29efeb44cc3b565f6684221e08057f33510238aee99a382d6254f681ba41012c",
    "offset_unit": "code_point",
    "blocks": [
        {"kind": "headline", "start": 0, "end": 16},
        {"kind": "paragraph", "start": 16, "end": 50},
    ],
    "annotations": [
        {
            "id": "019ab0c4-6a02-7b11-8c35-0d4c1f7e9a20",
            "label": "quote",
            "start": 16,
            "end": 35,
            "quote": "“It is ours again,”",
            "attributes": {"form": "direct"},
            "annotator": "gold",
            "layer": "gold",
            "version": 1,
            "created_at": "2026-11-22T09:30:00.000000Z",
            "updated_at": "2026-11-22T09:30:00.000000Z",
            "origin": "adjudication",
            "note": "",
            "unsure": False,
        }
    ],
    "relations": [],
    "split": None,
    "byline": "",
    "publisher": "The Argus",
    "published_at": None,
    "language": "en",
    "metadata": {},
    "placement": "ready",
    "story": "east-quay",
    "layers": [{"name": "gold", "submitted_at": "2026-11-22T09:30:00.000000Z"}],
}
#: Whatever is sent, in the document.
BYTES = {"schema": {"type": "string", "format": "binary"}}
FILE: dict[str, Any] = {
    "parameters": OPTIONS,
    "responses": {
        200: {
            "description": "The file. One article a line in `jsonl`.",
            "content": {one.media_type.split(";")[0]: BYTES for one in WRITABLE}
            | {
                FORMATS["jsonl"].media_type: {
                    **BYTES,
                    "example": json.dumps(RECORD, ensure_ascii=False) + "\n",
                }
            },
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
    for those who are cleared. `status`, `label` and `updated_since` choose as they do in the list
    of articles. The file streams; if it ends too early, so does the connection. Then
    ask for the rest `after` the last whole line of `jsonl`.
    """
    return project_file(
        request,
        actor=request.user,
        project=find_project(request, slug),
        file_format=wanted.format,
        layers=wanted.layers,
        after=wanted.after,
        filters=wanted.filters(),
    )
