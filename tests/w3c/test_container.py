"""A project as a container: its pages, what they say of themselves, and who sees what in it."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from articles.annotations.models import Annotation
from articles.annotations.services import change_annotation, delete_annotation
from articles.desk.label_services import change_label
from articles.desk.models import Label, Project
from articles.intake.models import Article
from articles.w3c.container_queries import PAGE_SIZE, container_of, piece_after, piece_at
from articles.w3c.queries import entries
from articles.w3c.received import receive
from articles.w3c.services import add_entry
from tests.api.conftest import Newsroom
from tests.desk.people import manager_of
from tests.factories import make_annotation, make_article, make_layer
from tests.w3c.calls import HOME, JSON_LD, Program, bookmark, on, problem_of

pytestmark = pytest.mark.django_db

IRIS = 'return=representation; include="http://www.w3.org/ns/oa#PreferContainedIRIs"'


def fill(room: Newsroom, layers: list[int], kept: int) -> None:
    """Layers of Ada's with so many annotations each, and so much of something else."""
    for count in layers:
        layer = make_layer(make_article(room.project), room.people["ada"])
        for start in range(count):
            make_annotation(layer, label="claim", span=(start, start + 3))
    for number in range(kept):
        add_entry(
            actor=room.people["ada"],
            project=room.project,
            received=receive(bookmark(number)),
            meant=None,
        )


def walked(room: Newsroom, size: int, between: Callable[[], Any] = lambda: None) -> list[str]:
    """The names of all annotations, met in pages of ``size`` of which each leads to the next."""
    container = container_of(room.people["reviewer"], room.project)
    piece = piece_at(container, 0, size)
    names: list[str] = []
    while piece:
        assert piece.start == len(names) or between()
        names += [one.name for one in entries(piece)]
        between()
        container = container_of(room.people["reviewer"], room.project)
        piece = piece_after(container, piece.end, size)
    return names


@pytest.mark.parametrize(("layers", "kept"), [([], 0), ([], 5), ([4], 0), ([3, 0, 7, 1], 4)])
@pytest.mark.parametrize("size", [1, 3, 20])
def test_every_annotation_is_met_once_whether_pages_are_walked_or_counted(
    room: Newsroom, layers: list[int], kept: int, size: int
) -> None:
    fill(room, layers, kept)
    container = container_of(room.people["reviewer"], room.project)
    total = sum(layers) + kept

    counted = [
        one.name
        for start in range(0, total, size)
        for one in entries(piece_at(container, start, size))
    ]

    assert container.total == total
    assert walked(room, size) == counted
    assert len(set(counted)) == total
    assert not piece_at(container, total, size)


def test_who_walks_misses_nothing_that_stays_while_others_come_and_go(room: Newsroom) -> None:
    fill(room, [6, 6], 4)
    staying = list(Annotation.objects.order_by("layer_id", "id"))[2:]
    coming = make_layer(make_article(room.project), room.people["ada"])
    changes = iter_changes(room, coming)

    names = walked(room, 3, lambda: next(changes, None) or True)

    assert len(names) == len(set(names))
    assert {str(one.pk) for one in staying} <= set(names)


def iter_changes(room: Newsroom, layer: Any) -> Iterator[Any]:
    """Two of the first are deleted, and others made, one by one."""
    for start, gone in enumerate(Annotation.objects.order_by("layer_id", "id")[:2]):
        yield delete_annotation(actor=room.people["ada"], annotation=gone, version=1)
        yield make_annotation(layer, label="claim", span=(start, start + 4))


def test_pages_say_where_they_are_and_lead_on_and_back(
    room: Newsroom, reviewer: Program, shelf: str
) -> None:
    fill(room, [PAGE_SIZE], 2)

    whole = reviewer.get(shelf).json()
    first = reviewer.get(f"{shelf}?page=0").json()
    last = reviewer.get(first["next"]).json()

    assert whole["total"] == PAGE_SIZE + 2
    assert whole["first"] == {key: value for key, value in first.items()
                              if key not in ("@context", "partOf")}  # fmt: skip
    assert (first["startIndex"], last["startIndex"]) == (0, PAGE_SIZE)
    assert last == reviewer.get(whole["last"]).json()
    assert (last["prev"], last["partOf"]["id"]) == (first["id"], whole["id"])
    assert "next" not in last
    assert "prev" not in first


def test_a_page_that_begins_elsewhere_than_it_would_by_number_has_an_address_of_its_own(
    room: Newsroom, reviewer: Program, shelf: str
) -> None:
    fill(room, [PAGE_SIZE + 1], 0)
    following = reviewer.get(shelf).json()["first"]["next"]
    gone = Annotation.objects.order_by("id").first()
    assert gone is not None
    delete_annotation(actor=room.people["ada"], annotation=gone, version=1)

    page = reviewer.get(following).json()

    assert (page["startIndex"], len(page["items"])) == (PAGE_SIZE - 1, 1)
    assert page["id"] == following


def test_an_empty_container_names_no_pages_and_has_none_but_the_first(
    reviewer: Program, shelf: str
) -> None:
    whole = reviewer.get(shelf).json()

    assert whole["total"] == 0
    assert not {"first", "last"} & whole.keys()
    assert reviewer.get(f"{shelf}?page=0").json()["items"] == []
    assert problem_of(reviewer.get(f"{shelf}?page=1")) == (404, "not_found")


@pytest.mark.parametrize(
    "query", ["page=x", "page=-1", "page=1e3", "page=" + "9" * 30, "after=x", "after=1.x",
              "after=" + "9" * 30 + ".0197a0c4-5f1e-7c3a-9a57-2f6d0e8b1c44", "page=%00", "sort=id",
              "page=²"],
)  # fmt: skip
def test_nonsense_in_an_address_is_refused_in_words(
    reviewer: Program, shelf: str, query: str
) -> None:
    status, _ = problem_of(reviewer.get(f"{shelf}?{query}"))

    assert status == 422


@pytest.mark.parametrize("path", ["no%00where/", "nowhere/", "{shelf}%00", "{shelf}x" + "y" * 300])
def test_what_is_not_there_is_404_in_words(reviewer: Program, shelf: str, path: str) -> None:
    assert problem_of(reviewer.get(path.format(shelf=shelf))) == (404, "not_found")


@pytest.mark.parametrize("accept", ["", "*/*", JSON_LD, "application/ld+json", "text/html, */*"])
def test_json_ld_is_what_one_gets(reviewer: Program, shelf: str, accept: str) -> None:
    assert reviewer.get(shelf, Accept=accept)["Content-Type"] == JSON_LD


def test_json_is_taken_and_given_to_those_who_want_it(ada: Program, shelf: str) -> None:
    kind = "application/json; charset=utf-8"

    made = ada.post(shelf, bookmark(), Content_Type=kind, Accept="application/json, text/plain")

    assert (made.status_code, made["Content-Type"]) == (201, "application/json")
    assert problem_of(ada.get(shelf, Accept="text/turtle")) == (406, "not_acceptable")
    for body in (b"{", b"[]", b"\xff", b"[" * 5000, b'{"a": NaN}'):
        status, _ = problem_of(ada.post(shelf, body))
        assert status in (400, 422)
    refused = ada.post(shelf, bookmark(), Accept="text/turtle")
    assert problem_of(refused) == (406, "not_acceptable")
    assert ada.get(shelf).json()["total"] == 1


def test_slashes_at_the_end_make_no_difference(ada: Program, shelf: str) -> None:
    iri = ada.post(shelf.rstrip("/"), bookmark())["Location"]

    assert ada.get(shelf.rstrip("/")).content == ada.get(shelf).content
    assert ada.get(iri).content == ada.get(f"{iri}/").content


def test_who_sends_no_usable_token_is_told_to(room: Newsroom, shelf: str) -> None:
    nobody = Program(room.people["ada"])
    for header in ("", "Bearer ", "Bearer nd_x", "Basic", "Basic x", "Basic eDp5", "Digest x"):
        nobody.headers = {"Authorization": header}
        answer = nobody.get(shelf)
        assert problem_of(answer) == (401, "token_missing")
        assert answer["WWW-Authenticate"].startswith("Bearer")  # no browser shall ask for a token


def test_a_token_is_taken_as_password_from_those_who_can_send_nothing_else(
    ada: Program, shelf: str
) -> None:
    token = ada.headers["Authorization"].removeprefix("Bearer ")
    ada.headers = {"Authorization": f"Basic {b64encode(f'ada:{token}'.encode()).decode()}"}

    assert ada.get(shelf).status_code == 200


def test_a_token_of_another_project_does_not_reach(room: Newsroom, shelf: str) -> None:
    elsewhere = make_article().project
    bound = Program(room.people["manager"], project=elsewhere)

    assert problem_of(bound.get(shelf)) == (404, "not_found")


def test_preflights_need_no_token_and_tell_nothing_of_what_is_there(
    reviewer: Program, shelf: str
) -> None:
    asked = {"Origin": "https://x.example", "Access-Control-Request-Method": "PUT"}
    reviewer.headers = {}

    there, nowhere = (reviewer("OPTIONS", path, **asked) for path in (shelf, "nowhere/"))

    assert there.status_code == nowhere.status_code == 200
    assert dict(there.headers) == dict(nowhere.headers)
    assert there["Access-Control-Allow-Origin"] == "*"
    assert not there.has_header("Access-Control-Allow-Credentials")


def test_who_works_blind_finds_only_their_own(
    room: Newsroom, ada: Program, reviewer: Program, shelf: str, article: Article
) -> None:
    ben = Program(room.people["ben"])
    for program in (ada, ben):
        program.post(shelf, on(article, "Zoë Hart"))
        program.post(shelf, bookmark())

    seen = {name: who.get(shelf).json() for name, who in
            {"ada": ada, "ben": ben, "reviewer": reviewer}.items()}  # fmt: skip

    assert [seen[name]["total"] for name in seen] == [2, 2, 4]
    makers = {one["creator"]["nickname"] for one in seen["ada"]["first"]["items"]}
    assert makers == {"ada"}
    Project.objects.filter(pk=room.project.pk).update(blind=False)
    assert ada.get(shelf).json()["total"] == 4


def test_its_tag_changes_with_whatever_its_reader_may_see(
    room: Newsroom, ada: Program, reviewer: Program, shelf: str
) -> None:
    fill(room, [PAGE_SIZE + 1], 1)
    last = Annotation.objects.order_by("id").last()
    assert last is not None
    iri = ada.get(f"{shelf}?page=1&iris=1").json()["items"][-1]
    label = Label.objects.get(project=room.project, key="claim")
    user = room.people["ada"]
    changes: list[Callable[[], Any]] = [
        lambda: change_annotation(actor=user, annotation=last, version=1, note="Far behind"),
        lambda: ada.put(iri, bookmark(7), "*"),
        lambda: ada.delete(iri),
        lambda: delete_annotation(actor=user, annotation=last, version=2),
        lambda: change_label(
            actor=manager_of(room.project), label=label, version=label.version, name="A claim"
        ),
        lambda: Article.objects.update(held_at="2026-01-01T00:00:00Z", hold_reason="Legal"),
    ]
    tags = [reviewer.get(shelf)["ETag"]]
    for change in changes:
        assert reviewer.get(shelf, If_None_Match=tags[-1]).status_code == 304
        change()
        tags.append(reviewer.get(shelf)["ETag"])

    assert len(set(tags)) == len(changes) + 1


def test_another_ones_work_leaves_the_tag_of_who_works_blind(
    room: Newsroom, ada: Program, shelf: str, article: Article
) -> None:
    ada.post(shelf, on(article, "Zoë Hart"))
    before = ada.get(shelf)["ETag"]

    make_annotation(make_layer(article, room.people["ben"]))

    assert ada.get(shelf)["ETag"] == before


@pytest.mark.parametrize("prefer", ["", IRIS])
@pytest.mark.parametrize("layers", [[1], [1, 1, 1]])
def test_the_number_of_queries_does_not_grow(
    room: Newsroom,
    reviewer: Program,
    shelf: str,
    layers: list[int],
    prefer: str,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    fill(room, layers, len(layers))
    reviewer.get(shelf)  # a token's first use is noted

    with django_assert_num_queries(11 if prefer else 12):
        response = reviewer.get(shelf, Prefer=prefer)

    assert len(response.json()["first"]["items"]) == 2 * len(layers)


def test_containers_are_projects_and_none_is_made_by_the_way(
    room: Newsroom, ada: Program, shelf: str
) -> None:
    said = {"type": ["BasicContainer", "AnnotationCollection"], "label": "Mine"}
    before = Project.objects.count()

    there = ada("POST", "/w3c", said, Slug=room.project.slug)
    elsewhere = [ada("POST", "/w3c/", said, Slug=slug) for slug in ("", "new", "a b", "\\x00")]

    assert (there.status_code, there["Location"]) == (200, f"{HOME}/w3c/{shelf}")
    assert {problem_of(one) for one in elsewhere} == {(403, "not_allowed")}
    assert Project.objects.count() == before
