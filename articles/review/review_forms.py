"""What the pages of review send."""

from django import forms

from articles.review.models import Verdict


class VerdictForm(forms.Form):
    """A ruling on one decision; ``words`` with ``start`` and ``end`` are what a fix says."""

    id = forms.UUIDField(required=False)
    version = forms.IntegerField(min_value=0)
    ruling = forms.ChoiceField(choices=Verdict.Ruling.choices)
    variant = forms.IntegerField(min_value=1, required=False)
    reason = forms.ChoiceField(choices=[("", ""), *Verdict.Reason.choices], required=False)
    label = forms.CharField(max_length=40, required=False)
    words = forms.CharField(required=False, strip=False, max_length=20_000)
    start = forms.IntegerField(min_value=0, required=False)
    end = forms.IntegerField(min_value=0, required=False)
    edge = forms.ChoiceField(
        choices=[(f"{edge}-{way}", "") for edge in ("start", "end") for way in ("left", "right")],
        required=False,
    )

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        return words.replace("\r\n", "\n")


class ReturnForm(forms.Form):
    """Whose work goes back, and why."""

    layer = forms.IntegerField(min_value=1)
    message = forms.CharField(max_length=4_000)


class AcceptForm(forms.Form):
    """How many annotators must agree exactly; empty asks for all of them."""

    at_least = forms.IntegerField(min_value=1, max_value=5, required=False)
