"""The API: one object, to which every folder adds its router."""

import json
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from articles.annotations.api import router as annotations
from articles.datasets.api import router as datasets
from articles.datasets.snapshot_api import router as snapshots
from articles.desk.api import router as desk
from articles.feed.api import router as feed
from articles.feed.webhook_api import router as webhooks
from articles.imports.api import router as imports
from articles.intake.api import router as intake
from articles.review.agreement_api import router as agreement
from articles.review.article_api import router as articles
from articles.review.queue_api import router as queue
from articles.review.talk_api import router as talk
from articles.review.verdict_api import router as review
from articles.suggestions.api import router as suggestions
from newsdesk import openapi, problems
from newsdesk.api_auth import BearerToken
from newsdesk.problems import MalformedJson, WrongMediaType

#: Digits of a whole number in JSON; longer ones are no finite float either.
MOST_DIGITS = 300


class Encoder(NinjaJSONEncoder):
    """Times in RFC 3339 with all their microseconds, in UTC as the database keeps them."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.isoformat().replace("+00:00", "Z")
        return super().default(o)


class Renderer(JSONRenderer):
    encoder_class = Encoder
    json_dumps_params = {"ensure_ascii": False}


class StrictParser(Parser):
    """JSON as RFC 8259 has it, with numbers that a database can keep."""

    def parse_body(self, request: HttpRequest) -> Any:
        if request.content_type != "application/json":
            raise WrongMediaType()
        return read_json(request.body)


def read_json(body: bytes) -> Any:
    """What ``body`` says in strict JSON.

    Raises:
        MalformedJson: if it is none.
    """
    try:
        return json.loads(
            body.decode(), parse_constant=_no_number, parse_int=_whole, parse_float=_finite
        )
    except (ValueError, RecursionError) as error:
        raise MalformedJson() from error


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(digits)
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number


class Api(NinjaAPI):
    """Ninja's API with a document that says all there is to say."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **prefix: Any) -> OpenAPISchema:
        document = super().get_openapi_schema(**prefix)
        openapi.complete(document, SCOPES)
        return document


api = Api(
    title="Newsdesk",
    version="1",
    description=openapi.ABOUT,
    urls_namespace="api",
    docs_url=None,
    renderer=Renderer(),
    parser=StrictParser(),
    openapi_extra={"info": openapi.INFO, "tags": openapi.TAGS},
)
problems.install(api)

# In the order in which the page tells of them; each router names its paths in full.
ROUTERS = (
    desk,
    articles,
    intake,
    imports,
    queue,
    annotations,
    suggestions,
    talk,
    review,
    agreement,
    datasets,
    snapshots,
    feed,
    webhooks,
)
for router in ROUTERS:
    api.add_router("", router)

#: The scope that each call needs, by the call's name.
SCOPES = {
    call.view_func.__name__: call.auth_param.scope
    for router in ROUTERS
    for address in router.path_operations.values()
    for call in address.operations
    if isinstance(call.auth_param, BearerToken)
}
