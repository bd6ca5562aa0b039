"""Annotations, relations and handing work in."""

from typing import Any
from uuid import uuid4

import pytest

from articles.annotations.models import Annotation, Layer, Relation
from articles.desk.events import Event
from articles.intake.models import Article
from tests.api.calls import Caller, code_of, json_of
from tests.api.conftest import Newsroom
from tests.factories import make_annotation, make_article, make_layer, make_relation

pytestmark = pytest.mark.django_db

QUOTE = "“The quay is ours again,”"


def span(article: Article, words: str = QUOTE, label: str = "quote") -> dict[str, Any]:
    start = article.revision.body.index(words)
    return {"label": label, "start": start, "end": start + len(words), "quote": words}


def annotate(who: Caller, article: Article, **body: Any) -> Any:
    return who.post(f"/articles/{article.pk}/annotations", span(article) | body)


def test_a_span_is_labelled_in_ones_own_layer(room: Newsroom, article: Article) -> None:
    response = annotate(room.ada, article, attributes={"form": "direct"})

    made = json_of(response)
    assert (response.status_code, response["ETag"]) == (201, '"1"')
    assert response["Location"] == f"/api/v1/annotations/{made['id']}"
    assert {**made, **span(article), "attributes": {"form": "direct"}} == made
    assert (made["annotator"], made["layer"], made["origin"]) == ("ada", "ada", "manual")
    assert made["created_at"].endswith("Z")
    assert json_of(room.ada.get(f"/annotations/{made['id']}")) == made


def test_the_same_annotation_sent_twice_is_made_once(room: Newsroom, article: Article) -> None:
    chosen = str(uuid4())
    first = annotate(room.ada, article, id=chosen)
    room.ada.patch(f"/annotations/{chosen}", {"note": "Look again."}, 1)

    again = annotate(room.ada, article, id=chosen)
    other = annotate(room.ada, article, id=chosen, label="claim")
    by_ben = annotate(room.ben, article, id=chosen)

    assert (first.status_code, again.status_code) == (201, 200)
    assert json_of(again)["note"] == "Look again."
    assert again["ETag"] == '"2"'
    assert code_of(other) == code_of(by_ben) == (409, "id_reused")
    assert Annotation.objects.count() == 1
    assert Event.objects.filter(kind="annotation.created").count() == 1


@pytest.mark.parametrize(
    ("change", "code", "loc"),
    [
        ({"end": 0}, "span_empty", ["body", "end"]),
        ({"start": -1}, "span_empty", ["body", "end"]),
        ({"end": 10**6}, "span_out_of_range", ["body", "end"]),
        ({"start": 10**30, "end": 10**31}, "span_out_of_range", ["body", "end"]),
        ({"quote": "Other words"}, "quote_mismatch", ["body", "quote"]),
        ({"quote": "a\x00b"}, "quote_mismatch", ["body", "quote"]),
        ({"label": "nothing"}, "label_unknown", ["body", "label"]),
        ({"label": "attributed_to"}, "label_unknown", ["body", "label"]),
        ({"attributes": {"form": "loud"}}, "attribute_invalid", ["body", "attributes", "form"]),
        ({"attributes": {"size": 1}}, "attribute_invalid", ["body", "attributes", "size"]),
        ({"start": "0"}, "invalid", ["body", "start"]),
        ({"start": 1.5}, "invalid", ["body", "start"]),
        ({"start": True}, "invalid", ["body", "start"]),
        ({"end": None}, "invalid", ["body", "end"]),
        ({"label": "\x00"}, "invalid", ["body", "label"]),
        ({"colour": "red"}, "invalid", ["body", "colour"]),
    ],
)
def test_what_has_to_be_mended_is_said(
    room: Newsroom, article: Article, change: dict[str, Any], code: str, loc: list[str]
) -> None:
    response = annotate(room.ada, article, **change)

    assert code_of(response) == (422, code)
    assert [one["loc"] for one in response.json()["errors"]] == [loc]
    assert Annotation.objects.count() == 0


def test_conflicts_say_which(room: Newsroom, article: Article) -> None:
    annotate(room.ada, article)
    annotate(room.ben, article)

    assert code_of(annotate(room.ada, article)) == (409, "duplicate_annotation")
    assert code_of(annotate(room.reviewer, article)) == (409, "no_free_slot")
    stale = annotate(room.ada, article, label="claim", revision=str(uuid4()))
    assert code_of(stale) == (409, "revision_not_current")
    room.ada.post(f"/articles/{article.pk}/submission")
    assert code_of(annotate(room.ada, article, label="claim")) == (409, "layer_closed")
    parked = make_article(room.project)
    Article.objects.filter(pk=parked.pk).update(placement="parked")
    assert code_of(annotate(room.ada, parked)) == (409, "article_not_open")


def test_who_does_not_annotate_is_refused(room: Newsroom, article: Article) -> None:
    assert code_of(annotate(room.engineer, article)) == (403, "not_allowed")
    assert code_of(annotate(room.outsider, article)) == (404, "not_found")
    assert Layer.objects.count() == 0


def test_an_annotation_is_changed_by_the_version_that_was_seen(
    room: Newsroom, article: Article
) -> None:
    path = annotate(room.ada, article)["Location"].removeprefix("/api/v1")
    words = QUOTE + " said Zoë Hart"

    missing = room.ada.patch(path, {"note": "n"})
    changed = room.ada.patch(path, span(article, words) | {"unsure": True, "note": "n"}, 1)
    stale = room.ada.patch(path, {"note": "m"}, 1)
    same = room.ada.patch(path, {"note": "n"}, 2)

    assert code_of(missing) == (428, "if_match_missing")
    assert json_of(changed)["quote"] == words
    assert (json_of(changed)["unsure"], json_of(changed)["note"]) == (True, "n")
    assert (json_of(changed)["version"], changed["ETag"]) == (2, '"2"')
    assert code_of(stale) == (412, "stale_version")
    assert json_of(same) == json_of(changed)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"end": 3}, "span_empty"),
        ({"end": 40}, "quote_mismatch"),
        ({"label": "nothing"}, "label_unknown"),
        ({"attributes": {"x": 1}}, "attribute_invalid"),
        ({"note": "x" * 2001}, "invalid"),
        ({"note": "a\x00b"}, "invalid"),
        ({"note": None}, "invalid"),
        ({"unsure": 1}, "invalid"),
        ({"label": None}, "invalid"),
        ({"version": 1}, "invalid"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(
    room: Newsroom, article: Article, body: dict[str, Any], code: str
) -> None:
    path = annotate(room.ada, article)["Location"].removeprefix("/api/v1")

    assert code_of(room.ada.patch(path, body, 1)) == (422, code)
    assert json_of(room.ada.get(path))["version"] == 1


def test_a_deleted_annotation_is_gone_with_its_links_and_deleting_again_is_no_error(
    room: Newsroom, article: Article
) -> None:
    relation = make_relation(make_layer(article, room.people["ada"]))
    path = f"/annotations/{relation.source_id}"

    missing = room.ada.delete(path)
    stale = room.ada.delete(path, 7)
    deleted = room.ada.delete(path, 1)
    again = room.ada.delete(path, 1)

    assert code_of(missing) == (428, "if_match_missing")
    assert code_of(stale) == (412, "stale_version")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert again.status_code == 204
    assert code_of(room.ada.get(path)) == (404, "not_found")
    assert code_of(room.ada.get(f"/relations/{relation.pk}")) == (404, "not_found")
    assert code_of(room.ada.patch(path, {"note": "n"}, 2)) == (409, "annotation_deleted")
    listed = json_of(room.ada.get(f"/articles/{article.pk}/annotations"))["items"]
    assert [one["label"] for one in listed] == ["source"]


def test_work_is_blind_among_annotators_and_open_to_reviewers(
    room: Newsroom, article: Article
) -> None:
    by_ada = make_annotation(make_layer(article, room.people["ada"]))
    by_ben = make_annotation(make_layer(article, room.people["ben"]), label="claim")
    path = f"/articles/{article.pk}/annotations"

    def seen(who: Caller, layer: str) -> list[str]:
        return [one["annotator"] for one in json_of(who.get(f"{path}?layer={layer}"))["items"]]

    assert seen(room.ada, "all") == seen(room.ada, "mine") == seen(room.ada, "ada") == ["ada"]
    for other in ("ben", "gold", "nobody"):
        assert code_of(room.ada.get(f"{path}?layer={other}")) == (403, "not_allowed")
    assert code_of(room.ada.get(f"/annotations/{by_ben.pk}")) == (404, "not_found")
    assert code_of(room.ada.patch(f"/annotations/{by_ben.pk}", {}, 1)) == (404, "not_found")
    for member in (room.reviewer, room.engineer, room.manager):
        assert sorted(seen(member, "all")) == ["ada", "ben"]
        assert (seen(member, "ben"), seen(member, "gold"), seen(member, "mine")) == (
            ["ben"],
            [],
            [],
        )
        assert json_of(member.get(f"/annotations/{by_ada.pk}"))["quote"] == QUOTE
    refused = room.reviewer.patch(f"/annotations/{by_ada.pk}", {"note": "n"}, 1)
    assert code_of(refused) == (403, "not_allowed")
    assert code_of(room.reviewer.delete(f"/annotations/{by_ada.pk}", 1)) == (403, "not_allowed")
    assert code_of(room.outsider.get(path)) == (404, "not_found")
    assert code_of(room.outsider.get(f"/annotations/{by_ada.pk}")) == (404, "not_found")


def test_annotations_come_in_reading_order_the_widest_first(
    room: Newsroom, article: Article
) -> None:
    layer = make_layer(article, room.people["ada"])
    made = [
        make_annotation(layer, span=(9, 12), label="source"),
        make_annotation(layer, span=(2, 5), label="claim"),
        make_annotation(layer, span=(2, 9), label="claim"),
    ]

    first = json_of(room.ada.get(f"/articles/{article.pk}/annotations?limit=2&count=true"))
    second = json_of(room.ada.get(first["next"]))

    ids = [one["id"] for one in first["items"] + second["items"]]
    assert ids == [str(made[2].pk), str(made[1].pk), str(made[0].pk)]
    assert (first["count"], second["next"]) == (3, None)
    body = article.revision.body
    assert [one["quote"] for one in first["items"]] == [body[2:9], body[2:5]]


@pytest.mark.parametrize("count", [1, 5])
def test_query_count_does_not_grow_with_annotations(
    room: Newsroom, article: Article, count: int, django_assert_num_queries: Any
) -> None:
    layer = make_layer(article, room.people["ada"])
    for start in range(count):
        source = make_annotation(layer, span=(start, start + 4))
        make_relation(source=source, target_name="The council")
    room.reviewer.get("/projects")  # the token's use is noted once a minute

    with django_assert_num_queries(6):  # token, its rate, article, role, annotations, text
        annotations = json_of(room.reviewer.get(f"/articles/{article.pk}/annotations"))["items"]
    with django_assert_num_queries(5):  # token, its rate, article, role, relations
        relations = json_of(room.reviewer.get(f"/articles/{article.pk}/relations"))["items"]

    assert (len(annotations), len(relations)) == (count, count)


def test_a_quote_is_linked_to_its_source_once(room: Newsroom, article: Article) -> None:
    layer = make_layer(article, room.people["ada"])
    quote, source = make_annotation(layer), make_annotation(layer, "Zoë Hart", label="source")
    path = f"/articles/{article.pk}/relations"
    body = {
        "id": str(uuid4()),
        "type": "attributed_to",
        "from": str(quote.pk),
        "to": str(source.pk),
    }

    first = room.ada.post(path, body)
    again = room.ada.post(path, body)
    reused = room.ada.post(path, {**body, "to": None, "to_name": "The council"})
    twice = room.ada.post(path, body | {"id": str(uuid4())})

    made = json_of(first)
    assert (first.status_code, again.status_code) == (201, 200)
    assert {**made, **body, "to_name": "", "annotator": "ada", "version": 1} == made
    assert json_of(again) == made == json_of(room.ada.get(f"/relations/{made['id']}"))
    assert json_of(room.ada.get(path))["items"] == [made]
    assert code_of(reused) == (409, "id_reused")
    assert code_of(twice) == (409, "duplicate_relation")
    assert Relation.objects.count() == 1


def test_links_that_make_no_sense_are_refused(room: Newsroom, article: Article) -> None:
    layer = make_layer(article, room.people["ada"])
    quote, source = make_annotation(layer), make_annotation(layer, "Zoë Hart", label="source")
    by_ben = make_annotation(make_layer(article, room.people["ben"]), "Zoë Hart", label="source")
    elsewhere = make_annotation(make_layer(make_article(room.project), room.people["ada"]))
    good = {"type": "attributed_to", "from": str(quote.pk), "to": str(source.pk)}
    for change, code in (
        ({"type": "quote"}, "relation_invalid"),
        ({"type": "nothing"}, "relation_invalid"),
        ({"from": str(source.pk), "to": str(quote.pk)}, "relation_invalid"),
        ({"to": str(quote.pk)}, "relation_invalid"),
        ({"to": str(by_ben.pk)}, "relation_invalid"),
        ({"from": str(elsewhere.pk)}, "relation_invalid"),
        ({"to": str(uuid4())}, "relation_invalid"),
        ({"to": None}, "relation_invalid"),
        ({"to_name": "And a name"}, "relation_invalid"),
        ({"to": None, "to_name": "x" * 201}, "invalid"),
        ({"to": None, "to_name": "\x00"}, "invalid"),
        ({"from": "x"}, "invalid"),
        ({"source": str(quote.pk)}, "invalid"),
    ):
        assert code_of(room.ada.post(f"/articles/{article.pk}/relations", good | change)) == (
            422,
            code,
        )
    by_reviewer = room.reviewer.post(f"/articles/{article.pk}/relations", good)
    assert code_of(by_reviewer) == (403, "not_allowed")
    assert Relation.objects.count() == 0


def test_a_version_that_was_weakened_on_its_way_is_the_same_version(
    room: Newsroom, article: Article
) -> None:
    path = annotate(room.ada, article)["Location"].removeprefix("/api/v1")

    changed = room.ada.patch(path, {"note": "n"}, 'W/"1"')

    assert json_of(changed)["version"] == 2


def test_a_link_is_deleted_by_the_version_that_was_seen(room: Newsroom, article: Article) -> None:
    relation = make_relation(make_layer(article, room.people["ada"]))
    path = f"/relations/{relation.pk}"

    assert code_of(room.ben.get(path)) == (404, "not_found")
    assert code_of(room.reviewer.delete(path, 1)) == (403, "not_allowed")
    assert code_of(room.ada.delete(path)) == (428, "if_match_missing")
    assert code_of(room.ada.delete(path, 9)) == (412, "stale_version")
    assert room.ada.delete(path, 1).status_code == 204
    assert room.ada.delete(path, 1).status_code == 204
    assert json_of(room.ada.get(f"/articles/{article.pk}/relations"))["items"] == []


def test_work_is_handed_in_once_and_taken_back(room: Newsroom, article: Article) -> None:
    annotate(room.ada, article)
    path = f"/articles/{article.pk}/submission"

    first = json_of(room.ada.post(path))
    again = json_of(room.ada.post(path))
    status = json_of(room.ben.get(f"/articles/{article.pk}"))["status"]
    back = [room.ada.delete(path).status_code for _ in range(2)]

    assert (first["annotator"], first["annotation_count"]) == ("ada", 1)
    assert first["submitted_at"].endswith("Z")
    assert again == first
    assert status == "annotating"
    assert back == [204, 204]
    assert annotate(room.ada, article, label="claim").status_code == 201


def test_an_article_awaits_review_when_all_its_annotators_handed_in(
    room: Newsroom, article: Article
) -> None:
    for who in (room.ada, room.ben):  # there was nothing to label, which is an answer too
        assert room_status(room, article) != "awaiting_review"
        assert who.post(f"/articles/{article.pk}/submission").status_code == 200

    assert room_status(room, article) == "awaiting_review"
    late = room.reviewer.post(f"/articles/{article.pk}/submission")
    assert code_of(late) == (409, "no_free_slot")


def room_status(room: Newsroom, article: Article) -> str:
    status: str = json_of(room.reviewer.get(f"/articles/{article.pk}"))["status"]
    return status


def test_what_is_missing_is_said_before_work_is_handed_in(room: Newsroom, article: Article) -> None:
    label = {"key": "number", "attributes": [{"key": "unit", "type": "text", "required": True}]}
    room.manager.post(f"{room.path}/labels", label)
    made = json_of(annotate(room.ada, article, label="number"))

    response = room.ada.post(f"/articles/{article.pk}/submission")

    assert code_of(response) == (409, "not_ready")
    assert [(one["kind"], one["annotation"]) for one in response.json()["checks"]] == [
        ("attribute", made["id"])
    ]


def test_who_handed_nothing_in_takes_nothing_back(room: Newsroom, article: Article) -> None:
    path = f"/articles/{article.pk}/submission"

    assert code_of(room.ada.delete(path)) == (404, "not_found")
    assert code_of(room.engineer.post(path)) == (403, "not_allowed")
    assert code_of(room.outsider.post(path)) == (404, "not_found")
