"""The items of a feed: what each event is told by, to one reader, at one moment."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from articles.annotations.models import Layer
from articles.datasets.queries import articles_going_out
from articles.desk.events import Event
from articles.desk.models import Project, User
from articles.feed.cursors import Cursor, check_of
from articles.feed.news import News, articles_in, brings_text, news_of, turns_a_gate
from articles.feed.object_queries import Objects, Wanted, in_utc, objects_of, whole_articles

#: An article that a gate closed over, and one that goes out again. Why is nobody's business.
WITHHELD, RESTORED = "article_withheld", "article_restored"

#: Those of some articles that an event at or before a place was about.
KNOWN = """
    SELECT one FROM unnest(%s::uuid[]) AS one WHERE EXISTS (
        SELECT FROM articles_event WHERE article_id = one AND (xid, id) <= (%s, %s))
"""

type Item = dict[str, Any]
#: Of an event in the order of the feed: its transaction and its number.
type Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, ``cleared`` for what is sensitive or not, and the place that they read from."""

    project: Project
    user: User | None
    cleared: bool
    position: Position


@dataclass(slots=True)
class _Draft:
    """What is told of an event, as far as it is known by now."""

    event: Event
    kind: str
    article: str | None
    news: list[News]
    with_text: bool


def cursor_at(event: Event, cleared: bool) -> Cursor:
    """The place right behind an event."""
    return Cursor(event.pk, check_of(event.pk, event.kind, event.at), cleared)


def items_of(reader: Reader, events: Sequence[Event]) -> list[Item]:
    """What ``events`` are told by; those that are no news to ``reader`` by nothing."""
    layers = Layer.objects.in_bulk({one.layer_id for one in events if one.layer_id is not None})
    drafts = [_drafted(one) for one in events if not _is_practice(layers.get(one.layer_id or 0))]
    _pass_gates(reader, drafts)
    told = [one for one in drafts if one.news]
    objects = objects_of(_wanted(told))
    return [_item(one, reader, layers.get(one.event.layer_id or 0), objects) for one in told]


def _drafted(event: Event) -> _Draft:
    article = str(event.article_id) if event.article_id else None
    news = news_of(event.changes, article)
    return _Draft(event, event.kind, article, news, brings_text(event.changes))


def _is_practice(layer: Layer | None) -> bool:
    """Practice is nobody's data."""
    return layer is not None and layer.kind == Layer.Kind.PRACTICE


def _pass_gates(reader: Reader, drafts: Sequence[_Draft]) -> None:
    """Keep to what goes out now. Where a gate turned, tell that the article is gone, to whoever
    may have it, or all that stands on it. Of several turns only the last is told so. Up to five
    queries."""
    named = {one.article for one in drafts if one.article is not None}
    named |= {key for one in drafts for key in articles_in(one.news)}
    going_out = articles_going_out(reader.project, reader.user).filter(pk__in=named)
    is_open = {str(key) for key in going_out.values_list("pk", flat=True)}
    turned = {
        one.article: one
        for one in drafts
        if one.article is not None and turns_a_gate(one.event.changes)
    }
    known = _known(turned.keys() - is_open, reader.position)
    whole = whole_articles(turned.keys() & is_open)
    for one in drafts:
        is_turn = one.article is not None and turned.get(one.article) is one
        if one.article is None or one.article in is_open:
            one.news = [
                each for each in one.news if each.article is None or each.article in is_open
            ]
        else:
            one.news = []
        if is_turn and one.article in whole:
            one.kind, one.with_text = RESTORED, True
            one.news = [News(kind, key, "created", one.article) for kind, key in whole[one.article]]
        elif is_turn and one.article in known:
            one.kind = WITHHELD
            one.news = [News("article", one.article, "deleted", one.article)]


def _known(articles: Iterable[str], position: Position) -> set[str]:
    """Those that somebody who read up to ``position`` may have been told of. One query."""
    wanted = list(articles)
    if not wanted:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [wanted, *position])
        return {str(key) for (key,) in cursor.fetchall()}


def _wanted(drafts: Iterable[_Draft]) -> Wanted:
    wanted = Wanted()
    for one in drafts:
        if one.kind == WITHHELD:
            continue
        for each in one.news:
            wanted.ids[each.kind].add(each.id)
            if each.kind == "article" and one.with_text:
                wanted.texts.add(each.id)
    return wanted


def _item(draft: _Draft, reader: Reader, layer: Layer | None, objects: Objects) -> Item:
    event, is_turn = draft.event, draft.kind in (WITHHELD, RESTORED)
    return {
        "cursor": str(cursor_at(event, reader.cleared)),
        "id": event.pk,
        "at": in_utc(event.at),
        "kind": draft.kind,
        "actor": event.actor.username if event.actor and not is_turn else None,
        "article": draft.article,
        "layer": layer.name if layer else None,
        "undoes": event.undoes_id,
        "changes": [_change(one, objects, draft.with_text) for one in draft.news],
    }


def _change(news: News, objects: Objects, with_text: bool) -> dict[str, Any]:
    found = objects.get((news.kind, news.id))
    if found is not None and news.kind == "article" and not with_text:
        found = {name: value for name, value in found.items() if name != "text"}
    return {"type": news.kind, "id": news.id, "action": news.action, "object": found}
