"""What the API takes and tells about imports."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from articles.imports.models import ImportLine, ImportRun
from articles.imports.options import LAYER, Options
from articles.imports.queries import ERRORS_TOLD, errors_of
from newsdesk.api_shapes import CHOSEN_ID, Asked, Body, Listing
from newsdesk.errors import InvalidQuery


class ImportQuery(Asked):
    """How a file is imported."""

    format: str = Field(
        "", description="The file's format, such as `jsonl`; else it is told from the file."
    )
    dry_run: bool = Field(False, description="Only say what would become of each line.")
    id: UUID | None = Field(None, description=CHOSEN_ID)
    name: str = Field("", max_length=200, description="The file's name, of a body that is one.")
    language: str = Field("", description="Of all articles, before what the file says.")
    publisher: str = Field("", description="Of all articles, before what the file says.")
    check_first: bool = Field(False, description="Let them wait for a manager's look.")
    keep_captions: bool = Field(True, description="Of articles without annotations.")
    annotations: Literal["layer", "suggestions", "none"] = Field(
        "layer", description="What becomes of the file's annotations."
    )
    layer: str = Field(LAYER, description="Whose those are that name no layer.")
    label: list[str] = Field(
        [], description="`theirs=ours`, for each label that is called otherwise; `theirs=` drops."
    )
    create_labels: bool = Field(False, description="Make labels that are missing; for managers.")

    def options(self) -> Options:
        """What was chosen for all articles.

        Raises:
            InvalidQuery: if a label is not ``theirs=ours``.
        """
        if not all("=" in one for one in self.label):
            raise InvalidQuery("Write each label as theirs=ours.", field="label")
        pairs = (one.rpartition("=") for one in self.label)
        return Options(
            language=self.language,
            publisher=self.publisher,
            check_first=self.check_first,
            keep_captions=self.keep_captions,
            annotations=self.annotations,
            layer=self.layer,
            labels={theirs: ours for theirs, _, ours in pairs},
            create_labels=self.create_labels,
        )


class ConfirmIn(Body):
    """What is still to be said when a dry run is confirmed."""

    id: UUID | None = Field(None, description=CHOSEN_ID)


class FailedLine(BaseModel):
    """A line that failed, and why."""

    line: int = Field(description="Counted from 1, in the file or through the archive.")
    code: str = Field(examples=["quote_mismatch"])
    detail: str


class ImportLineOut(FailedLine):
    """What became of a line."""

    outcome: str = Field(description="`created`, `duplicate` or `failed`.")
    title: str
    article: UUID | None = Field(description="The new article, or the one that was there.")
    annotations: int = Field(description="Those that came with the article.")


class ImportLines(Listing[ImportLineOut]):
    """The lines of an import, in the file's order."""


class ImportOut(BaseModel):
    """A file on its way in, or how that ended."""

    id: UUID
    project: str
    format: str
    name: str
    dry_run: bool
    confirms: UUID | None = Field(description="The dry run that this one does in earnest.")
    status: str = Field(description="`queued`, `running`, `done`, `failed` or `cancelled`.")
    total: int = Field(description="Lines that are over so far; all of them when it is done.")
    created: int
    duplicates: int
    failed: int
    errors: list[FailedLine] = Field(
        description=f"The lines that failed; the first {ERRORS_TOLD:,} of them."
    )
    problem: str = Field(description="Why the whole import failed, if it did.")
    size: int = Field(description="Bytes of the file.")
    read: int = Field(description="Bytes of it that were read so far.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class Imports(Listing[ImportOut]):
    """The imports of a project, newest first, each without its errors."""


def import_out(run: ImportRun, *, with_errors: bool = True) -> ImportOut:
    errors = errors_of(run)[:ERRORS_TOLD] if with_errors and run.failed else []
    return ImportOut(
        id=run.pk,
        project=run.project.slug,
        format=run.format,
        name=run.name,
        dry_run=run.is_dry,
        confirms=run.confirms_id,
        status=run.status,
        total=run.done,
        created=run.created,
        duplicates=run.duplicates,
        failed=run.failed,
        errors=[FailedLine(line=one.number, code=one.code, detail=one.detail) for one in errors],
        problem=run.problem,
        size=run.size,
        read=run.read,
        created_at=run.created_at,
        started_at=run.started_at,
        finished_at=run.finished_at,
    )


def line_out(line: ImportLine) -> ImportLineOut:
    return ImportLineOut(
        line=line.number,
        outcome=line.outcome,
        title=line.title,
        article=line.article_id,
        annotations=line.annotations,
        code=line.code,
        detail=line.detail,
    )
