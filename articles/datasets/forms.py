"""What people choose when they take a project's articles out."""

from collections.abc import Iterable, Mapping
from datetime import UTC

from django import forms

from articles.formats.registry import FORMATS, WRITABLE
from articles.review.listing import ArticleFilters, ArticleStatus
from newsdesk.errors import InvalidQuery

#: Choices beside the layers' names, each with its words.
LAYERS = {"all": "Everybody’s work", "submitted": "Submitted work only", "gold": "Gold only"}

#: What formats ask and may be told, where that does not say it by itself.
OPTIONS = {"as": "File", "for": "Task"}
VALUES = {
    "bio": "BIO", "bilou": "BILOU", "docbin": "DocBin", "jsonl": "JSONL", "relations": "links",
    "code_point": "code points", "utf_16": "UTF-16 units",
}  # fmt: skip

#: Which articles come: filters of their list, by their names in its address.
FILTERS = ("status", "label", "updated_since")
STATUSES = [("", "Any"), *((one.value, one.words.capitalize()) for one in ArticleStatus)]


class ExportForm(forms.Form):
    """Which file, whose annotations it has (of a kind, or of one of the layers' ``names``), and of
    which articles; ``labels`` are keys with their names.

    It has the options of the format that was ``asked`` for.
    """

    def __init__(
        self, names: Iterable[str], labels: Iterable[tuple[str, str]], asked: Mapping[str, str]
    ) -> None:
        form = FORMATS.get(asked.get("format", ""), FORMATS["jsonl"])
        form = form if form.writes else FORMATS["jsonl"]
        options = {name: values[0] for name, values in form.options.items()}
        super().__init__(
            {"format": form.name, "layers": "all", **options}
            | {name: asked[name] for name in ("layers", *options, *FILTERS) if name in asked}
        )
        self.fields["format"] = forms.ChoiceField(
            label="Format", choices=[(one.name, one.title) for one in WRITABLE]
        )
        for name, values in form.options.items():
            self.fields[name] = forms.ChoiceField(
                label=OPTIONS.get(name, name.capitalize()),
                choices=[(value, VALUES.get(value, value)) for value in values],
            )
        choices = {**LAYERS, **{name: f"Only {name}’s" for name in names if name not in LAYERS}}
        self.fields["layers"] = forms.ChoiceField(
            label="Annotations",
            help_text="They come with their articles; an article without any comes, too.",
            choices=list(choices.items()),
        )
        self.fields["status"] = forms.ChoiceField(
            label="Only with the status", required=False, choices=STATUSES
        )
        self.fields["label"] = forms.ChoiceField(
            label="Only with the label", required=False, choices=[("", "Any"), *labels]
        )
        self.fields["updated_since"] = forms.DateTimeField(
            label="Only changed since",
            required=False,
            help_text="In UTC. The article, or any work on it.",
            widget=forms.DateTimeInput({"type": "datetime-local"}, "%Y-%m-%dT%H:%M"),
        )

    def chosen(self) -> dict[str, str]:
        """The choices, as the address of the file has them; what is none of them is left out."""
        self.is_valid()
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        if since := given["updated_since"]:
            given["updated_since"] = f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        return {name: value for name, value in given.items() if value}


def filters_asked(asked: Mapping[str, str]) -> ArticleFilters:
    """The filters in the address of a file.

    Raises:
        InvalidQuery: if one is no moment.
    """
    written = asked.get("updated_since", "")
    try:
        since = forms.DateTimeField(required=False).clean(written)
    except forms.ValidationError:
        raise InvalidQuery(
            f"“{written}” is no moment, such as 2026-11-21T08:00:00Z.", field="updated_since"
        ) from None
    return ArticleFilters(
        status=asked.get("status", ""), label=asked.get("label", ""), updated_since=since
    )
