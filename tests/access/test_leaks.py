"""What a gate hides shows nowhere: whoever may not know of it is answered as if it were not there.

Every address that can be looked at is asked twice, with filters and search words that would find
something: once while gated articles are there, with work of all kinds on them, and once after they
were taken back by the transaction. The answers must be the same, to the letter. That holds for
words, ids, counts and order at once, and for addresses that are yet to come: a new one is asked
like all others. One gate that hides stands for all, and one person for their role: what each gate
hides, and from whom, ``tests/intake/test_gates.py`` and the test of what is heard say.
"""

import json
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from articles.annotations.models import Layer
from articles.datasets.freezing import freeze
from articles.datasets.snapshot_services import Wanted, make_snapshot
from articles.desk.events import Event
from articles.formats.registry import WRITABLE
from articles.intake.models import Article
from newsdesk.api import api
from newsdesk.live_audience import heard
from newsdesk.live_wire import Change
from tests.access import gated
from tests.access.forms import api_bodies, page_forms
from tests.access.gated import CANARY, Secret
from tests.access.table import API_PUBLIC, CALLS, PAGES
from tests.access.world import Address, Everybody, World, addresses

pytestmark = pytest.mark.django_db

ADDRESSES = [one for one in addresses() if one.name not in API_PUBLIC]
#: What takes articles out; the rest is for looking at.
EXPORTS = {"export-file", "api:export_project", "api:read_events"}
#: What addresses ask for that belongs to no article, or to many, as datasets do.
NO_ARTICLES = {
    "slug", "label_id", "member_id", "user", "invitation_id", "secret", "token_id", "figure",
    "view_id", "webhook_id", "run_id", "job_id", "snapshot_id", "other_id", "file_format",
}  # fmt: skip
#: What differs between any two answers, and tells nothing: secrets of forms, ids that forms give to
#: what they will make, and when it is now.
NOISE = re.compile(
    r"""[A-Za-z0-9]{64}(?=["'}])|(?<=nonce=")[^"]*|\d\d:\d\d(?=</time>)"""
    r"""|(?<=name="id" value=")[^"]*|(?<=name="chosen_id" value=")[^"]*"""
    r"""|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+"""
)
#: What each look of the API knows behind the question mark.
PARAMETERS = {
    f"api:{methods['get']['operationId']}": [
        one["name"] for one in methods["get"].get("parameters", ()) if one["in"] == "query"
    ]
    for methods in api.get_openapi_schema()["paths"].values()
    if "get" in methods
}
HEADERS = ("Location", "Link", "Content-Disposition", "HX-Trigger")


def is_look(address: Address) -> bool:
    """Whether it is there to be looked at; the rest is done."""
    if address.is_call:
        return "GET" in CALLS.get(address.name, ("GET",))
    return "GET" in PAGES.get(address.name, ("GET",))


LOOKS = [one for one in ADDRESSES if is_look(one)]
NAMES = {one.name for one in LOOKS}


@dataclass(frozen=True)
class Ask:
    """One request, and who sends it."""

    person: str
    address: Address
    path: str
    query: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return f"{self.person} {self.path} {dict(self.query)}"


@dataclass(frozen=True)
class Answer:
    status: int
    headers: tuple[str | None, ...]
    text: str


def filters(world: World, secret: Secret, address: Address) -> dict[str, str]:
    """Search words and filters that ``secret`` passes, as far as the list there knows them."""
    if address.name.startswith("w3c-"):
        return {"page": "0"} if "container" in address.name else {}
    yesterday = timezone.now() - timedelta(days=1)
    words = {
        "q": CANARY,
        "status": "in_review",
        "label": "claim",
        "annotator": world.people["author"].username,
        "publisher": f"The {CANARY} Post",
        "language": gated.LANGUAGE,
        "updated_since": f"{yesterday:%Y-%m-%dT%H:%M:%SZ}",
    }
    if address.route.startswith("api/"):  # which refuses what it does not know
        paging = {"count": "true"} | ({} if address.name == "api:list_articles" else {"limit": "1"})
        known = PARAMETERS.get(address.name, ())
        return {name: value for name, value in (words | paging).items() if name in known}
    if address.name == "snapshot-new":
        return page_forms(world)[address.name]  # of everything: of nothing there is no preview
    return words | {"article": str(secret.article.pk)}


def asked(everybody: Everybody, asks: Iterable[Ask]) -> dict[Ask, Answer]:
    return {ask: sent(everybody, ask) for ask in asks}


def bare(people: Iterable[str], ids: Mapping[str, Any], names: Container[str]) -> Iterator[Ask]:
    """Everything that can be looked at."""
    for person in people:
        for one in LOOKS:
            if one.name in names:
                yield Ask(person, one, one.path(dict(ids)))


def closer(found: Mapping[Ask, Answer], world: World, secret: Secret) -> Iterator[Ask]:
    """What opened to somebody and is of no one article, once more with all filters."""
    for ask, answer in found.items():
        if answer.status == 200 and not set(ask.address.wanted) & secret.ids.keys():
            yield replace(ask, query=tuple(filters(world, secret, ask.address).items()))
            if ask.address.name == "api:export_project":
                for form in WRITABLE:
                    yield replace(ask, query=(("format", form.name),))


def sent(everybody: Everybody, ask: Ask) -> Answer:
    headers: dict[str, str] = {}
    browser = everybody.browsers[ask.person]
    if ask.address.is_call:
        browser = everybody.browsers["anonymous"]
        headers["Authorization"] = f"Bearer {everybody.tokens.get(ask.person, '')}"
    return answered(lambda: browser.get(ask.path, dict(ask.query), headers=headers))


def answered(send: Callable[[], Any]) -> Answer:
    """The answer to a request whose changes are taken back at once."""
    with transaction.atomic():
        response = send()
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return Answer(
        response.status_code,
        tuple(response.get(name) for name in HEADERS),
        NOISE.sub("", body.decode("utf-8", "replace")),
    )


def differences(
    world: World,
    gates: list[dict[str, Any]],
    people: Iterable[str],
    *,
    names: Container[str] = NAMES,
) -> list[str]:
    """Where the answers to ``people`` tell that there are articles behind ``gates``."""
    everybody, ordinary = Everybody(world), world.ids
    # Who saved something a minute ago is shown to be there: that must not end while we ask.
    an_hour_ago = timezone.now() - timedelta(hours=1)
    Layer.objects.filter(submitted_at=None).update(updated_at=an_hour_ago)
    with transaction.atomic():
        secrets = gated.make_secrets(world, gates)
        ids = gated.nothing(secrets[0].ids) | ordinary
        behind = asked(everybody, bare(people, ids, names))
        more = asked(everybody, closer(behind, world, secrets[0]))
        assert {answer.status for answer in more.values()} == {200}, "they must be open to tell"
        behind |= more
        transaction.set_rollback(True)
    assert not Article.objects.filter(pk__in=[one.article.pk for one in secrets]).exists()
    without = asked(everybody, behind)
    return [
        f"{ask}: {_first_difference(was, without[ask])}"
        for ask, was in behind.items()
        if was != without[ask]
    ]


def _first_difference(was: Answer, would_be: Answer) -> str:
    if (was.status, was.headers) != (would_be.status, would_be.headers):
        return f"{was.status} {was.headers}, not {would_be.status} {would_be.headers}"
    pairs = enumerate(zip(was.text, would_be.text, strict=False))
    at = next((place for place, (a, b) in pairs if a != b), len(would_be.text))
    return f"…{was.text[max(0, at - 60) : at + 120]!r}, not {would_be.text[at : at + 60]!r}"


def test_everything_that_an_address_can_name_is_arranged() -> None:
    secret = gated.make_secret(World("Harbour"), gated.SENSITIVE, "in review")

    wanted = {name for one in addresses() for name in one.wanted}

    assert wanted - NO_ARTICLES <= secret.ids.keys(), "give it a line in gated.py, or above"


def test_nobody_but_managers_can_tell_that_there_is_something_hidden() -> None:
    told = differences(World("Harbour"), [gated.HIDING["hold"]] * 3, ("author", "reviewer"))

    assert not told, "\n".join(told)


def test_who_is_not_cleared_cannot_tell_that_there_is_something_sensitive() -> None:
    told = differences(World("Harbour"), [gated.SENSITIVE] * 3, ("manager",))

    assert not told, "\n".join(told)


def test_what_is_hidden_or_not_for_training_goes_out_to_nobody() -> None:
    world = World("Harbour")
    world.project.memberships.update(cleared=True)
    gates = [*gated.HIDDEN, gated.NOT_FOR_TRAINING, *gated.CLOSED[1:]]

    assert not differences(world, gates, ("reviewer", "engineer", "manager"), names=EXPORTS)


def test_a_dataset_that_holds_what_is_gated_by_now_lets_out_no_word_of_it() -> None:
    world = World("Harbour")
    everybody = Everybody(world)
    article = gated.make_secret(world, {}, "begun").article
    wanted = Wanted("Whole", layers="all", formats=[])
    whole, _ = make_snapshot(actor=world.people["manager"], project=world.project, wanted=wanted)
    freeze(whole.pk)
    both = [
        world.ids | {"snapshot_id": whole.pk, "other_id": world.snapshot.pk},
        world.ids | {"snapshot_id": world.snapshot.pk, "other_id": whole.pk},
    ]
    of_datasets = {one.name for one in LOOKS if "snapshot_id" in one.wanted}
    asks = [ask for ids in both for ask in bare(("reviewer", "manager"), ids, of_datasets)]

    def telling() -> set[str]:
        return {ask.person for ask, got in asked(everybody, asks).items() if CANARY in got.text}

    assert telling() == {"reviewer", "manager"}
    for gate, may in ((gated.HIDING["hold"], {"manager"}), (gated.SENSITIVE, set())):
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(**gate)
            assert telling() <= may
            transaction.set_rollback(True)


def test_what_nobody_may_know_of_is_found_as_little_as_what_is_not_there() -> None:
    world = World("Harbour")
    everybody = Everybody(world)
    wrong = []
    for person, gate in (("reviewer", gated.HIDING["hold"]), ("manager", gated.SENSITIVE)):
        secret = gated.make_secret(world, gate, "in review")
        there, nowhere = world.ids | secret.ids, world.ids | gated.nothing(secret.ids)
        for one in ADDRESSES:
            if not set(one.wanted) & secret.ids.keys():
                continue
            for verb, fields in _writes(world, one, secret):
                got = _status(everybody, person, verb, one.path(there), fields)
                wanted = _status(everybody, person, verb, one.path(nowhere), fields)
                if got != wanted or got < 400:
                    wrong.append((one.name, verb, person, got, wanted))

    assert not wrong, wrong


def test_no_form_reaches_what_is_gated_by_naming_it() -> None:
    world = World("Harbour")
    everybody = Everybody(world)
    secret = gated.make_secret(world, gated.HIDING["hold"], "begun")
    ids = gated.nothing(secret.ids) | world.ids
    wrong = []
    for person in ("author", "reviewer"):
        for one in ADDRESSES:
            if set(one.wanted) & secret.ids.keys():
                continue
            for verb, fields in _writes(world, one, secret):
                if verb == "GET":
                    continue
                send = _sender(everybody, person, verb, one.path(ids), fields)
                with transaction.atomic():
                    last = Event.objects.latest("pk").pk
                    answer = answered_now(send)
                    touched = Event.objects.filter(pk__gt=last, article_id=secret.article.pk)
                    if touched.exists() or CANARY in answer or str(secret.article.pk) in answer:
                        wrong.append((one.name, verb, person))
                    transaction.set_rollback(True)

    assert not wrong, wrong


def test_nobody_hears_of_what_is_gated() -> None:
    world = World("Harbour")
    cleared = world.people["engineer"]
    world.project.memberships.filter(user=cleared).update(cleared=True)
    users = {name: user.pk for name, user in world.people.items()}

    def hearing(gate: dict[str, Any]) -> set[str]:
        article = gated.make_secret(world, gate, "begun").article
        layer = article.layers.get(annotator=world.people["author"])
        changes = [
            Change(world.project.pk, article.pk, layer=layer.pk, is_listed=True),
            Change(world.project.pk, article.pk, is_listed=True),
        ]
        told = heard(world.project.pk, changes, users.values())
        return {name for name, pk in users.items() if told[pk]}

    assert hearing({}) == set(users)
    assert [hearing(gate) for gate in gated.HIDDEN] == [{"manager"}] * 4
    assert hearing(gated.SENSITIVE) == {"engineer"}
    assert hearing(gated.NOT_FOR_TRAINING) == set(users)


def test_the_comparison_tells_where_something_is_seen() -> None:
    world = World("Harbour")
    world.project.memberships.update(cleared=True)
    showing = {"article-list", "export-file", "dashboard", "api:list_articles"}

    told = differences(world, [gated.SENSITIVE], ("manager",), names=showing)

    places = {line.split()[1] for line in told}
    slug = world.project.slug
    assert places == {one.path({"slug": slug}) for one in LOOKS if one.name in showing}


def _writes(world: World, one: Address, secret: Secret) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each verb of the address, with what nothing is wrong with but that it names the secret."""
    if one.is_call:
        fields = api_bodies(world).get(one.name.removeprefix("api:"), {})
        verbs: Iterable[str] = CALLS.get(one.name, ["GET", "POST"])
    else:
        fields = {k: v for k, v in page_forms(world).get(one.name, {}).items() if k != "uploads"}
        verbs = PAGES.get(one.name, ["GET", "POST"])
    named = {str(world.ids[name]): str(secret.ids[name])
             for name in secret.ids if name in world.ids}  # fmt: skip
    for verb in verbs:
        yield verb, _renamed(fields, named)


def _renamed(value: Any, named: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(inner, named) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_renamed(inner, named) for inner in value]
    return named.get(str(value), value)


def _sender(
    everybody: Everybody, person: str, verb: str, path: str, fields: dict[str, Any]
) -> Callable[[], Any]:
    if not path.startswith(("/api/", "/w3c/", "/annotation/w3c/", "/services/")):
        browser = everybody.browsers[person]
        return lambda: browser.post(path, fields) if verb == "POST" else browser.get(path, fields)
    headers = {"If-Match": "*", "Authorization": f"Bearer {everybody.tokens[person]}"}
    body = json.dumps(fields)
    browser = everybody.browsers["anonymous"]
    return lambda: browser.generic(verb, path, body, "application/json", headers=headers)


def _status(everybody: Everybody, person: str, verb: str, path: str, fields: dict[str, Any]) -> int:
    return answered(_sender(everybody, person, verb, path, fields)).status


def answered_now(send: Callable[[], Any]) -> str:
    """All that the answer says; what it changed stays."""
    response = send()
    body = b"".join(response) if response.streaming else response.content
    said: str = body.decode("utf-8", "replace")
    return said + str(response.get("Location"))
