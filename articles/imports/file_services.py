"""Files of imports are kept for a while, to be tried again; their runs and lines stay for ever."""

from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage
from django.utils import timezone

from articles.desk.recording import recorded
from articles.imports.models import ImportRun
from articles.imports.pages import PAGES


def forget_old_files() -> int:
    """Delete the files of which each run ended long ago; returns how many.

    ``settings.IMPORT_DAYS`` says how long that is. Pages that were fetched go with their list.
    """
    until = timezone.now() - timedelta(days=settings.IMPORT_DAYS)
    old = ImportRun.objects.filter(finished_at__lt=until).exclude(stored="")
    files = {run.stored.removesuffix(PAGES): run.project for run in old.select_related("project")}
    count = 0
    for file, project in files.items():
        with recorded("import.file_deleted", actor=None, project=project) as recording:
            runs = ImportRun.objects.filter(project=project, stored__in=[file, file + PAGES])
            together = list(runs.select_for_update())
            if all(run.finished_at and run.finished_at < until for run in together):
                recording.touching(*together)
                # First, so that one that could not be deleted is found again the next time.
                default_storage.delete(file)
                default_storage.delete(file + PAGES)
                runs.update(stored="")
                count += 1
    return count
