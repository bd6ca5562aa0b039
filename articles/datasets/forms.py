"""What people choose when they take a project's articles out."""

from collections.abc import Iterable, Mapping

from django import forms

from articles.formats.registry import FORMATS, WRITABLE

#: Choices beside the layers' names, each with its words.
LAYERS = {"all": "Everybody’s work", "submitted": "Submitted work only", "gold": "Gold only"}


class ExportForm(forms.Form):
    """Which file, and whose annotations it has: of a kind, or of one of the layers' ``names``.

    It has the options of the format that was ``asked`` for.
    """

    def __init__(self, names: Iterable[str], asked: Mapping[str, str]) -> None:
        form = FORMATS.get(asked.get("format", ""), FORMATS["jsonl"])
        form = form if form.writes else FORMATS["jsonl"]
        options = {name: values[0] for name, values in form.options.items()}
        super().__init__(
            {"format": form.name, "layers": "all", **options}
            | {name: asked[name] for name in ("layers", *options) if name in asked}
        )
        self.fields["format"] = forms.ChoiceField(
            label="Format", choices=[(one.name, one.title) for one in WRITABLE]
        )
        for name, values in form.options.items():
            self.fields[name] = forms.ChoiceField(
                label=name.capitalize(), choices=[(value, value) for value in values]
            )
        choices = {**LAYERS, **{name: f"Only {name}’s" for name in names if name not in LAYERS}}
        self.fields["layers"] = forms.ChoiceField(
            label="Annotations",
            help_text="Every article comes in any case.",
            choices=list(choices.items()),
        )

    def chosen(self) -> dict[str, str]:
        """The choices, as the address of the file has them; what is none of them is left out."""
        self.is_valid()
        return {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
