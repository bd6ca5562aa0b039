"""What people choose when they make a dataset."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict

from articles.datasets.forms import STATUSES
from articles.datasets.queries import label_names
from articles.datasets.snapshot_services import LONGEST_LICENCE, LONGEST_NAME, Wanted
from articles.desk.models import LARGEST_INTEGER, Project
from articles.formats.registry import WRITABLE
from articles.review.forms import filters_in
from articles.review.models import SavedView

#: A choice of what goes in that is submitted work with a filter of its own.
DISPUTED = "disputed"
#: What goes in: articles with such work, and those layers of it.
WHAT = {
    "gold": "Adjudicated articles, with the gold layer",
    "submitted": "Articles with submitted work, with each annotator’s layer",
    DISPUTED: "Articles on which annotators disagreed, with each annotator’s layer",
    "all": "All articles, with every layer",
}
BY = {
    "story": "By story: near duplicates and revisions of one story on one side",
    "date": "By date: the oldest articles to learn from",
    "random": "At random",
    "": "Not divided",
}
FILTERS = ("q", "status", "label", "publisher", "language")


class SnapshotForm(forms.Form):
    """A wish for a dataset; ``wanted`` is what the service takes."""

    name = forms.CharField(
        max_length=LONGEST_NAME, help_text="A name that is there already gets its next version."
    )
    layers = forms.ChoiceField(label="What", choices=list(WHAT.items()), widget=forms.RadioSelect)
    view = forms.ChoiceField(
        label="Only what a view of yours shows",
        required=False,
        help_text="What you choose below goes before it.",
    )
    q = forms.CharField(label="Only with these words", required=False, max_length=200)
    status = forms.ChoiceField(label="Only with the status", required=False, choices=STATUSES)
    label = forms.ChoiceField(label="Only with the label", required=False)
    publisher = forms.CharField(label="Only of the outlet", required=False, max_length=200)
    language = forms.CharField(label="Only in the language", required=False, max_length=35)
    by = forms.ChoiceField(
        label="Split", required=False, choices=list(BY.items()), widget=forms.RadioSelect
    )
    ratios = forms.CharField(
        label="Shares", required=False, help_text="Each split and its share of the whole."
    )
    seed = forms.IntegerField(
        min_value=0, max_value=LARGEST_INTEGER, help_text="The same seed, the same split."
    )
    formats = forms.MultipleChoiceField(
        label="Files to build now",
        required=False,
        choices=[(one.name, one.title) for one in WRITABLE],
        widget=forms.CheckboxSelectMultiple,
        help_text="Any other is built when somebody asks for it.",
    )
    licence = forms.CharField(required=False, max_length=LONGEST_LICENCE)

    DEFAULTS = {
        "name": "Gold", "layers": "gold", "by": "story", "seed": 1, "formats": ["jsonl"],
        "ratios": "train 0.8, dev 0.1, test 0.1",
    }  # fmt: skip

    def __init__(self, project: Project, views: Iterable[SavedView], data: Any = None) -> None:
        super().__init__(data, initial=self.DEFAULTS)
        self._views = {str(view.pk): view for view in views}
        if self._views:
            view = self.fields["view"]
            assert isinstance(view, forms.ChoiceField)
            view.choices = [("", "None"), *((key, one.name) for key, one in self._views.items())]
        else:
            del self.fields["view"]
        self.fields["label"] = forms.ChoiceField(
            label="Only with the label",
            required=False,
            choices=[("", "Any"), *label_names(project)],
        )

    def clean_ratios(self) -> dict[str, float]:
        """Splits and their shares: ``train 0.8, test 0.2``."""
        ratios: dict[str, float] = {}
        for part in self.cleaned_data["ratios"].split(","):
            name, _, share = part.strip().partition(" ")
            try:
                ratios[name] = float(share)
            except ValueError:
                raise forms.ValidationError(
                    "Write each split with its share, such as: train 0.8, dev 0.1, test 0.1."
                ) from None
        return ratios

    @property
    def wanted(self) -> Wanted:
        """The wish, for the service."""
        given = self.cleaned_data
        is_disputed = given["layers"] == DISPUTED
        return Wanted(
            name=given["name"],
            layers="submitted" if is_disputed else given["layers"],
            by=given["by"] or None,
            seed=given["seed"],
            ratios=given["ratios"],
            filters=self._filters() | ({"disputed": "on"} if is_disputed else {}),
            formats=given["formats"],
            licence=given["licence"],
        )

    def _filters(self) -> dict[str, str]:
        """Those of the view, and over them the form's own."""
        view = self._views.get(self.cleaned_data.get("view", ""))
        shown = filters_in(QueryDict(view.query)) if view else {}
        own = {name: self.cleaned_data[name] for name in FILTERS}
        return {name: value for one in (shown, own) for name, value in one.items() if value}
