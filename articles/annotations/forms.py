"""What the workbench's forms send, made into Python values or refused in words."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.db import models
from django.http import QueryDict

from articles.annotations.relation_services import LONGEST_NAME
from articles.desk.attributes import Attribute, AttributeInvalid, parse_schema
from articles.desk.forms import VersionedForm
from articles.desk.models import LARGEST_INTEGER, Label
from articles.text.canonical import MAX_TEXT_BYTES
from newsdesk.errors import Invalid

#: Code points that a quote field may have: a whole text, all of it ASCII.
LONGEST_QUOTE = MAX_TEXT_BYTES


class SpanForm(forms.Form):
    """A new annotation: where, of which words, with which label."""

    id = forms.UUIDField(required=False)
    revision = forms.UUIDField(required=False)
    start = forms.IntegerField(min_value=0, max_value=LARGEST_INTEGER)
    end = forms.IntegerField(min_value=0, max_value=LARGEST_INTEGER)
    quote = forms.CharField(strip=False, max_length=LONGEST_QUOTE)
    label = forms.CharField(max_length=40)


class ByTextForm(forms.Form):
    """A new annotation by its words: the route that needs no selection."""

    id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    paragraph = forms.IntegerField(label="Paragraph", min_value=1, max_value=LARGEST_INTEGER)
    words = forms.CharField(
        label="Words to label", max_length=20_000, widget=forms.Textarea({"rows": 2})
    )
    occurrence = forms.IntegerField(
        label="Which of them, if they stand there more than once",
        required=False,
        min_value=1,
        max_value=LARGEST_INTEGER,
    )

    def __init__(
        self, data: Mapping[str, Any] | None, *, labels: list[Label], **kwargs: Any
    ) -> None:
        super().__init__(data, auto_id="by-text-%s", **kwargs)
        choices = [(label.key, label.name) for label in labels]
        self.fields["label"] = forms.ChoiceField(label="Label", choices=choices)


class ChangeForm(forms.Form):
    """A change of an annotation; what is absent stays as it is."""

    version = forms.IntegerField(min_value=1, max_value=LARGEST_INTEGER)
    label = forms.CharField(required=False, max_length=40)
    start = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)
    end = forms.IntegerField(required=False, min_value=0, max_value=LARGEST_INTEGER)
    quote = forms.CharField(required=False, strip=False, max_length=LONGEST_QUOTE)
    note = forms.CharField(required=False)
    edge = forms.ChoiceField(
        required=False,
        choices=[(f"{edge}-{way}", "") for edge in ("start", "end") for way in ("left", "right")],
    )


class LinkForm(forms.Form):
    """A link from an annotation to another, or to a name that the text does not give."""

    id = forms.UUIDField(required=False)
    type = forms.CharField(max_length=40)
    source = forms.UUIDField()
    to = forms.UUIDField(required=False)
    to_name = forms.CharField(required=False, max_length=LONGEST_NAME)

    def __init__(self, data: QueryDict) -> None:
        # “from” is a Python word and cannot name a field.
        super().__init__({**data.dict(), "source": data.get("from")})


class MergeForm(VersionedForm):
    """Which label another is merged into."""

    def __init__(
        self, data: QueryDict | None, *, labels: models.QuerySet[Label], version: int
    ) -> None:
        super().__init__(data, initial={"version": version})
        self.fields["into"] = forms.ModelChoiceField(
            labels, label="Merge into", empty_label="Choose a label"
        )


def cleaned(form: forms.Form) -> dict[str, Any]:
    """The form's values.

    Raises:
        Invalid: naming the first field that is wrong, in words.
    """
    if form.is_valid():
        return form.cleaned_data
    name, errors = next(iter(form.errors.items()))
    field = "from" if name == "source" else name
    raise Invalid(f"{field.capitalize()}: {errors[0]}", field=field)


def as_uuid(value: str | None) -> UUID | None:
    """``value`` as a UUID, or ``None`` if it is none."""
    try:
        return UUID(value or "")
    except ValueError:
        return None


def attribute_values(schema: list[dict[str, Any]], data: QueryDict) -> dict[str, Any]:
    """The attributes that a form gives as ``attributes.<key>``; an empty field is no value.

    Raises:
        AttributeInvalid: if a number is none.
    """
    values: dict[str, Any] = {}
    for attribute in parse_schema(schema):
        given = data.get(f"attributes.{attribute.key}", "").strip()
        if given:
            values[attribute.key] = _read(attribute, given)
    return values


def _read(attribute: Attribute, given: str) -> Any:
    if attribute.type == "boolean":
        return {"yes": True, "no": False}.get(given, given)
    if attribute.type == "number":
        try:
            number = float(given)
        except ValueError:
            raise AttributeInvalid(f"“{attribute.name}” must be a number.") from None
        return int(number) if number.is_integer() else number
    return given
