"""What goes out when somebody asks for it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from articles.datasets.queries import UNFILTERED, check_layers, state_of
from articles.datasets.sources import Live, about, written
from articles.desk.models import Project, User
from articles.desk.permissions import can_export, role_in
from articles.formats.registry import FORMATS, OPTION_NAMES, WRITABLE, Format
from articles.review.listing import ArticleFilters
from newsdesk.errors import InvalidQuery, NotAllowed


@dataclass(frozen=True, slots=True)
class Export:
    """A file that may be written: what goes into it, and how.

    ``state`` changes whenever its bytes may change.
    """

    source: Live
    form: Format
    options: Mapping[str, str]
    state: str

    @property
    def name(self) -> str:
        """What the file is called."""
        return f"{self.source.stem}{self.form.ending}"

    def pieces(self, home: str) -> Iterator[bytes]:
        """The file, as things stand when it is written; ``home`` is the server's address."""
        return written(self.source, self.form, about(self.source.project, home, self.options))


def prepare_export(
    *,
    actor: User,
    project: Project,
    form: Format,
    options: Mapping[str, str],
    layers: str = "all",
    after: UUID | None = None,
    filters: ArticleFilters = UNFILTERED,
) -> Export:
    """The file for somebody who asks for it. What is refused is refused before it begins.

    Raises:
        NotAllowed: unless the actor may export from the project.
        InvalidQuery: if there are no such layers, or no such article to go on ``after``.
        Invalid: if a filter makes no sense.
    """
    require_export(actor=actor, project=project)
    check_layers(project, layers, actor)
    source = Live(project, layers, actor, after, filters)
    asked = [project.slug, form.name, sorted(options.items()), layers, after, filters, actor.pk]
    return Export(source, form, options, f"{asked} {state_of(project, source.articles())}")


def require_export(*, actor: User, project: Project) -> None:
    """Refuse whoever may not take the project's articles out. One query.

    Raises:
        NotAllowed: in words.
    """
    if not can_export(role_in(project, actor)):
        raise NotAllowed("Only reviewers, engineers and managers take a project's articles out.")


def find_format(name: str) -> Format:
    """The format that files are written in.

    Raises:
        InvalidQuery: if there is none.
    """
    form = FORMATS.get(name)
    if form is None or not form.writes:
        known = ", ".join(one.name for one in WRITABLE)
        raise InvalidQuery(f"Formats are {known}; there is no “{name}”.", field="format")
    return form


def chosen_options(form: Format, asked: Mapping[str, str]) -> dict[str, str]:
    """Of what was ``asked`` for, the format's own options, each with its default.

    Raises:
        InvalidQuery: if an option has no such value, or belongs to another format.
    """
    for name in OPTION_NAMES - set(form.options):
        if name in asked:
            raise InvalidQuery(f"{form.title} has no option “{name}”.", field=name)
    chosen = {name: asked.get(name, values[0]) for name, values in form.options.items()}
    for name, value in chosen.items():
        if value not in form.options[name]:
            known = " or ".join(form.options[name])
            raise InvalidQuery(f"“{name}” is {known}, and not “{value}”.", field=name)
    return chosen
