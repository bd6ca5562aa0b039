"""The demo: a newsroom's project with twelve invented articles and three people at work on them.

It is made by the services that everybody uses, from the files in ``intake/demo``.
"""

import os
import secrets
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.utils import timezone

from articles.annotations.models import Annotation
from articles.annotations.relation_services import link_annotations
from articles.annotations.services import change_annotation, create_annotation, open_layer
from articles.datasets.demo_imports import load_imports
from articles.datasets.demo_review import load_review
from articles.datasets.demo_snapshots import load_snapshots
from articles.datasets.demo_suggestions import load_suggestions
from articles.desk.errors import Taken
from articles.desk.models import Label, Project, Role, User
from articles.desk.services import (
    change_project,
    create_project,
    publish_guidelines,
    set_member,
)
from articles.intake.gate_services import embargo, keep_from_training, mark_sensitive
from articles.intake.incoming import pasted
from articles.intake.models import Article
from articles.intake.services import add_article, place_article
from articles.review.assignment_services import set_priority, want_annotators
from articles.review.list_services import save_view
from articles.review.practice_services import set_practice
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment
from newsdesk.errors import refused_by

FILES = Path(__file__).parent.parent / "intake" / "demo"
SLUG = "harbour-inquiry"
DETAILS = ("external_id", "title", "publisher", "byline", "published_at", "language", "url")
#: States of an article that the desk decides on; the others come from the work on it.
PLACED = {"imported", "parked", "excluded"}
#: Gates that a file may name; an embargo is so many days from the loading.
GATES = {"sensitive": mark_sensitive, "not_for_training": keep_from_training}
#: Nobody works on the demo day and night: its people keep their places for a week.
LEASE_MINUTES = 7 * 24 * 60
#: Held while the demo is looked for and loaded, so that two servers starting at once make one.
LOCK = 20261103
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"


@dataclass(frozen=True, slots=True)
class Person:
    """One of the demo's people, and what they are in its project."""

    username: str
    name: str
    role: Role
    cleared: bool = False


PEOPLE = (
    Person("ada", "Ada Okafor", Role.ANNOTATOR, cleared=True),
    Person("ben", "Ben Lindqvist", Role.ANNOTATOR),
    Person("cem", "Cem Aydın", Role.MANAGER, cleared=True),  # and administrator: there is no other
)


@transaction.atomic
def load(*, if_empty: bool, further: Sequence[Callable[[Project, User], None]] = ()) -> None:
    """Make the demo, unless it is there or, with ``if_empty``, anybody is.

    ``further`` adds what folders that come later have to show, to the project and in the name of
    its manager.

    Raises:
        Taken: if somebody else has the name of one of its people; then nothing is made.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    if Project.objects.filter(slug=SLUG).exists() or (if_empty and User.objects.exists()):
        return
    encoded = make_password(password())
    taken = Taken("The demo's people are called ada, ben and cem; somebody here is already.")
    with refused_by(articles_user_username_key=taken):
        users = {person.username: _make_user(person, encoded) for person in PEOPLE}
    manager = users["cem"]
    project = create_project(
        actor=manager, name="Harbour inquiry", slug=SLUG, annotators_per_article=2
    )
    guidelines = (FILES / "guidelines.md").read_text("utf-8")
    project = publish_guidelines(
        actor=manager, project=project, version=project.version, text=guidelines
    )
    project = change_project(
        actor=manager, project=project, version=project.version, lease_minutes=LEASE_MINUTES
    )
    for person in PEOPLE:
        set_member(
            actor=manager,
            project=project,
            user=users[person.username],
            role=person.role,
            cleared=person.cleared,
        )
    # Newest first is how articles are listed, so the first file comes in last.
    for path in sorted(FILES.glob("*.toml"), reverse=True):
        _load_article(project, users, tomllib.loads(path.read_text("utf-8")))
    load_imports(project, manager, FILES / "agency.jsonl")
    half_done = "status=annotating&language=en"
    save_view(actor=manager, project=project, name="Half done, in English", query=half_done)
    load_snapshots(project, manager)
    for add in further:
        add(project, manager)


def sign_ins() -> list[tuple[Person, str]]:
    """Who can sign in to the demo, with the password; only those whose password it still is."""
    if not _password_file().exists():
        return []
    known = password()
    names = [person.username for person in PEOPLE]
    users = User.objects.filter(is_active=True).in_bulk(names, field_name="username")
    # A check takes half a second, on purpose; who never changed theirs share one hash.
    still = {
        encoded: check_password(known, encoded)
        for encoded in {user.password for user in users.values()}
    }
    return [
        (person, known)
        for person in PEOPLE
        if person.username in users and still[users[person.username].password]
    ]


def _make_user(person: Person, encoded: str) -> User:
    return User.objects.create(
        username=person.username,
        name=person.name,
        email=f"{person.username}@harbour.example",
        is_staff=person.role is Role.MANAGER,
        is_superuser=person.role is Role.MANAGER,
        password=encoded,
    )


def password() -> str:
    """The password of all three, made once for a data folder: easy to type, hard to guess.

    Ten syllables out of seventy are 61 bits.
    """
    path = _password_file()
    if not path.exists():
        syllables = [secrets.choice(_CONSONANTS) + secrets.choice(_VOWELS) for _ in range(10)]
        words = ["".join(syllables[at : at + 2]) for at in range(0, 10, 2)]
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "x", encoding="utf-8", opener=_only_ours) as file:
            file.write("-".join(words) + "\n")
    return path.read_text("utf-8").strip()


def _password_file() -> Path:
    data: Path = settings.DATA_DIR
    return data / "demo-password"


def _only_ours(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _load_article(project: Project, users: dict[str, User], given: dict[str, Any]) -> None:
    manager = users["cem"]
    incoming = pasted(given["text"].strip("\n"), **{name: given[name] for name in DETAILS})
    article, _ = add_article(actor=manager, project=project, incoming=incoming)
    if "annotators" in given:
        want_annotators(actor=manager, article=article, number=given["annotators"])
        article.refresh_from_db()
    for layer in given.get("layers", []):
        _load_layer(article, users, layer)
    load_suggestions(article, manager, given.get("suggestions", []))
    if given["state"] in PLACED:
        article = place_article(
            actor=manager, article=article, version=article.version, placement=given["state"]
        )
    if "review" in given:
        load_review(article, users, given["review"])
    if given.get("for_practice"):
        set_practice(actor=manager, project=project, article=article)
    for gate in given.get("gates", []):
        article = GATES[gate](actor=manager, article=article, version=article.version)
    if "embargo_days" in given:
        day = timezone.now() + timedelta(days=given["embargo_days"])
        until = day.replace(hour=6, minute=0, second=0, microsecond=0)
        article = embargo(actor=manager, article=article, version=article.version, until=until)
    if "priority" in given:
        set_priority(actor=manager, article=article, priority=given["priority"])


def _load_layer(article: Article, users: dict[str, User], given: dict[str, Any]) -> None:
    annotator = users[given["annotator"]]
    labels = {label.key: label for label in article.project.labels.all()}
    text = article.revision.body
    made = [
        (one, _annotate(article, annotator, labels[one["label"]], text, one))
        for one in given["annotations"]
    ]
    sources = {one["words"]: annotation for one, annotation in made if one["label"] == "source"}
    for one, annotation in made:
        for words in one.get("attributed_to", []):
            link_annotations(
                actor=annotator,
                label=labels["attributed_to"],
                source=annotation,
                target=sources[words],
            )
    if given["submitted"]:
        submit_layer(actor=annotator, layer=open_layer(actor=annotator, article=article))


def _annotate(
    article: Article, annotator: User, label: Label, text: str, given: dict[str, Any]
) -> Annotation:
    words = given["words"]
    start = -1
    for _ in range(given.get("occurrence", 1)):
        start = text.index(words, start + 1)
    annotation, _ = create_annotation(
        actor=annotator,
        article=article,
        label=label,
        start=start,
        end=start + len(words),
        quote=words,
        attributes=given["attributes"],
    )
    doubts = {key: given[key] for key in ("note", "unsure") if key in given}
    if doubts:
        annotation = change_annotation(
            actor=annotator, annotation=annotation, version=annotation.version, **doubts
        )
    if "comment" in given:
        add_comment(actor=annotator, on=annotation, body=given["comment"])
    return annotation
