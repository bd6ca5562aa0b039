"""What people choose when they make a dataset."""

from typing import Any

from django import forms

from articles.datasets.forms import STATUSES
from articles.datasets.queries import label_names
from articles.datasets.snapshot_services import LONGEST_LICENCE, LONGEST_NAME, Wanted
from articles.desk.models import LARGEST_INTEGER, Project
from articles.formats.registry import WRITABLE

LAYERS = {
    "gold": "Adjudicated articles, with the gold layer",
    "submitted": "Articles with submitted work, with every submitted layer",
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
    layers = forms.ChoiceField(label="What", choices=list(LAYERS.items()), widget=forms.RadioSelect)
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

    def __init__(self, project: Project, data: Any = None) -> None:
        super().__init__(data, initial=self.DEFAULTS)
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
        return Wanted(
            name=given["name"],
            layers=given["layers"],
            by=given["by"] or None,
            seed=given["seed"],
            ratios=given["ratios"],
            filters={name: given[name] for name in FILTERS if given[name]},
            formats=given["formats"],
            licence=given["licence"],
        )
