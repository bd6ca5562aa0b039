"""Tell whoever started an import how it ended."""

from datetime import timedelta
from typing import Any

from django.dispatch import receiver

from articles.desk.recording import recorded
from articles.imports.models import ImportRun
from articles.imports.signals import run_finished
from articles.review.models import Notice
from articles.review.notices import notify_of

#: Code points that a notice has.
LONGEST = 200
#: A dry run that took less is over while its maker waits for it, and looks at it.
A_WHILE = timedelta(minutes=1)


@receiver(run_finished)
def tell_of_end(run: ImportRun, **_: Any) -> None:
    """Put a finished run into the inbox of its maker, in the transaction that ends it.

    Not a quick dry run: nothing came in, and the inbox is for what its reader may have missed.
    """
    if run.is_dry and _took(run) < A_WHILE:
        return
    with recorded("import.finished", actor=run.made_by, project=run.project) as recording:
        notify_of(
            recording,
            Notice.Kind.IMPORT,
            [run.made_by],
            project=run.project,
            about=run.pk,
            words=words_for(run),
        )


def _took(run: ImportRun) -> timedelta:
    """From when it was asked for until it was over."""
    assert run.finished_at  # which is what we are told of
    return run.finished_at - run.created_at


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
