"""What the forms of the talk send."""

from django import forms

from articles.review.talk_services import LONGEST_COMMENT


class CommentForm(forms.Form):
    """Something that somebody says; ``decision`` is what it is about, if it is about one."""

    id = forms.UUIDField(required=False)
    body = forms.CharField(max_length=LONGEST_COMMENT)
    decision = forms.UUIDField(required=False)
