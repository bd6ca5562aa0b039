"""What the shapes of the API are made of."""

import json
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import urlencode

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Status
from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from articles.text.canonical import is_storable
from articles.text.languages import CODE, LONGEST_CODE
from newsdesk.errors import InvalidQuery
from newsdesk.paging import page_of

#: The most rows of one answer, and how many there are unless asked otherwise.
MOST_ROWS, USUAL_ROWS = 1000, 100
#: Of JSON that is kept as it came: bytes, and levels.
LARGEST_JSON, DEEPEST_JSON = 65_536, 20

CHOSEN_ID = "An id of your own, so that sending this twice makes one: a UUID, best version 7."


class Body(BaseModel):
    """What a caller sends: nothing that we do not know."""

    model_config = ConfigDict(extra="forbid")


def storable(value: Any, depth: int = 0) -> Any:
    """``value`` if PostgreSQL can keep it.

    Raises:
        ValueError: in words, if it is too deep or holds a NUL or half a surrogate pair.
    """
    if depth > DEEPEST_JSON:
        raise ValueError(f"This is nested more than {DEEPEST_JSON} levels deep.")
    if isinstance(value, str):
        if not is_storable(value):
            raise ValueError("NUL and lone surrogates cannot be kept.")
    elif isinstance(value, dict):
        for key, inner in value.items():
            storable(key)
            storable(inner, depth + 1)
    elif isinstance(value, list):
        for inner in value:
            storable(inner, depth + 1)
    return value


def _small(value: Any) -> Any:
    if len(json.dumps(value)) > LARGEST_JSON:
        raise ValueError(f"This takes more than {LARGEST_JSON:,} bytes.")
    return value


#: A text in one field. It may be empty.
Words = Annotated[str, AfterValidator(storable)]
#: A text that says something.
Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(storable)
]
#: A JSON object that is kept as it came.
Object = Annotated[dict[str, Any], AfterValidator(storable), AfterValidator(_small)]


def _in_letters(value: Any) -> Any:
    if isinstance(value, int | float) or (isinstance(value, str) and "T" not in value.upper()):
        raise ValueError("A time is written as RFC 3339 has it, such as 2026-11-22T09:30:00Z.")
    return value


#: A time with its zone, in RFC 3339; a number would be taken for seconds since 1970.
Moment = Annotated[AwareDatetime, BeforeValidator(_in_letters)]
#: BCP 47.
Language = Annotated[
    str,
    StringConstraints(pattern=f"^{CODE}$", max_length=LONGEST_CODE),
    Field(examples=["en", "pt-BR"]),
]


def optional(**about: Any) -> Any:
    """A field that may be left out but not be null; unsent, it is not in ``model_fields_set``."""
    return Field(default=None, **about)


class UnknownParameter(InvalidQuery):
    """This address has no such parameter."""

    code = "unknown_field"


class Asked(BaseModel):
    """What an address asks for behind its question mark: nothing that we do not know."""

    @model_validator(mode="before")
    @classmethod
    def _only_what_is_known(cls, given: Any, info: ValidationInfo) -> Any:
        # Ninja hands on what the fields take and drops the rest, so the address itself is asked.
        if info.context is not None:
            known = cls.parameters()
            for name in info.context["request"].GET:
                if name not in known:
                    raise UnknownParameter(f"This address has no “{name}”.", field=name)
        return given

    @classmethod
    def parameters(cls) -> set[str]:
        """What may be asked for."""
        return {field.alias or name for name, field in cls.model_fields.items()}


class Paging(Asked):
    """How much of a list to answer with."""

    limit: int = Field(USUAL_ROWS, ge=1, le=MOST_ROWS, description="Rows at most.")
    cursor: str | None = Field(
        None, max_length=2000, description="From `next` of the page before; opaque."
    )
    count: bool = Field(False, description="Whether to count all rows of the list, too.")


class Listing[Out: BaseModel](BaseModel):
    """A page of a list."""

    items: list[Out]
    next: str | None = Field(description="The address of the next page; null after the last one.")
    count: int | None = Field(None, description="All rows of the list; with `count=true`.")


def listed[Row: Model, Out: BaseModel](
    request: HttpRequest,
    rows: QuerySet[Row],
    paging: Paging,
    listing: type[Listing[Out]],
    shape: Callable[[Row], Out],
) -> Listing[Out]:
    """The page of ``rows`` that was asked for, each in ``shape``. One query, or two to count.

    Raises:
        CursorInvalid: if the cursor is none of this list's.
    """
    page = page_of(rows, paging.cursor, paging.limit)
    following = None
    if page.next_cursor:
        asked = request.GET.dict() | {"cursor": page.next_cursor}
        following = request.build_absolute_uri(f"{request.path}?{urlencode(asked)}")
    found: dict[str, Any] = {"items": [shape(row) for row in page.items], "next": following}
    if paging.count:
        found["count"] = rows.count()
    return listing.model_construct(**found)


def created[Out: BaseModel](
    response: HttpResponse, out: Out, address: str, is_new: bool
) -> Status[Out]:
    """201 for what is new and 200 for what was there, both with its ``address``."""
    response["Location"] = address
    return Status(201 if is_new else 200, out)
