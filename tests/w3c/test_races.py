"""Two programs at the same annotation at the same moment."""

from collections.abc import Callable

import pytest

from articles.annotations.models import Annotation
from articles.desk.events import Event
from articles.intake.models import Article
from articles.w3c.models import WebAnnotation
from articles.w3c.queries import find_entry
from articles.w3c.services import delete_entry
from newsdesk.errors import StaleVersion
from tests.api.conftest import Newsroom
from tests.sessions import at_once
from tests.w3c.calls import Program, bookmark, on

pytestmark = pytest.mark.django_db(transaction=True)


def programs(room: Newsroom) -> tuple[Program, Program]:
    """Two of the same annotator."""
    return Program(room.people["ada"]), Program(room.people["ada"])


def statuses(*calls: Callable[[], int]) -> list[int]:
    return sorted(one for one in at_once(*calls) if isinstance(one, int))


@pytest.mark.parametrize("kind", ["note", "rest", "kept"])
def test_of_two_who_put_what_they_saw_together_one_is_told_that_it_is_stale(
    room: Newsroom, article: Article, shelf: str, kind: str
) -> None:
    ada, again = programs(room)
    said = bookmark() if kind == "kept" else on(article, "Zoë Hart")
    made = ada.post(shelf, said)

    def change(program: Program, number: int) -> int:
        new = {**said, "rights": f"http://cc.example/{number}"}
        if kind == "note":
            note = {"type": "TextualBody", "purpose": "commenting", "value": f"Note {number}"}
            new = {**said, "body": [said["body"], note]}
        return program.put(made["Location"], new, made["ETag"]).status_code

    assert statuses(lambda: change(ada, 1), lambda: change(again, 2)) == [200, 412]
    last = Event.objects.latest("pk")
    assert last.kind in ("annotation.changed", "web.changed", "web.kept")


def test_of_two_who_make_the_same_one_is_told_where_it_is(
    room: Newsroom, article: Article, shelf: str
) -> None:
    ada, again = programs(room)
    said = on(article, "Zoë Hart", rights="http://cc.example/by")

    made = statuses(
        lambda: ada.post(shelf, said).status_code, lambda: again.post(shelf, said).status_code
    )

    assert made == [201, 409]
    assert (Annotation.objects.count(), WebAnnotation.objects.count()) == (1, 1)


def test_of_two_who_ask_for_a_name_one_gets_it(room: Newsroom, shelf: str) -> None:
    ada, again = programs(room)

    made = statuses(
        lambda: ada.post(shelf, bookmark(1), Slug="fish").status_code,
        lambda: again.post(shelf, bookmark(2), Slug="fish").status_code,
    )

    assert made in ([201, 201], [201, 409])  # who comes a little later gets another name
    assert WebAnnotation.objects.filter(name="fish").count() == 1


@pytest.mark.parametrize("before", [{}, {"rights": "http://cc.example/1"}])
def test_what_was_said_besides_since_somebody_looked_is_not_deleted_unseen(
    room: Newsroom, article: Article, shelf: str, before: dict[str, str]
) -> None:
    ada, _ = programs(room)
    said = on(article, "Zoë Hart")
    made = ada.post(shelf, {**said, **before})
    seen = find_entry(room.people["ada"], room.project, made["Location"].rpartition("/")[2])
    assert seen is not None

    changed = ada.put(made["Location"], {**said, "rights": "http://cc.example/2"}, made["ETag"])

    assert changed.status_code == 200
    with pytest.raises(StaleVersion):
        delete_entry(actor=room.people["ada"], entry=seen)
    assert Annotation.objects.live().count() == 1
