"""What the API takes and gives about projects, labels and members."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Discriminator, Field, StrictBool, StrictInt, Tag

from articles.desk.models import KEY, SLUG, Label, Membership, Project
from newsdesk.api_shapes import CHOSEN_ID, Body, Language, Listing, Name, Words, optional

Role = Literal["annotator", "reviewer", "engineer", "manager"]
AttributeKind = Literal["choice", "text", "boolean", "number"]
Kind = Literal["span", "relation"]
Line = Literal["solid", "double", "dashed", "dotted", "wavy"]
#: Two keys of labels, from and to.
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class AttributeIn(Body):
    """A question that a label asks about what carries it."""

    key: str = Field(pattern=KEY, examples=["form"])
    name: Words = optional(max_length=60, examples=["Form"])
    type: AttributeKind = "choice"
    choices: list[Name] = Field(default=[], max_length=50, examples=[["direct", "indirect"]])
    required: StrictBool = Field(False, description="Whether work is submitted only with it.")


class LabelChanges(Body):
    """What may be changed of a label. Its key and kind stay."""

    name: Name = optional(max_length=60, examples=["Quote"])
    definition: Words = optional(max_length=2000)
    hotkey: str = optional(pattern="^[1-9]?$", description="One digit, or empty.")
    color: str = optional(pattern="^#[0-9a-f]{6}$", examples=["#8a2f00"])
    color_dark: str = optional(pattern="^#[0-9a-f]{6}$", examples=["#e88a45"])
    line: Line = optional()
    attributes: list[AttributeIn] = optional(max_length=20)


class LabelPatch(LabelChanges):
    retired: StrictBool = optional(
        description="`true` stops offering the label, `false` offers it again; sent alone.",
    )


class LabelIn(LabelChanges):
    """A label to add. Colours and key are chosen for you when you leave them out."""

    id: UUID = optional(description=CHOSEN_ID)
    key: str = optional(pattern=KEY, examples=["quote"])
    kind: Kind = "span"
    rules: list[Pair] = Field(
        default=[],
        max_length=400,
        description="Of a relation: which labels it may join, as pairs of keys, from and to.",
        examples=[[["quote", "source"], ["claim", "source"]]],
    )


class LabelOut(BaseModel):
    id: UUID
    project: str = Field(description="The project's slug.")
    key: str = Field(examples=["quote"])
    name: str
    kind: Kind
    definition: str
    hotkey: str
    color: str = Field(description="On light paper.", examples=["#8a2f00"])
    color_dark: str = Field(description="On dark paper.", examples=["#e88a45"])
    line: Line
    attributes: list[dict[str, Any]] = Field(
        examples=[[{"key": "form", "name": "Form", "type": "choice",
                    "choices": ["direct", "mixed", "indirect"], "required": False}]]
    )  # fmt: skip
    rules: list[Pair] = Field(
        description="Of a relation: pairs of keys it may join.", examples=[[["quote", "source"]]]
    )
    position: int
    retired: bool
    merged_into: str | None = Field(description="The key of the label that took its place.")
    version: int
    created_at: datetime

    @classmethod
    def of(cls, label: Label) -> "LabelOut":
        """``label`` with its project, what it was merged into and its rules fetched."""
        return cls.model_validate(
            {
                "id": label.pk,
                "project": label.project.slug,
                "key": label.key,
                "name": label.name,
                "kind": label.kind,
                "definition": label.definition,
                "hotkey": label.hotkey,
                "color": label.color,
                "color_dark": label.color_dark,
                "line": label.line,
                "attributes": label.attributes,
                "rules": [
                    [rule.source_label.key, rule.target_label.key] for rule in label.rules.all()
                ],
                "position": label.position,
                "retired": label.retired_at is not None,
                "merged_into": label.merged_into.key if label.merged_into else None,
                "version": label.version,
                "created_at": label.created_at,
            }
        )


class ProjectPatch(Body):
    """What may be changed of a project."""

    name: Name = optional(max_length=120)
    language: Language = optional()
    annotators_per_article: StrictInt = optional(ge=1, le=5)
    blind: StrictBool = optional()
    lease_minutes: StrictInt = optional(
        ge=5, le=10_080, description="How long a place is held for somebody who does nothing."
    )
    raise_below: StrictInt | None = Field(
        None,
        ge=1,
        le=100,
        description="An article on whose spans its annotators agree less than this, in per cent, "
        "asks for one more of them; `null` for none.",
    )
    audit_sample: StrictInt = optional(
        ge=0,
        le=100,
        description="How many in a hundred unanimous decisions a reviewer looks at anyway.",
    )
    separate_adjudicator: StrictBool = optional(
        description="Whether who annotated an article may not review it."
    )
    guidelines: Words = optional(
        description="Markdown; a new version of them is published. Sent alone."
    )


def _set_or_list(given: Any) -> str:
    return "set" if isinstance(given, str) else "list"


class ProjectIn(Body):
    id: UUID = optional(description=CHOSEN_ID)
    name: Name = Field(max_length=120, examples=["Harbour inquiry"])
    slug: str = optional(
        pattern=SLUG,
        max_length=60,
        description="Its place in addresses; made from the name if you leave it out.",
        examples=["harbour-inquiry"],
    )
    language: Language = "en"
    labels: Annotated[
        Annotated[Literal["newsroom"], Tag("set")] | Annotated[list[LabelIn], Tag("list")],
        Discriminator(_set_or_list),
    ] = Field("newsroom", description="The newsroom set, or labels of your own.")
    annotators_per_article: StrictInt = Field(1, ge=1, le=5)
    blind: StrictBool = Field(True, description="Whether annotators see only their own work.")


class ProjectOut(BaseModel):
    id: UUID
    slug: str = Field(examples=["harbour-inquiry"])
    name: str = Field(examples=["Harbour inquiry"])
    language: str = Field(description="BCP 47.", examples=["en"])
    annotators_per_article: int
    blind: bool
    lease_minutes: int
    raise_below: int | None
    audit_sample: int
    separate_adjudicator: bool
    guidelines: str = Field(description="Markdown.")
    guidelines_version: int
    version: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, project: Project) -> "ProjectOut":
        values = {name: getattr(project, name) for name in cls.model_fields if name != "id"}
        return cls(id=project.uid, **values)


class MemberIn(Body):
    role: Role
    cleared: StrictBool = optional(description="Whether they see sensitive articles.")


class MemberOut(BaseModel):
    user: str = Field(description="The user name.", examples=["ada"])
    name: str = Field(examples=["Ada Okafor"])
    role: Role
    cleared: bool = Field(description="Whether they see sensitive articles.")
    active: bool = Field(description="False for those who have left; their work stays.")
    version: int
    created_at: datetime

    @classmethod
    def of(cls, member: Membership) -> "MemberOut":
        """``member`` with its user fetched."""
        return cls.model_validate(
            {
                "user": member.user.username,
                "name": str(member.user),
                "role": member.role,
                "cleared": member.cleared,
                "active": member.deactivated_at is None,
                "version": member.version,
                "created_at": member.created_at,
            }
        )


Projects = Listing[ProjectOut]
Labels = Listing[LabelOut]
Members = Listing[MemberOut]
