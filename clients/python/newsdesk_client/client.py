"""A server, its projects, and their snapshots."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from newsdesk_client.connection import Connection
from newsdesk_client.shapes import Record, Suggestion

if TYPE_CHECKING:
    import datasets
    import pandas


class Newsdesk:
    """A Newsdesk server, called with an API token from your account page."""

    def __init__(self, url: str, token: str, *, timeout: float = 60, tries: int = 5) -> None:
        self._connection = Connection(url, token, timeout=timeout, tries=tries)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the server go."""
        self._connection.close()

    def projects(self) -> Iterator[dict[str, Any]]:
        """The projects that the token reaches."""
        return self._connection.items("projects")

    def project(self, slug: str) -> Project:
        """The project at ``slug``, by its name in the address. Asks nothing yet."""
        return Project(self._connection, slug)

    def snapshot(self, id: str) -> Snapshot:
        """A frozen dataset, by its id. Asks nothing yet."""
        return Snapshot(self._connection, id)


class _Source:
    """Where records come from: a project as it stands, or a snapshot."""

    _export: str

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def records(self, **choice: str) -> Iterator[Record]:
        """Each article with what was said about it, one after the other as they come in."""
        params = {"format": "jsonl", **choice}
        with self._connection.streamed("GET", self._export, params=params) as response:
            for line in _lines(response.iter_bytes()):
                yield json.loads(line)

    def download(self, path: str | Path, format: str, **choice: str) -> Path:
        """Save an export, in any format of the server's, at ``path``: whole or not at all."""
        path = Path(path)
        part = path.with_name(f"{path.name}.part")
        params = {"format": format, **choice}
        with (
            self._connection.streamed("GET", self._export, params=params) as response,
            part.open("wb") as file,
        ):
            for chunk in response.iter_bytes():
                file.write(chunk)
        return part.rename(path)

    def rows(self, **choice: str) -> Iterator[dict[str, Any]]:
        """Each annotation, with its article's id, title and split."""
        for record in self.records(**choice):
            for annotation in record["annotations"]:
                yield {
                    "article": record["id"],
                    "title": record["title"],
                    "split": record["split"],
                    **annotation,
                }

    def frame(self, **choice: str) -> pandas.DataFrame:
        """The annotations as a frame, a row each."""
        import pandas

        return pandas.DataFrame(self.rows(**choice))

    def dataset(self, **choice: str) -> datasets.Dataset:
        """The articles as a Hugging Face dataset; what may have any shape is JSON there."""
        import datasets

        return datasets.Dataset.from_list([_flat(one) for one in self.records(**choice)])


class Project(_Source):
    """A project: what went in, and what people said about it.

    ``records``, ``rows``, ``frame``, ``dataset`` and ``download`` take ``layers``: ``gold``,
    ``submitted``, ``all`` or a user's name; without it they give all. Which articles come, they
    take as ``articles`` does: ``status``, ``label``, and ``updated_since``, a time as in RFC 3339.
    """

    def __init__(self, connection: Connection, slug: str) -> None:
        super().__init__(connection)
        self.slug = slug
        self._export = f"projects/{slug}/export"

    def articles(self, **filters: str) -> Iterator[dict[str, Any]]:
        """The articles, without their text; filters are ``status``, ``q``, ``label`` and more."""
        return self._connection.items(f"projects/{self.slug}/articles", filters)

    def text(self, article: str) -> str:
        """The words that offsets are about."""
        with self._connection.streamed("GET", f"articles/{article}/text") as response:
            return response.read().decode()

    def add_article(self, text: str, **details: Any) -> dict[str, Any]:
        """Bring an article in; ``details`` are ``title``, ``url``, ``external_id`` and more."""
        return self._make(f"projects/{self.slug}/articles", {"text": text, **details})

    def suggest(self, article: str, suggestions: Sequence[Suggestion], *, origin: str) -> int:
        """Propose spans of an article to its annotators; ``origin`` names the model.

        Returns how many there are. What was proposed before, by the same origin, stays once.
        """
        path = f"articles/{article}/suggestions"
        body = {"items": [{**one, "origin": origin} for one in suggestions]}
        return len(self._connection.call("POST", path, json=body)["items"])

    def events(self, after: str | None = None) -> Iterator[dict[str, Any]]:
        """Each change behind ``after``, in order, up to now.

        Every item has a ``cursor``: keep the last one, and come back with it.
        """
        return self._connection.items(
            f"projects/{self.slug}/events", {"after": after} if after else None
        )

    def snapshots(self) -> Iterator[Snapshot]:
        """The frozen datasets, newest first."""
        for one in self._connection.items(f"projects/{self.slug}/snapshots"):
            yield Snapshot(self._connection, one["id"])

    def freeze(
        self, name: str, *, layers: str = "gold", split: Mapping[str, Any] | None = None
    ) -> Snapshot:
        """Ask for a snapshot; it is ready when its ``about()["status"]`` says so."""
        body = {"name": name, "layers": layers, **({"split": dict(split)} if split else {})}
        made = self._make(f"projects/{self.slug}/snapshots", body)
        return Snapshot(self._connection, made["id"])

    def import_file(self, path: str | Path, format: str, *, dry_run: bool = False) -> str:
        """Send a file of articles; returns the id of the run, for ``import_run``."""
        with Path(path).open("rb") as file:
            made = self._connection.call(
                "POST",
                f"projects/{self.slug}/imports",
                params={"format": format, "dry_run": dry_run},
                files={"file": (Path(path).name, file)},
            )
        return str(made["id"])

    def import_run(self, id: str) -> dict[str, Any]:
        """How far an import is, and what was wrong with which lines."""
        found: dict[str, Any] = self._connection.call("GET", f"imports/{id}")
        return found

    def _make(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = self._connection.call(
            "POST", path, json={"id": str(uuid.uuid4()), **body}
        )
        return made


class Snapshot(_Source):
    """A frozen dataset: the same bytes for ever."""

    def __init__(self, connection: Connection, id: str) -> None:
        super().__init__(connection)
        self.id = id
        self._export = f"snapshots/{id}/export"

    def about(self) -> dict[str, Any]:
        """Its name, status, hash, counts and card."""
        found: dict[str, Any] = self._connection.call("GET", f"snapshots/{self.id}")
        return found


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of JSONL: only a line feed ends one, whatever Unicode calls a line's end."""
    rest = b""
    for chunk in chunks:
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines


def _flat(record: Record) -> dict[str, Any]:
    """A record whose members have the same type in every article."""
    return {
        **record,
        "metadata": json.dumps(record["metadata"]),
        "annotations": [
            {**one, "attributes": json.dumps(one["attributes"])} for one in record["annotations"]
        ],
    }
