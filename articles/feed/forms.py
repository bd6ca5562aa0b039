"""What managers fill in about webhooks."""

from uuid import uuid4

from django import forms

from articles.feed.posting import LONGEST_ADDRESS

#: What a webhook can be told of, as people call it.
KIND_WORDS = {
    "article": "Articles: new ones, what is known about them, where they stand",
    "layer": "Layers: who began, submitted or was returned",
    "annotation": "Annotations",
    "relation": "Links",
    "label": "Labels: the set itself",
    "snapshot": "Snapshots",
}
#: The same in a sentence.
SHORT_WORDS = {
    "article": "articles", "layer": "layers", "annotation": "annotations", "relation": "links",
    "label": "labels", "snapshot": "snapshots",
}  # fmt: skip


class WebhookForm(forms.Form):
    """A new webhook; its id is chosen with the form, so that a double click adds one."""

    chosen_id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    url = forms.CharField(
        label="Address",
        max_length=LONGEST_ADDRESS,
        help_text="Public and https. Requests come from this server and are signed.",
        widget=forms.URLInput,
    )
    kinds = forms.MultipleChoiceField(
        label="It is told of",
        required=False,
        choices=list(KIND_WORDS.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text="With none it is told of everything. "
        "That an article must not be used any more is always told.",
    )


class ReplayForm(forms.Form):
    after = forms.CharField(
        label="Behind", max_length=60, required=False,
        help_text="A cursor; without one, from the very beginning.",
    )  # fmt: skip
    until = forms.CharField(
        label="Up to", max_length=60, required=False,
        help_text="A cursor; without one, up to where the webhook has come.",
    )  # fmt: skip
