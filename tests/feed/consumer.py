"""Somebody who keeps a copy of a project by its feed, as docs/feed.md says."""

import json
from typing import Any

from articles.datasets.sources import Live
from articles.desk.models import Project, User
from articles.feed.queries import FeedPage, read_feed

type Things = dict[tuple[str, str], dict[str, Any]]


class Consumer:
    """Puts what is there, drops what is not; with an article goes all that is on it."""

    def __init__(self, project: Project, user: User | None = None) -> None:
        self.project = project
        self.user = user
        self.cursor: str | None = None
        self.things: Things = {}
        self.seen: list[int] = []

    def catch_up(self, *, limit: int = 100) -> list[dict[str, Any]]:
        """Read to the end; the items that came."""
        items: list[dict[str, Any]] = []
        while True:
            page = self.read(limit)
            items += page.items
            if not page.more:
                return items

    def read(self, limit: int) -> FeedPage:
        page = read_feed(self.project, user=self.user, after=self.cursor, limit=limit)
        self.cursor = page.cursor
        for item in json.loads(json.dumps(page.items)):
            self.apply(item)
        return page

    def apply(self, item: dict[str, Any]) -> None:
        self.seen.append(item["id"])
        for change in item["changes"]:
            key, thing = (change["type"], change["id"]), change["object"]
            if thing is not None:
                self.things[key] = self.things.get(key, {}) | thing
                continue
            self.things.pop(key, None)
            if change["type"] == "article":
                self.things = {k: v for k, v in self.things.items() if v.get("article") != key[1]}

    def export(self) -> list[dict[str, Any]]:
        """What the copy holds, as far as it goes in the shape of an export's records."""
        return sorted(
            (self._record(one) for one in self._all("article")), key=lambda one: str(one["id"])
        )

    def _all(self, kind: str, article: str = "") -> list[dict[str, Any]]:
        return [
            one for (of, _), one in self.things.items()
            if of == kind and article in ("", one.get("article"))
        ]  # fmt: skip

    def _record(self, article: dict[str, Any]) -> dict[str, Any]:
        key = article["id"]
        plain = ("id", "external_id", "title", "url", "text", "byline", "publisher", "language",
                 "metadata", "placement")  # fmt: skip
        said = ("id", "label", "start", "end", "quote", "attributes", "layer", "version",
                "origin", "note", "unsure", "created_at", "updated_at")  # fmt: skip
        return {
            **{name: article[name] for name in plain},
            "revision": article["revision"]["number"],
            "sha256": article["revision"]["sha256"],
            "blocks": [
                {name: one[name] for name in ("kind", "start", "end")} for one in article["blocks"]
            ],
            "annotations": sorted(
                ({name: timed(one[name]) for name in said} for one in self._all("annotation", key)),
                key=str,
            ),
            "relations": sorted(
                (
                    {
                        "id": one["id"],
                        "type": one["type"],
                        "from": one["from"],
                        "to": one["to"],
                        "to_name": one["to_name"] or None,
                        "version": one["version"],
                    }
                    for one in self._all("relation", key)
                ),
                key=str,
            ),
            "layers": sorted(
                (
                    {"name": one["name"], "submitted_at": timed(one["submitted_at"])}
                    for one in self._all("layer", key)
                ),
                key=str,
            ),
        }


def timed(value: Any) -> Any:
    """Times with all their microseconds, as exports write them."""
    if isinstance(value, str) and len(value) == 20 and value.endswith("Z") and value[10] == "T":
        return f"{value[:-1]}.000000Z"
    return value


def exported(project: Project, user: User | None = None) -> list[dict[str, Any]]:
    """A fresh export of everything, as far as the feed tells of it."""
    lines = b"".join(Live(project, "all", user).lines()).splitlines()
    return sorted((_as_told(json.loads(line)) for line in lines), key=lambda one: str(one["id"]))


def _as_told(record: dict[str, Any]) -> dict[str, Any]:
    def only(rows: list[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
        return sorted(({name: row[name] for name in names} for row in rows), key=str)

    plain = ("id", "external_id", "title", "url", "text", "byline", "publisher", "language",
             "metadata", "placement", "revision", "sha256")  # fmt: skip
    return {
        **{name: record[name] for name in plain},
        "blocks": [
            {name: one[name] for name in ("kind", "start", "end")} for one in record["blocks"]
        ],
        "annotations": only(
            record["annotations"], "id", "label", "start", "end", "quote", "attributes", "layer",
            "version", "origin", "note", "unsure", "created_at", "updated_at",
        ),
        "relations": only(
            record["relations"], "id", "type", "from", "to", "to_name", "version"
        ),
        "layers": only(record["layers"], "name", "submitted_at"),
    }  # fmt: skip
