"""What no form of the workbench sends, but anybody may: refused in words, and nothing half done."""

from base64 import urlsafe_b64encode
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from articles.annotations.models import Annotation, Comment, Layer, Relation
from articles.annotations.services import delete_annotation
from articles.desk import label_services
from articles.desk.events import Event
from articles.desk.models import Role
from tests.desk.people import join, make_project, make_user, manager_of, signed_in
from tests.factories import TEXT, make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

FAR = 10**30


class Desk:
    """An annotator at work on an article, with things around that they must not get at."""

    def __init__(self) -> None:
        project = make_project()
        manager = manager_of(project)
        label_services.retire_label(
            actor=manager, label=project.labels.get(key="caption"), version=1
        )
        annotator = join(project, make_user("zoe"), Role.ANNOTATOR)
        self.article = make_article(project, TEXT)
        layer = make_layer(self.article, annotator)
        relation = make_relation(layer)
        gone = make_annotation(layer, "fish")
        delete_annotation(actor=annotator, annotation=gone, version=1)
        elsewhere = make_annotation(make_layer(make_article(project), annotator))
        self.client: Client = signed_in(annotator)
        self.ids: dict[str, UUID] = {
            "mine": relation.source_id,
            "source": relation.target_id or relation.source_id,
            "relation": relation.pk,
            "gone": gone.pk,
            "elsewhere": elsewhere.pk,
            "nobody's": uuid4(),
        }

    def rows(self) -> list[int]:
        """How much there is of everything that a change could leave behind."""
        models = (Layer, Annotation, Relation, Comment, Event)
        versions = Layer.objects.order_by("pk").values_list("version", flat=True)
        return [*(model.objects.count() for model in models), *versions]

    def post(self, name: str, thing: str, fields: dict[str, Any]) -> Any:
        args = [self.ids[thing]] if thing else []
        url = reverse(name, args=[self.article.project.slug, self.article.pk, *args])
        known = {k: self.ids.get(v, v) if isinstance(v, str) else v for k, v in fields.items()}
        return self.client.post(url, known, headers={"HX-Request": "true"})


SPAN = {"start": 0, "end": 1, "quote": "📰", "label": "quote"}
CHANGE = {"version": 1}
LINK = {"type": "attributed_to", "from": "mine", "to_name": "A neighbour"}

BAD: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("annotation-create", "", {}, 422, "Start: This field is required."),
    ("annotation-create", "", SPAN | {"start": FAR}, 422, "Start: Ensure this value is less"),
    ("annotation-create", "", SPAN | {"end": 2**31}, 422, "End: Ensure this value is less"),
    ("annotation-create", "", SPAN | {"end": 2**31 - 1}, 422, "This span ends after the text."),
    ("annotation-create", "", SPAN | {"start": -1}, 422, "Start: Ensure this value is greater"),
    ("annotation-create", "", SPAN | {"start": "1e3"}, 422, "Start: Enter a whole number."),
    ("annotation-create", "", SPAN | {"start": 1}, 422, "Nothing is selected"),
    ("annotation-create", "", SPAN | {"start": 5, "end": 2}, 422, "Nothing is selected"),
    ("annotation-create", "", SPAN | {"quote": ""}, 422, "Quote: This field is required."),
    ("annotation-create", "", SPAN | {"quote": "\0"}, 422, "Quote: Null characters"),
    ("annotation-create", "", SPAN | {"quote": "x"}, 422, "These words are not at this place"),
    ("annotation-create", "", SPAN | {"quote": "x" * 3_000_000}, 422, "Quote: Ensure this value"),
    ("annotation-create", "", SPAN | {"label": "nonsense"}, 422, "no such label, or it is retired"),
    ("annotation-create", "", SPAN | {"label": "caption"}, 422, "no such label, or it is retired"),
    ("annotation-create", "", SPAN | {"label": "attributed_to"}, 422, "no such label"),
    ("annotation-create", "", SPAN | {"label": "q\0"}, 422, "Label: Null characters"),
    ("annotation-create", "", SPAN | {"id": "12"}, 422, "Id: Enter a valid UUID."),
    ("annotation-create", "", SPAN | {"id": "mine"}, 409, "already belongs to another annotation"),
    ("annotation-create", "", SPAN | {"id": "elsewhere"}, 409, "already belongs to another"),
    ("annotation-create", "", SPAN | {"revision": "nobody's"}, 409, "text was corrected meanwhile"),
    ("annotation-by-text", "", {}, 422, "Paragraph: This field is required."),
    ("annotation-by-text", "", {"paragraph": 99, "words": "a", "label": "quote"}, 422,
     "There is no paragraph 99."),
    ("annotation-by-text", "", {"paragraph": FAR, "words": "a", "label": "quote"}, 422,
     "Paragraph: Ensure this value is less"),
    ("annotation-by-text", "", {"paragraph": 1, "words": "zebra", "label": "quote"}, 422,
     "These words are not in paragraph 1."),
    ("annotation-by-text", "", {"paragraph": 1, "words": "\0", "label": "quote"}, 422, "Null"),
    ("annotation-by-text", "", {"paragraph": 1, "words": "Council", "label": "caption"}, 422,
     "Label: Select a valid choice."),
    ("annotation", "mine", {}, 422, "Version: This field is required."),
    ("annotation", "mine", {"version": FAR}, 422, "Version: Ensure this value is less"),
    ("annotation", "mine", {"version": 0}, 422, "Version: Ensure this value is greater"),
    ("annotation", "mine", {"version": 2}, 409, "you saw version 2, it is at 1 now"),
    ("annotation", "mine", CHANGE | {"label": "caption"}, 422, "no such label, or it is retired"),
    ("annotation", "mine", CHANGE | {"start": 0}, 422, "These words are not at this place"),
    ("annotation", "mine", CHANGE | {"start": 9, "end": 2, "quote": "x"}, 422, "Nothing is"),
    ("annotation", "mine", CHANGE | {"edge": "middle-up"}, 422, "Edge: Select a valid choice."),
    ("annotation", "mine", CHANGE | {"note": "x" * 2001}, 422, "A note may have 2,000 characters."),
    ("annotation", "mine", CHANGE | {"note": "\0"}, 422, "Note: Null characters"),
    ("annotation", "mine", CHANGE | {"fields": "attributes", "attributes.form": "sung"}, 422,
     "“Form” must be one of direct, mixed, indirect."),
    ("annotation", "gone", {"version": 1, "note": "x"}, 409, "was deleted meanwhile"),
    ("annotation", "elsewhere", CHANGE, 404, ""),
    ("annotation", "nobody's", CHANGE, 404, ""),
    ("annotation-delete", "mine", {}, 422, "Version: This field is required."),
    ("annotation-delete", "mine", {"version": 7}, 409, "it is at 1 now"),
    ("annotation-delete", "elsewhere", CHANGE, 404, ""),
    ("annotation-restore", "gone", {"version": 9}, 409, "you saw version 9"),
    ("comment-create", "mine", {}, 422, "Body: This field is required."),
    ("comment-create", "mine", {"body": "\0"}, 422, "Body: Null characters"),
    ("comment-create", "mine", {"body": "x" * 4001}, 422, "Body: Ensure this value has at most"),
    ("comment-create", "elsewhere", {"body": "x"}, 404, ""),
    ("relation-create", "", {"type": "attributed_to"}, 422, "From: This field is required."),
    ("relation-create", "", LINK | {"to_name": ""}, 422, "A link needs a source in the text"),
    ("relation-create", "", LINK | {"to_name": "", "to": "mine"}, 422, "cannot"),
    ("relation-create", "", LINK | {"to_name": "", "to": "elsewhere"}, 404, ""),
    ("relation-create", "", LINK | {"to_name": "", "to": "gone"}, 422, "cannot|deleted"),
    ("relation-create", "", LINK | {"to_name": "", "to": "source"}, 409, "are linked already"),
    ("relation-create", "", LINK | {"to_name": "\0"}, 422, "Null characters"),
    ("relation-create", "", LINK | {"type": "quote"}, 422, "The project has no such relation."),
    ("relation-create", "", LINK | {"type": "nonsense"}, 404, ""),
    ("relation-create", "", LINK | {"id": "relation"}, 409, "already belongs to something else"),
    ("relation-create", "", LINK | {"from": "elsewhere"}, 404, ""),
    ("relation-delete", "relation", {}, 422, "Version: This field is required."),
    ("relation-delete", "relation", {"version": 5}, 409, "you saw version 5"),
    ("layer-redo", "", {}, 409, "There is nothing to redo."),
]  # fmt: skip


@pytest.mark.parametrize(("name", "thing", "fields", "status", "words"), BAD)
def test_it_is_refused_in_words_and_nothing_is_changed(
    name: str, thing: str, fields: dict[str, Any], status: int, words: str
) -> None:
    desk = Desk()
    before = desk.rows()

    response = desk.post(name, thing, fields)

    said = response.text.replace("&quot;", '"').replace("&#x27;", "'")
    assert response.status_code == status
    assert any(alternative in said for alternative in words.split("|"))
    assert desk.rows() == before


def test_the_same_create_again_is_answered_as_the_first_and_counted_once() -> None:
    desk = Desk()
    fields = SPAN | {"id": str(uuid4())}

    first = desk.post("annotation-create", "", fields)
    between = desk.rows()
    again = desk.post("annotation-create", "", fields)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first["X-Annotation"] == again["X-Annotation"] == fields["id"]
    assert desk.rows() == between


def test_one_id_for_two_spans_is_a_conflict() -> None:
    desk = Desk()
    fields = SPAN | {"id": str(uuid4())}
    desk.post("annotation-create", "", fields)
    between = desk.rows()

    other = desk.post("annotation-create", "", fields | {"end": 2, "quote": "📰 "})

    assert other.status_code == 409
    assert desk.rows() == between


def test_an_attribute_holds_no_character_that_the_database_cannot() -> None:
    desk = Desk()
    annotation = Annotation.objects.get(pk=desk.ids["mine"])
    label = annotation.label
    label_services.change_label(
        actor=manager_of(label.project), label=label, version=1,
        attributes=[{"key": "speaker", "type": "text"}, {"key": "times", "type": "number"}],
    )  # fmt: skip

    for given in ({"attributes.speaker": "Zo\0"}, {"attributes.times": "1e999"}):
        response = desk.post("annotation", "mine", {"version": 1, "fields": "attributes", **given})
        assert response.status_code == 422


@pytest.mark.parametrize(
    "query", ["layer=%00", "selected=%00", "panel=%00", "selected=12", "check"]
)
def test_an_address_with_nonsense_in_it_is_a_page_or_not_there(query: str) -> None:
    desk = Desk()
    url = reverse("workbench", args=[desk.article.project.slug, desk.article.pk])

    assert desk.client.get(f"{url}?{query}").status_code in (200, 404)


def test_a_cursor_of_ten_thousands_of_brackets_is_refused_in_words() -> None:
    desk = Desk()
    url = reverse("article-list", args=[desk.article.project.slug])

    response = desk.client.get(url, {"after": urlsafe_b64encode(b"[" * 200_000).decode()})

    assert response.status_code == 422
    assert "not a cursor of this list" in response.text
