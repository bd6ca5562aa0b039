"""What people fill in at the desk. A form parses; whether a value may be is the service's word."""

from typing import Any
from uuid import uuid4

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.http import HttpRequest, QueryDict
from django.utils.text import capfirst

from articles.desk import attributes, preferences, services
from articles.desk.models import LARGEST_INTEGER, Label, Project, Role, Scope, User
from newsdesk.errors import NewsdeskError

#: Days that a token may last, each with its words.
EXPIRIES = {"30": "30 days", "90": "90 days", "365": "A year"}

ROLE_WORDS = {
    Role.ANNOTATOR: "Annotator: labels articles",
    Role.REVIEWER: "Reviewer: sees everybody’s labels",
    Role.ENGINEER: "Engineer: imports and exports",
    Role.MANAGER: "Manager: settings and members",
}

SCOPE_WORDS = {
    Scope.READ: "Read projects, articles and annotations",
    Scope.ANNOTATE: "Annotate in your name",
    Scope.IMPORT: "Import articles",
    Scope.EXPORT: "Export",
    Scope.REVIEW: "Review",
    Scope.MANAGE: "Change settings, labels and members",
}


def tell(form: forms.Form, error: NewsdeskError) -> None:
    """Put what a service refused beside the field that it is about, else above the form."""
    field = getattr(error, "field", None)
    form.add_error(field if field in form.fields else None, error.message)


class VersionedForm(forms.Form):
    """A form that says which version of the thing its reader was looking at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=LARGEST_INTEGER)

    def looked_at(self, version: int) -> None:
        """Hand the form back after a refusal: sent again, it replaces ``version``."""
        data = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        data["version"] = str(version)
        self.data = data


class ProjectForm(forms.Form):
    name = forms.CharField(max_length=120, help_text="What your desk calls it.")
    slug = forms.SlugField(
        label="Address",
        max_length=60,
        required=False,
        help_text="Small letters, digits and hyphens. Left empty, it is made from the name.",
    )
    language = forms.CharField(
        initial="en", max_length=35, help_text="The usual language of its articles: en, de, pt-BR …"
    )
    labels = forms.ChoiceField(
        choices=[
            ("newsroom", "The newsroom set: Claim, Quote, Source, Caption"),
            ("none", "None yet: I make my own"),
        ],
        initial="newsroom",
        widget=forms.RadioSelect,
    )
    annotators_per_article = forms.IntegerField(
        initial=1,
        min_value=1,
        max_value=5,
        help_text="How many people label each article, from 1 to 5.",
    )
    blind = forms.BooleanField(
        label="Blind work",
        initial=True,
        required=False,
        help_text="Annotators do not see each other’s labels.",
    )


class RulesForm(VersionedForm):
    name = forms.CharField(max_length=120)
    language = forms.CharField(
        max_length=35, help_text="The usual language of its articles: en, de, pt-BR …"
    )
    annotators_per_article = forms.IntegerField(
        min_value=1, max_value=5, help_text="How many people label each article, from 1 to 5."
    )
    raise_below = forms.IntegerField(
        label="One more where they disagree",
        required=False,
        min_value=1,
        max_value=100,
        help_text="An article whose annotators agree on less than this, in per cent, asks for one "
        "more of them, up to five. Left empty: none does.",
    )
    lease_minutes = forms.IntegerField(
        label="A place is held for",
        min_value=5,
        max_value=10_080,
        help_text="Minutes without any work, after which somebody else may have the place: 120 are "
        "two hours. What was done is kept.",
    )
    blind = forms.BooleanField(
        label="Blind work", required=False, help_text="Annotators do not see each other’s labels."
    )
    separate_adjudicator = forms.BooleanField(
        label="Separate adjudicator",
        required=False,
        help_text="Whoever annotated an article does not review it.",
    )
    audit_sample = forms.IntegerField(
        label="Audit sample",
        min_value=0,
        max_value=100,
        help_text="How many in a hundred decisions on which all agree a reviewer looks at anyway.",
    )


class GuidelinesForm(VersionedForm):
    guidelines = forms.CharField(
        label="Guidelines",
        required=False,
        widget=forms.Textarea(attrs={"rows": 18, "spellcheck": "true"}),
        help_text="Markdown: # heading, *stress*, - list, > example.",
    )


class LabelForm(VersionedForm):
    """A label's own page. ``key`` and ``kind`` are there only while the label is new."""

    version = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=LARGEST_INTEGER, required=False
    )
    name = forms.CharField(max_length=60)
    key = forms.RegexField(
        r"^[a-z][a-z0-9_]{0,39}$",
        required=False,
        help_text="Its name in exports: small letters, digits and _. Left empty, it is made from "
        "the name; it never changes.",
        error_messages={"invalid": "A key is small letters, digits and _, a letter first."},
    )
    definition = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        help_text="One or two sentences that an annotator can decide by.",
    )
    hotkey = forms.ChoiceField(
        label="Key on the keyboard",
        required=False,
        choices=[("", "None"), *((digit, digit) for digit in "123456789")],
    )
    line = forms.ChoiceField(label="Line under the words", choices=Label.Line.choices)
    color = forms.CharField(
        label="Colour on white", widget=forms.TextInput(attrs={"type": "color"}), max_length=7
    )
    color_dark = forms.CharField(
        label="Colour on black", widget=forms.TextInput(attrs={"type": "color"}), max_length=7
    )

    def __init__(self, *args: Any, label: Label | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if label is not None:
            del self.fields["key"]
            self.fields["version"].required = True


class AttributeForm(forms.Form):
    """One question that a label asks; a row without a key is no question."""

    key = forms.CharField(max_length=40, required=False)
    name = forms.CharField(max_length=60, required=False)
    type = forms.ChoiceField(
        choices=[(kind, kind.capitalize()) for kind in attributes.KINDS], required=False
    )
    choices = forms.CharField(
        max_length=2000, required=False, help_text="For a choice: words with commas between."
    )
    required = forms.BooleanField(required=False)

    def as_json(self) -> dict[str, Any]:
        """The attribute as ``attributes.parse_schema`` reads it."""
        given = self.cleaned_data
        choices = [choice.strip() for choice in given["choices"].split(",") if choice.strip()]
        return {**given, "type": given["type"] or "choice", "choices": choices}


class Questions(BaseFormSet):  # type: ignore[type-arg]  # no generic class while it runs
    """All that a label asks, and one empty row for more."""

    default_error_messages = {
        "missing_management_form": "The form came incomplete. Reload the page and send it again.",
        "too_many_forms": f"A label asks at most {attributes.MOST_ATTRIBUTES} questions.",
    }


AttributeFormSet = formset_factory(
    AttributeForm,
    formset=Questions,
    extra=1,
    max_num=attributes.MOST_ATTRIBUTES,
    absolute_max=2 * attributes.MOST_ATTRIBUTES,
    validate_max=True,
)


def attribute_rows(label: Label | None) -> list[dict[str, Any]]:
    """A label's attributes as the rows of the form show them."""
    schema = label.attributes if label else []
    return [{**one, "choices": ", ".join(one["choices"])} for one in schema]


def given_attributes(rows: "BaseFormSet[AttributeForm]") -> list[dict[str, Any]]:
    """The attributes that were filled in; rows without a key are left out."""
    return [row.as_json() for row in rows if row.cleaned_data.get("key")]


class InvitationForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(
        choices=[(role.value, words) for role, words in ROLE_WORDS.items()],
        initial=Role.ANNOTATOR,
        widget=forms.RadioSelect,
    )


def _choice(name: str, label: str, **options: Any) -> forms.ChoiceField:
    choices = list(preferences.CHOICES[name].items())
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **options)


class NameForm(forms.Form):
    """What joining asks for beside the account itself; django-allauth puts its fields after."""

    field_order = ["name", "username", "email", "password1", "password2"]

    name = forms.CharField(
        label="Your name",
        max_length=services.LONGEST_NAME,
        help_text="As the others of your project know you.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def signup(self, _request: HttpRequest, user: User) -> None:
        """Called by django-allauth once the account is made."""
        services.set_name(actor=user, name=self.cleaned_data["name"])


class PreferencesForm(forms.Form):
    name = forms.CharField(
        label="Your name",
        max_length=services.LONGEST_NAME,
        required=False,
        help_text="As others see it. Without one, they see your user name.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    theme = _choice("theme", "Theme")
    text_size = _choice("text_size", "Size of an article’s text")
    spacing = _choice("spacing", "Space between its lines")
    keys = _choice("keys", "Keys", help_text="Single keys can be in the way of speech input.")
    speech = _choice("speech", "Read aloud as the cursor moves")
    boundaries = _choice("boundaries", "Read aloud within the text")


class KeysForm(forms.Form):
    """The key of each action of the workbench; one that is left empty is the usual one."""

    prefix = "key"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, line in preferences.ACTIONS.items():
            self.fields[name] = forms.CharField(
                label=capfirst(line.does),
                required=False,
                max_length=20,
                widget=forms.TextInput(
                    attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
                ),
            )

    def clean(self) -> dict[str, Any]:
        """What differs from the usual keys."""
        usual = {name: line.usual[0] for name, line in preferences.ACTIONS.items()}
        chosen = {name: self.cleaned_data.get(name) or key for name, key in usual.items()}
        for name, line in preferences.ACTIONS.items():
            if reason := preferences.why_not(line, chosen[name]):
                self.add_error(name, reason)
        for name, reason in preferences.used_twice(chosen).items():
            self.add_error(name, reason)
        return {name: key for name, key in chosen.items() if key != usual[name]}


class ThemeForm(forms.Form):
    theme = forms.ChoiceField(choices=list(preferences.CHOICES["theme"].items()))


class TokenForm(forms.Form):
    """A new token; its id is chosen with the form, so that a double click makes one."""

    chosen_id = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid4)
    name = forms.CharField(max_length=80, help_text="What uses it, such as “nightly export”.")
    project = forms.ModelChoiceField(
        Project.objects.none(), required=False, empty_label="All my projects, also later ones"
    )
    scopes = forms.MultipleChoiceField(
        label="It may",
        choices=[(scope.value, words) for scope, words in SCOPE_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
        initial=[Scope.READ],
    )
    days = forms.ChoiceField(
        label="It lasts", choices=list(EXPIRIES.items()), initial="90", widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        project = self.fields["project"]
        assert isinstance(project, forms.ModelChoiceField)
        project.queryset = Project.objects.visible_to(user).order_by("name")
