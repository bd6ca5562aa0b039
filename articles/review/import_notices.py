"""Tell whoever started an import how it ended."""

from typing import Any

from django.dispatch import receiver

from articles.desk.recording import recorded
from articles.imports.models import ImportRun
from articles.imports.signals import run_finished
from articles.review.models import Notice
from articles.review.notices import notify_of

#: Code points that a notice has.
LONGEST = 200


@receiver(run_finished)
def tell_of_end(run: ImportRun, **_: Any) -> None:
    """Put a finished run into the inbox of its maker, in the transaction that ends it."""
    with recorded("import.finished", actor=run.made_by, project=run.project) as recording:
        notify_of(
            recording,
            Notice.Kind.IMPORT,
            [run.made_by],
            project=run.project,
            about=run.pk,
            words=words_for(run),
        )


def words_for(run: ImportRun) -> str:
    """How a run ended, in a line; the file's name gives way if that is too long."""
    if run.status == ImportRun.Status.FAILED:
        outcome = f"failed. {run.problem}"
    else:
        parts = [f"{run.created:,} {'would come in' if run.is_dry else 'imported'}"]
        parts += [f"{run.duplicates:,} there already"] if run.duplicates else []
        parts += [f"{run.failed:,} failed"] if run.failed else []
        outcome = ", ".join(parts)
        if run.status == ImportRun.Status.CANCELLED:
            outcome = f"cancelled; {outcome}"
    outcome = outcome[: LONGEST - 40]
    return f"{run.name[: LONGEST - 2 - len(outcome)]}: {outcome}"
