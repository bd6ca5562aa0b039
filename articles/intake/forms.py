"""What people fill in to bring articles in. A form parses; the service says what may be."""

from typing import Any

from django import forms

from articles.desk.forms import VersionedForm
from articles.desk.models import LARGEST_INTEGER
from articles.intake.models import Article


class ManyFiles(forms.FileInput):
    """An input for several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """One file or more; an empty one too, because each is answered for by itself."""

    widget = ManyFiles

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """The files, a list."""
        return [super(FilesField, self).clean(one, initial) for one in data or [None]]


class DetailsForm(forms.Form):
    """What may be said about every article that comes in."""

    publisher = forms.CharField(max_length=200, required=False, help_text="Where it appeared.")
    language = forms.CharField(
        max_length=35,
        required=False,
        help_text="A code such as en or pt-BR. Left empty: the page’s own, or the project’s.",
    )
    check_first = forms.BooleanField(
        label="Check first",
        required=False,
        help_text="It waits as “imported”, and nobody gets it to label until a manager makes it "
        "ready.",
    )

    def details(self) -> dict[str, Any]:
        """What was filled in, as ``Incoming`` takes it."""
        given = {name: value for name, value in self.cleaned_data.items() if value}
        check_first = given.pop("check_first", False)
        placement = Article.Placement.IMPORTED if check_first else Article.Placement.READY
        return {**given, "placement": placement}


class PasteForm(DetailsForm):
    text = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 18, "dir": "auto", "spellcheck": "false"}),
        help_text="The whole text, with its headline first. A copied web page may come as it is: "
        "its menus and advertisements are recognised and folded away.",
        error_messages={"required": "Paste the article’s text here."},
    )
    title = forms.CharField(
        max_length=500, required=False, help_text="Left empty: the headline in the text."
    )
    byline = forms.CharField(max_length=300, required=False)
    url = forms.URLField(label="Address", max_length=2000, required=False, assume_scheme="https")
    external_id = forms.CharField(
        label="External id",
        max_length=200,
        required=False,
        help_text="What another system calls it. The same one twice is refused.",
    )

    field_order = ["text", "title", "byline", "publisher", "url", "external_id", "language"]


class FilesForm(DetailsForm):
    uploads = FilesField(
        label="Files",
        widget=ManyFiles(attrs={"accept": ".txt,.text,.md,.html,.htm,.xhtml"}),
        help_text="Text (.txt) or saved web pages (.html), up to 100 at once. Drop them on "
        "the field, or choose them.",
        error_messages={"required": "Choose at least one file."},
    )

    field_order = ["uploads", "publisher", "language"]


class PlacementForm(forms.Form):
    """Where an article goes, said of the version that was looked at."""

    placement = forms.ChoiceField(choices=Article.Placement.choices)
    version = forms.IntegerField(min_value=1, max_value=LARGEST_INTEGER)


class EmbargoForm(VersionedForm):
    until = forms.DateTimeField(
        label="Until, in UTC",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say until when.", "invalid": "This is no day and time."},
    )


class HoldForm(VersionedForm):
    reason = forms.CharField(
        max_length=300,
        help_text="What it waits for, such as a legal check. Managers read it.",
        error_messages={"required": "Say why."},
    )
