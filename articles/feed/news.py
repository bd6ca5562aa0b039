"""What an event is news of, read from the rows that it touched."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

type Kind = Literal["article", "layer", "annotation", "relation", "label", "snapshot"]
type Action = Literal["created", "updated", "deleted"]
type Row = Mapping[str, Any]
type Changes = Sequence[Mapping[str, Any]]

#: What a feed tells of, in the order in which it does: what others point at comes first.
KINDS: tuple[Kind, ...] = ("label", "article", "layer", "annotation", "relation", "snapshot")
#: Rows that are part of something, and the column that says of what; of an article, if none does.
PARTS: dict[str, tuple[Kind, str]] = {
    "revision": ("article", "article_id"),
    "block": ("article", ""),
    "relationrule": ("label", "relation_label_id"),
}
#: The columns of an article that decide whether it goes out.
GATES = ("embargo_until", "held_at", "is_sensitive", "not_for_training", "withdrawn_at")


@dataclass(frozen=True, slots=True)
class News:
    """One thing that an event changed, of the article with the id ``article``, if of any."""

    kind: Kind
    id: str
    action: Action
    article: str | None = None


def news_of(changes: Changes, article: str | None) -> list[News]:
    """What an event on ``article`` is news of, each thing once. What was deleted before and after
    is no news, and neither is a row of any other table."""
    found: dict[tuple[Kind, str], News] = {}
    for one in _rows(changes, article):
        standing = found.get((one.kind, one.id))
        # A part says less than the whole: a new article has new blocks.
        if standing is None or one.action != "updated":
            found[one.kind, one.id] = one
    return sorted(found.values(), key=lambda one: KINDS.index(one.kind))


def turns_a_gate(changes: Changes) -> bool:
    """Whether an event opened or closed a gate of an article that was there before."""
    return any(
        change["table"] == "article"
        and change["before"] is not None
        and change["after"] is not None
        and any(change["before"].get(gate) != change["after"].get(gate) for gate in GATES)
        for change in changes
    )


def brings_text(changes: Changes) -> bool:
    """Whether an event made a revision."""
    return any(change["table"] == "revision" for change in changes)


def articles_in(news: Iterable[News]) -> set[str]:
    """The articles that they are of."""
    return {one.article for one in news if one.article is not None}


def _rows(changes: Changes, article: str | None) -> Iterator[News]:
    for change in changes:
        table, row = change["table"], change["after"] or change["before"] or {}
        if table in PARTS:
            kind, column = PARTS[table]
            whole = row.get(column) or article
            if whole is not None:
                yield News(kind, whole, "updated", whole if kind == "article" else None)
        elif table in KINDS and (action := _action(change["before"], change["after"])):
            of_article = change["id"] if table == "article" else row.get("article_id")
            yield News(table, change["id"], action, of_article)


def _action(before: Row | None, after: Row | None) -> Action | None:
    was, stands = _stands(before), _stands(after)
    if was and stands:
        return "updated"
    if was or stands:
        return "created" if stands else "deleted"
    return None


def _stands(row: Row | None) -> bool:
    return row is not None and row.get("deleted_at") is None
