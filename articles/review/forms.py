"""What is filled in beside the list of articles. A form parses; the service says what may be."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from articles.desk.models import Project, Role, User
from articles.desk.permissions import can_annotate
from articles.intake.models import Article
from articles.review.assignment_services import MOST_PLACES, MOST_URGENT
from articles.review.bulk_services import Act, Verb
from articles.review.listing import ArticleFilters

#: The filters of the list, by their names in its address.
FILTERS = (
    "q", "status", "label", "annotator", "language", "publisher", "agreement", "returned",
)  # fmt: skip


def filters_in(query: QueryDict) -> dict[str, str]:
    """The filters that an address holds, empty ones too."""
    return {name: query.get(name, "").strip() for name in FILTERS}


def filters_of(given: Mapping[str, Any]) -> ArticleFilters:
    """The same, for the query."""
    return ArticleFilters(**given)


class BulkForm(forms.Form):
    """What to do with which articles: those that are ticked, or all that pass the filters.

    ``act`` is a verb with a person's id or a value, such as ``assign:7`` or ``priority:2``.
    """

    act = forms.ChoiceField(
        error_messages={"required": "Choose what to do."},
        widget=forms.Select(attrs={"class": "input", "data-acts": True}),
    )
    to = forms.ModelChoiceField(
        User.objects.none(), required=False, widget=forms.Select(attrs={"class": "input"})
    )
    batch = forms.UUIDField(required=False)
    query = forms.CharField(required=False)

    def __init__(self, project: Project, data: QueryDict | None = None) -> None:
        super().__init__(data)
        members = project.memberships.active().select_related("user")
        people = [one.user for one in members.order_by("user__name", "user__username")
                  if can_annotate(Role(one.role))]  # fmt: skip
        self._people = {str(person.pk): person for person in people}
        act, to = self.fields["act"], self.fields["to"]
        assert isinstance(act, forms.ChoiceField)
        assert isinstance(to, forms.ModelChoiceField)
        act.choices = _acts(people)
        to.queryset = User.objects.filter(pk__in=[person.pk for person in people])

    @property
    def is_all(self) -> bool:
        """Whether it is for all that pass the filters."""
        return "all" in self.data

    @property
    def filters(self) -> ArticleFilters:
        """The filters of the list from which it was sent."""
        return filters_of(filters_in(QueryDict(self.cleaned_data["query"])))

    @property
    def ticked(self) -> list[UUID]:
        """The ids of the articles that were ticked; what is no id is none."""
        assert isinstance(self.data, QueryDict)
        return _ids(" ".join(self.data.getlist("article")).split())

    def clean(self) -> dict[str, Any]:
        """With ``chosen``, the act."""
        verb, _, value = self.cleaned_data.get("act", "").partition(":")
        if verb:
            self.cleaned_data["chosen"] = Act(
                Verb(verb), self._people.get(value), self.cleaned_data.get("to"), value
            )
        return self.cleaned_data


def _acts(people: Iterable[User]) -> list[Any]:
    def each(verb: Verb) -> list[tuple[str, str]]:
        return [(f"{verb}:{person.pk}", str(person)) for person in people]

    return [
        ("", "What to do"),
        ("Assign to", each(Verb.ASSIGN)),
        ("Take back from", each(Verb.TAKE)),
        ("Hand over from", each(Verb.HAND)),
        ("Priority", [(f"{Verb.PRIORITY}:{number}", f"Priority {number}")
                      for number in reversed(range(MOST_URGENT + 1))]),
        ("Annotators", [(f"{Verb.WANT}:{number}", f"Ask for {number}")
                        for number in range(2, MOST_PLACES + 1)]),
        ("Place", [(f"{Verb.PLACE}:{Article.Placement.PARKED}", "Park"),
                   (f"{Verb.PLACE}:{Article.Placement.READY}", "Make ready")]),
    ]  # fmt: skip


def _ids(texts: Iterable[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


class SavedViewForm(forms.Form):
    """A name for the filters that the list has now."""

    name = forms.CharField(max_length=60)
    query = forms.CharField(max_length=1000)
