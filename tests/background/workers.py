"""Workers for tests: one that does what is due and ends, and real processes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.db import connection, connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.periodic import PeriodicRegistry
from procrastinate.worker import Worker

from newsdesk.live_wire import direct_address
from newsdesk.worker import Queue

#: A worker that gives its jobs a moment when it is told to stop, instead of seconds. It has no
#: clock, whose jobs would be left behind, too.
IMPATIENT = """
from newsdesk.starting import set_up
from newsdesk.worker_beside import stop_with_parent

stop_with_parent()
set_up()

from newsdesk import worker

worker.app.periodic_registry.periodic_tasks.clear()
worker.PATIENCE = 0.1
worker.main()
"""


def work_once() -> None:
    """Run, as the worker does, the jobs that wait and are due; the clock adds none."""
    in_a_loop(_work_once())


def in_a_loop(work: Coroutine[Any, Any, None]) -> None:
    """Run ``work`` to its end in a thread: where a browser was tested, this one has a loop."""

    def run() -> None:
        try:
            asyncio.run(work)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=1) as thread:
        thread.submit(run).result()


async def _work_once() -> None:
    connector = PsycopgConnector(conninfo=direct_address(), min_size=1, max_size=2)
    ours = app.with_connector(connector)
    ours.job_manager = Queue(connector)
    ours.periodic_registry = PeriodicRegistry()
    async with ours.open_async():
        await Worker(ours, wait=False, listen_notify=False, install_signal_handlers=False).run()
    await sync_to_async(connections.close_all)()


@contextmanager
def worker(*, is_impatient: bool = False) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process on the tests' database."""
    at = connection.get_connection_params()
    name, user, password, host = (
        quote(str(at[key]), safe="") for key in ("dbname", "user", "password", "host")
    )
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        "DATABASE_URL": f"postgresql://{user}:{password}@/{name}?host={host}",
    }
    what = ["-c", IMPATIENT] if is_impatient else ["-m", "newsdesk", "worker", "--beside"]
    process = subprocess.Popen(
        [sys.executable, *what], env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def jobs(of: str = "tests.") -> list[tuple[str, int]]:
    """Status and attempts of the tests' jobs, the oldest first; or of another's."""
    return list(_of(of).order_by("pk").values_list("status", "attempts"))


def kept() -> dict[str, Any]:
    """What is kept of the one job that there is."""
    args: dict[str, Any] = _of("tests.").get().args
    return args


def _of(begins: str) -> Any:
    """The jobs of tasks whose names begin so: a real worker's clock queues others meanwhile."""
    return ProcrastinateJob.objects.filter(args__task__startswith=begins)


def in_database(statement: str) -> None:
    """Change what only the queue itself changes."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


def lines_of(file: Path) -> list[str]:
    return file.read_text().splitlines() if file.exists() else []
