"""What another program says of our texts becomes an annotation of ours, and stays one."""

from typing import Any

import pytest

from articles.annotations.models import Annotation
from articles.annotations.services import LONGEST_NOTE, change_annotation
from articles.annotations.undo_services import undo
from articles.desk.events import Event
from articles.intake.models import Article
from articles.review.submission_services import submit_layer
from articles.w3c.models import WebAnnotation
from tests.api.conftest import Newsroom
from tests.factories import TEXT, make_annotation, make_layer
from tests.w3c.calls import HOME, Program, bookmark, on, problem_of

pytestmark = pytest.mark.django_db

WORDS = "Zoë Hart"
START = TEXT.index(WORDS)
POSITION = {"type": "TextPositionSelector", "start": START, "end": START + len(WORDS)}
QUOTE = {"type": "TextQuoteSelector", "exact": WORDS}
TAG = {"type": "TextualBody", "purpose": "tagging", "value": "source"}


def place(article: Article, *selectors: Any, source: str = "") -> dict[str, Any]:
    source = source or f"{HOME}/api/v1/articles/{article.pk}"
    return {"type": "SpecificResource", "source": source, "selector": list(selectors)}


@pytest.mark.parametrize(
    "selectors",
    [
        [POSITION],
        [QUOTE],
        [QUOTE, POSITION],
        [{**QUOTE, "exact": "e", "prefix": "sells fish ther", "suffix": ". It"}],
        [{"type": "CssSelector", "value": "p"}, QUOTE],
    ],
)
def test_a_place_is_found_by_position_or_quote(
    ada: Program, shelf: str, article: Article, selectors: list[Any]
) -> None:
    response = ada.post(shelf, on(article, "", target=place(article, *selectors)))

    assert response.status_code == 201
    annotation = Annotation.objects.get()
    found = TEXT[annotation.start : annotation.end]
    quotes = [one["exact"] for one in selectors if "exact" in one]
    assert found == (quotes[0] if quotes else WORDS)
    kept = response.json()["target"]["selector"]
    assert [one for one in selectors if one["type"] == "CssSelector"] == kept[2:]


@pytest.mark.parametrize(
    "address",
    [
        "{home}/api/v1/articles/{id}",
        "{home}/api/v1/articles/{id}/text",
        "{home}/api/v1/revisions/{revision}/text",
        "{home}/p/{slug}/articles/{id}/annotate/",
        "https://bugle.example/quay",
    ],
)
def test_an_article_is_known_by_each_of_its_iris(
    ada: Program, shelf: str, article: Article, address: str
) -> None:
    Article.objects.filter(pk=article.pk).update(url="https://bugle.example/quay")
    iri = address.format(
        home=HOME, id=article.pk, revision=article.revision_id, slug=article.project.slug
    )

    for source in (iri, {"id": iri, "type": "Text"}):
        said = on(article, "", target=place(article, QUOTE) | {"source": source})
        response = ada.post(shelf, said)
        assert response.status_code == 201
        assert ada.delete(response["Location"]).status_code == 204


@pytest.mark.parametrize(
    "body",
    [
        TAG,
        [TAG],
        {**TAG, "value": "Source"},
        {**TAG, "purpose": "classifying"},
        {"type": "SpecificResource", "purpose": "classifying",
         "source": f"{HOME}/api/v1/projects/harbour-inquiry/labels#source"},
        f"{HOME}/api/v1/projects/harbour-inquiry/labels#source",
    ],
)  # fmt: skip
def test_a_label_is_named_by_its_iri_key_or_name(
    ada: Program, shelf: str, article: Article, body: Any
) -> None:
    response = ada.post(shelf, on(article, WORDS, body=body))

    assert response.status_code == 201
    assert Annotation.objects.get().label.key == "source"
    assert len(response.json()["body"]) == 2  # the label's IRI and its key: nothing is said twice


def test_it_is_in_the_callers_own_layer_and_what_we_have_no_place_for_beside_it(
    room: Newsroom, ada: Program, shelf: str, article: Article
) -> None:
    note = {"type": "TextualBody", "purpose": "commenting", "value": "Sells fish"}
    video = {"type": "Video", "id": "http://elsewhere.example/v"}
    more: dict[str, Any] = {
        "rights": "http://cc.example/by",
        "audience": {"type": "Audience"},
        "new": [1],
    }

    response = ada.post(shelf, on(article, WORDS, body=[TAG, note, video], **more), Slug="fish")

    annotation = Annotation.objects.get()
    assert annotation.layer.annotator == room.people["ada"]
    assert annotation.note == "Sells fish"
    document = response.json()
    assert document["id"] == response["Location"] == f"{HOME}/w3c/{shelf}fish"
    assert {key: document[key] for key in more} == more
    assert document["body"][2:] == [{**note, "format": "text/plain"}, video]
    assert WebAnnotation.objects.get().document == {**more, "body": [video]}
    same = ada.get(f"{shelf}{annotation.pk}")  # by the id that our API knows it by
    assert (same.json(), same["Content-Location"]) == (document, document["id"])
    kinds = Event.objects.order_by("pk").values_list("kind", flat=True)
    assert list(kinds)[-4:] == [
        "layer.opened", "annotation.created", "annotation.changed", "web.kept",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"target": {"selector": [{**QUOTE, "exact": "zebra"}]}}, (422, "quote_mismatch")),
        ({"target": {"selector": [{**QUOTE, "exact": "x"}, POSITION]}}, (422, "quote_mismatch")),
        ({"target": {"selector": [{**QUOTE, "exact": "the"}]}}, (409, "quote_ambiguous")),
        ({"target": {"selector": [{**QUOTE, "exact": ""}]}}, (422, "selector_missing")),
        ({"target": {"selector": [{**POSITION, "end": 9999}]}}, (422, "span_out_of_range")),
        ({"target": {"selector": [{**POSITION, "end": 1}]}}, (422, "span_empty")),
        ({"target": {"selector": [{**POSITION, "end": 10**30}]}}, (422, "span_out_of_range")),
        ({"target": {"selector": [{**POSITION, "start": "1"}]}}, (422, "not_an_annotation")),
        ({"target": {"selector": [{**POSITION, "start": True}]}}, (422, "not_an_annotation")),
        ({"target": {"selector": [{**QUOTE, "exact": ["a"]}]}}, (422, "not_an_annotation")),
        ({"target": {}}, (422, "selector_missing")),
        ({"target": {"state": {"cached": f"{HOME}/api/v1/revisions/"
                     "0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44/text"}, "selector": [QUOTE]}},
         (409, "revision_not_current")),
        ({"body": {**TAG, "value": "nonsense"}}, (422, "label_missing")),
        ({"body": {**TAG, "value": "attributed_to"}}, (422, "label_missing")),
        ({"body": {**TAG, "purpose": "commenting"}}, (422, "label_missing")),
        ({"body": [TAG, {**TAG, "value": "claim"}]}, (422, "label_missing")),
        ({"body": None}, (422, "label_missing")),
        ({"rights": "\0"}, (422, "not_an_annotation")),
        ({"rights": "x" * 70_000}, (422, "not_an_annotation")),
        ({"type": "Note"}, (422, "not_an_annotation")),
        ({"type": None}, (422, "not_an_annotation")),
    ],
)  # fmt: skip
def test_what_is_unclear_is_refused_in_words_and_nothing_is_kept(
    ada: Program, shelf: str, article: Article, said: dict[str, Any], problem: tuple[int, str]
) -> None:
    whole = on(article, WORDS) | said
    if "target" in said:
        whole["target"] = {"source": f"{HOME}/api/v1/articles/{article.pk}", **said["target"]}

    assert problem_of(ada.post(shelf, whole)) == problem
    assert not Annotation.objects.exists()
    assert not WebAnnotation.objects.exists()


def test_the_same_again_is_a_conflict_that_says_where_it_is(
    ada: Program, shelf: str, article: Article
) -> None:
    first = ada.post(shelf, on(article, WORDS, rights="http://cc.example/"), Slug="fish")

    again = ada.post(shelf, on(article, WORDS))

    assert problem_of(again) == (409, "duplicate_annotation")
    assert again.json()["existing"] == first["Location"]


def test_a_change_into_what_is_there_already_is_a_conflict_too(
    ada: Program, shelf: str, article: Article
) -> None:
    claim = ada.post(shelf, on(article, WORDS, "claim"))
    source = ada.post(shelf, on(article, WORDS, rights="http://cc.example/"))

    refused = ada.put(source["Location"], on(article, WORDS, "claim"), source["ETag"])

    assert problem_of(refused) == (409, "duplicate_annotation")
    assert refused.json()["existing"] == claim["Location"]
    assert ada.get(source["Location"]).json() == source.json()


def test_whoever_changes_says_what_they_saw(ada: Program, shelf: str) -> None:
    made = ada.post(shelf, bookmark())
    iri, tag = made["Location"], made["ETag"]

    assert problem_of(ada("PUT", iri, bookmark(2))) == (428, "if_match_missing")
    assert problem_of(ada("DELETE", iri)) == (428, "if_match_missing")
    for stale in ('"x"', 'W/"x"', "x", '"x", "y"'):
        assert problem_of(ada.put(iri, bookmark(2), stale)) == (412, "stale_version")
    for seen in (tag, f"W/{tag}", tag.strip('"'), f'"x", {tag}', "*"):
        assert ada.put(iri, bookmark(), seen).status_code == 200


def test_rules_of_the_house_hold(
    room: Newsroom, ada: Program, shelf: str, article: Article
) -> None:
    iri = ada.post(shelf, on(article, WORDS)).json()["id"]
    submit_layer(actor=room.people["ada"], layer=Annotation.objects.get().layer)

    assert problem_of(ada.post(shelf, on(article, WORDS, "claim"))) == (409, "layer_closed")
    assert problem_of(ada.put(iri, on(article, WORDS, "claim"), "*")) == (409, "layer_closed")
    assert problem_of(ada.delete(iri)) == (409, "layer_closed")
    engineer = Program(room.people["engineer"])
    assert problem_of(engineer.post(shelf, on(article, WORDS))) == (403, "not_allowed")
    assert problem_of(engineer.post(shelf, bookmark())) == (403, "not_allowed")
    reading = Program(room.people["ada"], scopes=["read"])
    assert problem_of(reading.post(shelf, bookmark())) == (403, "scope_missing")


def test_put_changes_label_span_note_and_the_rest(
    ada: Program, shelf: str, article: Article
) -> None:
    first = ada.post(shelf, on(article, WORDS, rights="http://cc.example/", canonical="urn:x:1"))
    wider = "said Zoë Hart"
    note = {"type": "TextualBody", "purpose": "commenting", "value": "Wider"}
    said = on(article, wider, "claim", audience={"type": "Audience"})
    said["body"] = [said["body"], note]

    changed = ada.put(first["Location"], said, first["ETag"])

    assert changed.status_code == 200
    annotation = Annotation.objects.get()
    assert (annotation.label.key, annotation.note) == ("claim", "Wider")
    assert TEXT[annotation.start : annotation.end] == wider
    document = changed.json()
    assert (document["canonical"], document["audience"]) == ("urn:x:1", {"type": "Audience"})
    assert "rights" not in document
    again = ada.put(first["Location"], said, first["ETag"])
    assert problem_of(again) == (412, "stale_version")
    assert ada.get(first["Location"])["ETag"] == changed["ETag"] != first["ETag"]


def test_what_was_read_and_is_sent_back_changes_nothing(
    room: Newsroom, ada: Program, shelf: str, article: Article
) -> None:
    annotation = make_annotation(make_layer(article, room.people["ada"]))
    change_annotation(
        actor=room.people["ada"], annotation=annotation, version=1, note="Is it?", unsure=True,
        attributes={"form": "direct"},
    )  # fmt: skip
    read = ada.get(f"{shelf}{annotation.pk}")
    last = Event.objects.latest("pk").pk

    written = ada.put(f"{shelf}{annotation.pk}", read.json(), read["ETag"])

    assert (written.status_code, written.json()) == (200, read.json())
    assert Event.objects.latest("pk").pk == last


def test_what_the_server_says_cannot_be_overwritten(
    ada: Program, shelf: str, article: Article
) -> None:
    owned: dict[str, Any] = {
        "id": "http://elsewhere.example/1",
        "creator": "http://elsewhere.example/me",
        "created": "1999-01-01T00:00:00Z",
        "modified": "1999-01-01T00:00:00Z",
        "generator": "http://elsewhere.example/",
        "schema:version": 99,
    }
    for said in (on(article, WORDS, **owned), bookmark(**owned, canonical="urn:x:1")):
        made = ada.post(shelf, said)
        written = ada.put(made["Location"], {**said, "motivation": "tagging"}, made["ETag"])
        for document in (made.json(), written.json()):
            assert all(document[key] != value for key, value in owned.items())
            assert document["via"] == owned["id"]
        assert written.json()["created"] == made.json()["created"]
        assert written.json()["motivation"] == "tagging"


def test_a_comment_that_is_too_long_for_a_note_is_kept_beside_the_span(
    ada: Program, shelf: str, article: Article
) -> None:
    said = on(article, WORDS)
    comment = {"type": "TextualBody", "purpose": "commenting", "value": "x" * (LONGEST_NOTE + 1)}

    made = ada.post(shelf, {**said, "body": [said["body"], comment]})

    assert (made.status_code, Annotation.objects.get().note) == (201, "")
    assert comment in made.json()["body"]


def test_a_canonical_iri_stays(ada: Program, shelf: str) -> None:
    made = ada.post(shelf, bookmark(canonical="urn:x:1"))

    other = ada.put(made["Location"], bookmark(canonical="urn:x:2"), made["ETag"])
    without = ada.put(made["Location"], bookmark(2), made["ETag"])

    assert problem_of(other) == (409, "canonical_kept")
    assert without.json()["canonical"] == "urn:x:1"


def test_an_annotation_stays_with_its_text(ada: Program, shelf: str, article: Article) -> None:
    ours = ada.post(shelf, on(article, WORDS))["Location"]
    theirs = ada.post(shelf, bookmark())["Location"]

    assert problem_of(ada.put(ours, bookmark(), "*")) == (409, "target_changed")
    assert problem_of(ada.put(theirs, on(article, "fish"), "*")) == (409, "target_changed")


def test_deleted_is_gone_until_it_is_undone(
    room: Newsroom, ada: Program, shelf: str, article: Article
) -> None:
    made = ada.post(shelf, on(article, WORDS, rights="http://cc.example/"), Slug="fish")

    assert ada.delete(made["Location"], made["ETag"]).status_code == 204
    for again in (ada.get(made["Location"]), ada.delete(made["Location"])):
        assert problem_of(again) == (410, "gone")
    assert ada.post(shelf, bookmark(), Slug="fish")["Location"] != made["Location"]
    undo(actor=room.people["ada"], layer=Annotation.objects.get().layer)
    back = ada.get(made["Location"]).json()
    assert (back["rights"], back["target"]) == ("http://cc.example/", made.json()["target"])


def test_only_who_sent_it_changes_what_is_said_of_something_else(
    room: Newsroom, ada: Program, reviewer: Program, shelf: str
) -> None:
    iri = ada.post(shelf, bookmark())["Location"]
    ben = Program(room.people["ben"])

    assert reviewer.get(iri).status_code == 200
    assert problem_of(reviewer.put(iri, bookmark(2), "*")) == (403, "not_allowed")
    assert problem_of(reviewer.delete(iri)) == (403, "not_allowed")
    for answer in (ben.get(iri), ben.put(iri, bookmark(2), "*"), ben.delete(iri)):
        assert problem_of(answer) == (404, "not_found")


def test_a_page_of_an_article_without_a_place_in_it_is_something_else(
    ada: Program, shelf: str, article: Article
) -> None:
    Article.objects.filter(pk=article.pk).update(url="https://bugle.example/quay")

    made = ada.post(shelf, bookmark(target="https://bugle.example/quay"))

    assert made.status_code == 201
    assert not Annotation.objects.exists()


def test_of_what_is_behind_a_gate_nothing_is_told_and_nothing_kept(
    room: Newsroom, ada: Program, shelf: str, article: Article
) -> None:
    made = ada.post(shelf, on(article, WORDS))
    before = ada.get(shelf).json()["total"]
    Article.objects.filter(pk=article.pk).update(is_sensitive=True)
    nowhere = on(article, WORDS)
    nowhere["target"]["source"] = f"{HOME}/api/v1/articles/{room.project.uid}/text"

    hidden = ada.post(shelf, on(article, WORDS, "claim"))

    assert problem_of(hidden) == problem_of(ada.post(shelf, nowhere)) == (422, "target_unknown")
    assert hidden.content == ada.post(shelf, nowhere).content
    assert problem_of(ada.get(made["Location"])) == (404, "not_found")
    after = ada.get(shelf).json()
    assert (before, after["total"], "first" in after) == (1, 0, False)
