"""What managers settle: who works on an article, how urgent it is, how many it asks for.

Each returns whether it changed anything: what is so already changes nothing and is no event.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from articles.annotations.errors import NoFreeSlot
from articles.annotations.models import Layer
from articles.annotations.writing import take_place
from articles.desk import permissions
from articles.desk.models import User
from articles.desk.recording import Recording, recorded
from articles.intake import services as intake_services
from articles.intake.models import Article
from articles.review.errors import IllegalMove, OutOfSight
from articles.review.listing import ArticleStatus, status_of
from articles.review.models import Notice
from articles.review.notices import notify
from newsdesk.errors import Invalid, NotAllowed

#: How long a place is held for somebody it was assigned to, until they do something there.
ASSIGNED_FOR = timedelta(days=3)
#: The greatest priority of an article.
MOST_URGENT = 3
#: Annotators that an article can have.
MOST_PLACES = 5

_TAKES_PEOPLE = {ArticleStatus.READY, ArticleStatus.ANNOTATING}
_CLOSED = {ArticleStatus.ADJUDICATED, ArticleStatus.RELEASED, ArticleStatus.EXCLUDED}


def assign(*, actor: User, article: Article, person: User) -> bool:
    """Give ``person`` a place on ``article``, held for three days until they begin.

    Raises:
        NotAllowed: unless the actor manages the project.
        Invalid: if the person does not annotate in it.
        IllegalMove: if nobody can begin with the article.
        OutOfSight: if a gate keeps the article from them.
        NoFreeSlot: if it has all its annotators.
    """
    with _settling("layer.assigned", actor, article) as (recording, article):
        _require(article, _TAKES_PEOPLE, "so nobody can be assigned to it")
        _give_place(recording, article, person, actor)
    return recording.event is not None


def take_from(*, actor: User, article: Article, person: User) -> bool:
    """Free the place of ``person`` on ``article``; what they did there is kept.

    Raises:
        NotAllowed: unless the actor manages the project.
        IllegalMove: if they have submitted it.
    """
    with _settling("layer.taken_from", actor, article) as (recording, article):
        layer = _layer_of(article, person)
        if layer is not None and layer.slot is not None:
            _free(recording, layer)
    return recording.event is not None


def reassign(*, actor: User, article: Article, person: User, to: User) -> bool:
    """Give the place of ``person`` on ``article`` to somebody else, as ``assign`` does.

    Raises:
        IllegalMove: if ``person`` has submitted it, or does not work on it.
        NotAllowed, Invalid, OutOfSight: as ``assign`` does.
    """
    with _settling("layer.reassigned", actor, article) as (recording, article):
        _require(article, _TAKES_PEOPLE, "so nobody can be assigned to it")
        layer = _layer_of(article, person)
        if layer is None or layer.slot is None:
            raise IllegalMove(f"{person} does not work on this article.")
        if person != to:
            _free(recording, layer)
            _give_place(recording, article, to, actor)
    return recording.event is not None


def set_priority(*, actor: User, article: Article, priority: int) -> bool:
    """Say how urgent the article is, from 0 to 3; the most urgent is handed out first.

    Raises:
        NotAllowed, Invalid, IllegalMove: each in words.
    """
    if not 0 <= priority <= MOST_URGENT:
        raise Invalid(f"A priority is 0 to {MOST_URGENT}.", field="priority")
    with _settling("article.prioritised", actor, article) as (recording, article):
        _refuse(article, _CLOSED, "so its priority means nothing any more")
        if article.priority != priority:
            _change(recording, article, priority=priority)
    return recording.event is not None


def want_annotators(*, actor: User, article: Article, number: int) -> bool:
    """Ask for more annotators of this article than before, up to 5.

    Raises:
        NotAllowed, Invalid: each in words.
        IllegalMove: if it is adjudicated or excluded, or would ask for fewer.
    """
    if not 1 <= number <= MOST_PLACES:
        raise Invalid(f"An article can have 1 to {MOST_PLACES} annotators.", field="number")
    with _settling("article.raised", actor, article) as (recording, article):
        _refuse(article, _CLOSED, "so it asks for nobody any more")
        if number < article.places:
            raise IllegalMove(f"This article asks for {article.places} already.")
        if number > article.places:
            _change(recording, article, annotators_wanted=number)
    return recording.event is not None


def place(*, actor: User, article: Article, placement: Article.Placement) -> bool:
    """Park an article, or make it ready again; whatever work stands on it stays.

    Raises:
        NotAllowed: unless the actor manages the project.
        IllegalMove: if it is adjudicated or excluded.
    """
    if article.placement == placement:
        return False
    _refuse(article, _CLOSED, "so it stays where it is")
    intake_services.place_article(
        actor=actor, article=article, version=article.version, placement=placement
    )
    return True


@contextmanager
def _settling(kind: str, actor: User, article: Article) -> Iterator[tuple[Recording, Article]]:
    """One recorded decision of a manager about ``article``, which is locked."""
    if not permissions.can_manage(permissions.role_in(article.project, actor)):
        raise NotAllowed("Only a manager of the project settles who works on what.")
    with recorded(kind, actor=actor, project=article.project, article_id=article.pk) as recording:
        rows = Article.objects.select_for_update(of=["self"]).select_related("project")
        yield recording, rows.get(pk=article.pk)


def _require(article: Article, among: set[ArticleStatus], so: str) -> None:
    status = status_of(article)
    if status not in among:
        raise IllegalMove(f"This article is {status.words}, {so}.")


def _refuse(article: Article, among: set[ArticleStatus], so: str) -> None:
    _require(article, set(ArticleStatus) - among, so)


def _layer_of(article: Article, person: User) -> Layer | None:
    """The person's layer, or one that came in under their name; locked."""
    layers = article.layers.select_for_update(of=["self"])
    return layers.filter(Q(annotator=person) | Q(name=person.username)).first()


def _free(recording: Recording, layer: Layer) -> None:
    if layer.submitted_at is not None:
        raise IllegalMove(f"{layer.annotator or layer.name} has submitted this article.")
    recording.touching(layer)
    layer.slot, layer.lapsed_at = None, timezone.now()
    layer.save(update_fields=["slot", "lapsed_at"])


def _give_place(recording: Recording, article: Article, person: User, actor: User) -> None:
    """Give ``person`` a place, unless they have one, and tell them."""
    if not permissions.can_annotate(permissions.role_in(article.project, person)):
        raise Invalid(f"{person} does not annotate in this project.", field="person")
    if not Article.objects.visible_to(person).filter(pk=article.pk).exists():
        raise OutOfSight(f"A gate keeps this article from {person}.")
    layer = _layer_of(article, person)
    if layer is not None and layer.lapsed_at is None:
        return
    slot = take_place(recording, article)
    if slot is None:
        raise NoFreeSlot()
    held = {"slot": slot, "assigned_by": actor, "lease_expires_at": timezone.now() + ASSIGNED_FOR}
    if layer is None:
        layer = Layer.objects.create(
            project=article.project,
            article=article,
            annotator=person,
            name=person.username,
            guidelines_version=article.project.guidelines_version,
            **held,
        )
        recording.made(layer)
    else:
        recording.touching(layer)
        Layer.objects.filter(pk=layer.pk).update(lapsed_at=None, **held)
    notify(recording, Notice.Kind.ASSIGNED, [person], article=article, sender=actor)


def _change(recording: Recording, article: Article, **values: int) -> None:
    recording.touching(article)
    Article.objects.filter(pk=article.pk).update(
        **values, version=article.version + 1, updated_at=Now()
    )
