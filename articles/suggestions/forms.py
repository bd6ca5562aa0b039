"""What somebody makes of a suggestion."""

from django import forms

from articles.suggestions.models import SuggestionVerdict


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(choices=SuggestionVerdict.Decision.choices)
