"""Articles behind gates, with everything on them that could be let out, each word unmistakable."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import count, cycle
from typing import Any
from uuid import uuid4

from django.utils import timezone

from articles.annotations.models import Annotation, Layer
from articles.annotations.services import change_annotation, open_layer
from articles.desk.events import Event
from articles.desk.models import User
from articles.intake.models import Article
from articles.review.adjudication_services import adjudicate
from articles.review.models import Notice, Presence, Verdict
from articles.review.review_services import open_review, return_layer
from articles.review.submission_services import submit_layer
from articles.review.talk_services import add_comment
from articles.review.verdict_services import accept_all, rule
from tests.access.world import World
from tests.factories import make_annotation, make_article, make_relation
from tests.suggestions.suggesting import make_suggestion

#: Stands in all that is behind a gate, and nowhere else.
CANARY = "zimbulak"
#: A language that no other article has.
LANGUAGE = "fo"

_now = timezone.now()
HIDING: dict[str, dict[str, Any]] = {
    "embargo": {"embargo_until": _now + timedelta(days=7)},
    "hold": {"held_at": _now, "hold_reason": f"{CANARY} legal check"},
    "withdrawn": {"withdrawn_at": _now},
}
SENSITIVE: dict[str, Any] = {"is_sensitive": True}
NOT_FOR_TRAINING: dict[str, Any] = {"not_for_training": True}
#: Hidden from everybody but managers, in each way and in all at once.
HIDDEN = [*HIDING.values(), {k: v for one in HIDING.values() for k, v in one.items()}]
#: Hidden from managers, too, if they are not cleared.
CLOSED = [SENSITIVE, SENSITIVE | HIDING["hold"], SENSITIVE | NOT_FOR_TRAINING]
#: How far the work on a gated article went.
STAGES = ("in review", "begun", "adjudicated")

_numbers = count(1)


@dataclass(frozen=True)
class Secret:
    """A gated article, and what addresses and forms may name of it."""

    article: Article
    ids: dict[str, Any]


def make_secrets(world: World, gates: list[dict[str, Any]]) -> list[Secret]:
    """One article for each gate, the work on each at another stage."""
    return [make_secret(world, *one) for one in zip(gates, cycle(STAGES), strict=False)]


def make_secret(world: World, gate: Mapping[str, Any], stage: str) -> Secret:
    """An article with work by two annotators, behind ``gate``; the most urgent of all."""
    number = next(_numbers)
    article = make_article(
        world.project,
        f"{CANARY} headline {number}\n\n“{CANARY} quote,” said {CANARY} Person {number}.\n\n"
        f"The {CANARY} claim stands.\n",
        url=f"https://{CANARY}.example/{number}",
        byline=f"By {CANARY}",
        publisher=f"The {CANARY} Post",
        external_id=f"{CANARY}-{number}",
        language=LANGUAGE,
        metadata={"desk": CANARY},
    )
    Article.objects.filter(pk=article.pk).update(annotators_wanted=2)
    article = Article.objects.select_related("project", "revision").get(pk=article.pk)
    author, colleague = world.people["author"], world.people["colleague"]
    suggestion = make_suggestion(article, f"{CANARY} Person", label="source", origin=CANARY)
    annotation = _work(article, author)
    others = _work(article, colleague, claim=stage != "adjudicated")
    comment, _ = add_comment(
        actor=world.people["reviewer"],
        on=annotation,
        body=f"{CANARY}: is it, @{author.username} @{world.people['engineer'].username}?",
    )
    add_comment(actor=world.people["reviewer"], on=article, body=f"{CANARY} @{colleague.username}")
    if stage != "begun":
        _review(world, article, [annotation.layer, others.layer], stage)
    people = [world.people[name] for name in ("author", "colleague", "reviewer")]
    Presence.objects.bulk_create(
        Presence(project=world.project, article=article, user=user) for user in people
    )
    Notice.objects.bulk_create(
        Notice(project=world.project, article=article, person=user, kind=Notice.Kind.ASSIGNED)
        for user in people
    )
    Article.objects.filter(pk=article.pk).update(priority=3, **gate)
    decision = article.decisions.first()
    return Secret(
        article,
        {
            "article_id": article.pk,
            "reviewed_id": article.pk,
            "revision_id": article.revision_id,
            "annotation_id": annotation.pk,
            "name": annotation.pk,
            "relation_id": annotation.links_out.get().pk,
            "suggestion_id": suggestion.pk,
            "comment_id": comment.pk,
            "block_id": article.revision.blocks.get(position=2).pk,
            "decision_id": decision.pk if decision else uuid4(),
            "event_id": Event.objects.filter(article_id=article.pk).latest("pk").pk,
            "notice_id": Notice.objects.filter(article=article, person=author).latest("pk").pk,
        },
    )


def nothing(ids: Mapping[str, Any]) -> dict[str, Any]:
    """Ids like ``ids``, but of nothing."""
    return {name: 0 if isinstance(value, int) else uuid4() for name, value in ids.items()}


def _work(article: Article, user: User, *, claim: bool = True) -> Annotation:
    layer = open_layer(actor=user, article=article)
    quote = make_annotation(layer, f"“{CANARY} quote,”")
    change_annotation(actor=user, annotation=quote, version=1, note=f"{CANARY} note", unsure=True)
    make_relation(source=quote, target_name=f"{CANARY} source")
    if claim:
        make_annotation(layer, f"The {CANARY} claim", label="claim")
    return quote


def _review(world: World, article: Article, layers: list[Layer], stage: str) -> None:
    reviewer = world.people["reviewer"]
    for layer in layers:
        submit_layer(actor=layer.annotator or reviewer, layer=layer)
    open_review(actor=reviewer, article=article)
    if stage == "in review":
        layer = article.layers.select_related("annotator", "project").get(pk=layers[0].pk)
        layer.article = article
        return_layer(actor=reviewer, layer=layer, message=f"{CANARY}: look again")
        return
    accept_all(actor=reviewer, article=article)
    for decision in _open(article):
        rule(actor=reviewer, decision=decision, ruling=Verdict.Ruling.ACCEPT)
    adjudicate(actor=reviewer, article=article)


def _open(article: Article) -> Iterator[Any]:
    for decision in article.decisions.open():
        decision.article = article
        yield decision
