"""What people fill in to import a file or a list of addresses."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from django import forms

from articles.desk.models import Label
from articles.formats.registry import READABLE
from articles.imports.options import LAYER, Options, key_of
from articles.intake.forms import DetailsForm

#: Bytes of a file that a page takes.
LARGEST_UPLOAD = 100_000_000
#: What a label of the file becomes, beside those of the project.
LEFT_OUT, MADE = "-", "+"


class PagesForm(DetailsForm):
    """What is chosen for all pages that are fetched; they bring no annotations."""

    keep_captions = forms.BooleanField(
        required=False,
        help_text="Without them, captions and credits are left out of articles that bring no "
        "annotations.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"keep_captions": True, **options.get("initial", {})}
        super().__init__(*args, **options)

    def options(self) -> Options:
        """What was chosen."""
        chosen = {one.name for one in fields(Options)} & self.cleaned_data.keys()
        return Options(**{name: self.cleaned_data[name] for name in chosen})


class OptionsForm(PagesForm):
    """What is chosen for all articles of a file; labels are made by managers alone."""

    annotations = forms.ChoiceField(
        label="Annotations in the file",
        choices=[
            ("layer", "Come in, each in the layer that the file names"),
            ("suggestions", "Come in as suggestions"),
            ("none", "Stay out"),
        ],
        widget=forms.RadioSelect,
        initial="layer",
    )
    layer = forms.CharField(
        max_length=150, initial=LAYER, help_text="For annotations that name none."
    )
    create_labels = forms.BooleanField(
        label="Make labels that are missing",
        required=False,
        help_text="Otherwise an article with a label that this project does not have stays out.",
    )

    def __init__(self, *args: Any, manages: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not manages:
            del self.fields["create_labels"]


class FileForm(OptionsForm):
    upload = forms.FileField(
        label="File",
        help_text="Text, web pages, JSONL, CSV, what Label Studio, doccano, Prodigy, brat or spaCy "
        "wrote, or an archive (.zip) of any of them, up to 100 MB.",
        error_messages={"required": "Choose a file."},
    )
    format = forms.ChoiceField(
        choices=[("", "Told from the file"), *((one.name, one.title) for one in READABLE)],
        required=False,
    )

    field_order = ["upload", "format"]

    def clean_upload(self) -> Any:
        """The file, unless a page does not take one of its size."""
        upload = self.cleaned_data["upload"]
        if upload.size > LARGEST_UPLOAD:
            raise forms.ValidationError(
                "This file has more than 100 MB. Send it by the API, which takes larger ones."
            )
        return upload


class AddressesForm(PagesForm):
    addresses = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "dir": "ltr"}),
        help_text="One a line, up to 500. The pages are fetched one after the other.",
        error_messages={"required": "Paste the addresses of articles here."},
    )

    field_order = ["addresses"]


class AgainForm(OptionsForm):
    """Other options for the same file; each of its labels that is not ours is asked for."""

    def __init__(
        self, *args: Any, theirs: Sequence[str], ours: Sequence[Label], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        known = {label.key for label in ours}
        self._theirs = {f"label-{at}": name for at, name in enumerate(theirs)}
        for field, name in self._theirs.items():
            key = key_of(name)
            choices = [(label.key, label.name) for label in ours]
            if key not in known:
                choices.insert(0, (MADE, "As it is"))
            initial = Options(**self.initial.get("chosen", {})).labels.get(name, key)
            self.fields[field] = forms.ChoiceField(
                label=f"Their “{name}”",
                choices=[*choices, (LEFT_OUT, "Leave out")],
                initial=LEFT_OUT if initial == "" else initial if initial in known else MADE,
            )

    def options(self) -> Options:
        """What was chosen, with the file's labels by ours."""
        labels = {}
        for field, name in self._theirs.items():
            chosen = self.cleaned_data[field]
            if chosen != MADE and chosen != key_of(name):
                labels[name] = "" if chosen == LEFT_OUT else chosen
        return replace(super().options(), labels=labels)


class ConfirmForm(forms.Form):
    """What of the fetched pages is left out: ``line:block``, for each block that was struck."""

    id = forms.UUIDField()
    strike = forms.Field(widget=forms.MultipleHiddenInput, required=False)

    def struck(self) -> dict[str, list[int]]:
        """The struck blocks by their line; what is no such pair is not looked at."""
        found: dict[str, list[int]] = {}
        for pair in self.cleaned_data["strike"]:
            line, _, block = pair.partition(":")
            if line.isdecimal() and block.isdecimal():
                found.setdefault(line, []).append(int(block))
        return found
