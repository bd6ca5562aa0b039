"""What people choose when they take a project's articles out."""

from collections.abc import Iterable
from typing import Any

from django import forms

#: Choices beside the layers' names, each with its words.
LAYERS = {"all": "Everybody’s work", "submitted": "Submitted work only"}


class ExportForm(forms.Form):
    """Whose annotations the file has; its choices are those and the layers' ``names``."""

    def __init__(self, names: Iterable[str], *args: Any) -> None:
        super().__init__(*args)
        choices = {**LAYERS, **{name: f"Only {name}’s" for name in names if name not in LAYERS}}
        self.fields["layers"] = forms.ChoiceField(
            label="Annotations",
            help_text="Every article comes in any case.",
            choices=list(choices.items()),
        )
