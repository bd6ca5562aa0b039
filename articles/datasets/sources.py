"""Where the articles of a file come from, whatever its format: the live project, or a snapshot.

What stands on Arrow is imported where it is used: it needs 45 MB, also of those who write nothing.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from articles.datasets.queries import UNFILTERED, articles_going_out, passing
from articles.desk.models import Project, User
from articles.formats.registry import Format
from articles.formats.shapes import About, LabelAbout
from articles.intake.models import ArticleQuerySet
from articles.review.listing import ArticleFilters

if TYPE_CHECKING:
    from articles.formats.parquet import Tables

#: Bytes that are gathered before they are handed on; a line is never torn.
CHUNK = 64 * 1024


class Source(Protocol):
    """Articles that go out, with what was said about them.

    ``stem`` is how a file of it is called, without its ending.
    """

    @property
    def project(self) -> Project: ...

    @property
    def stem(self) -> str: ...

    def lines(self) -> Iterator[bytes]:
        """The canonical JSONL, each line with its end; memory for one article."""
        ...


@dataclass(frozen=True, slots=True)
class Live:
    """The project as it stands at the moment when the reading begins.

    ``layers`` is ``all``, ``submitted``, ``gold`` or the name of one. Without a ``user`` nothing
    sensitive goes out, and nothing is filtered. ``after`` is the id of an article: only those that
    follow it go out, if they pass the ``filters`` of the project's list, as the user sees it.
    """

    project: Project
    layers: str = "all"
    user: User | None = None
    after: UUID | None = None
    filters: ArticleFilters = UNFILTERED

    @property
    def stem(self) -> str:
        """How a file of it is called, without its ending."""
        return self.project.slug

    def articles(self) -> ArticleQuerySet:
        """What goes out. One query, if it goes on ``after`` an article.

        Raises:
            Invalid: if a filter makes no sense.
        """
        going = articles_going_out(self.project, self.user, self.after)
        return passing(going, self.filters, self.project, self.user)

    def lines(self) -> Iterator[bytes]:
        """Its records, in order of intake."""
        from articles.datasets.jsonl import write_jsonl

        return write_jsonl(self.project, self.articles(), self.layers)

    def tables(self) -> Iterator["Tables"]:
        """The same as rows of Parquet files, much faster than from lines."""
        from articles.datasets.tables import tables_of_articles

        return tables_of_articles(self.project, self.articles(), self.layers)


def about(project: Project, home: str, options: Mapping[str, str]) -> About:
    """What a file of the project says of itself. One query.

    ``home`` is the server's address, ``options`` are the format's own.
    """
    labels = [
        LabelAbout(label.key, label.name, label.kind, label.definition, label.attributes)
        for label in project.labels.in_order()
    ]
    return About(project.slug, project.name, labels, home.rstrip("/"), options)


def written(source: Source, form: Format, about: About) -> Iterator[bytes]:
    """The articles of ``source`` as a file of the format, in pieces of some size."""
    if form.name == "jsonl":
        return gathered(source.lines())
    if form.name == "parquet" and isinstance(source, Live):
        from articles.formats.parquet import write_tables

        return gathered(write_tables(source.tables(), about))
    return gathered(form.write(map(json.loads, source.lines()), about))


def gathered(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes, in fewer pieces: each costs a server and its reader some work."""
    held: list[bytes] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size >= CHUNK:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)
