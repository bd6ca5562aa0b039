"""The worker: runs jobs, a few at once, until it is told to stop.

When the database goes away it waits and begins anew. Jobs of a worker that died are found by its
heartbeat, which stops, and are run again.
"""

import asyncio
import logging
import os
import signal
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

import psycopg
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error, connections
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.worker import Worker

from newsdesk.live_wire import direct_address
from newsdesk.worker_sweep import DEAD_AFTER, sweep

AT_ONCE = 3  # jobs; each has a database connection
PATIENCE = 8.0  # seconds that running jobs get when we stop
HEARTBEAT = 10.0  # seconds between two signs of life
#: Seconds between two looks for jobs that nobody announced: due again, or free of their lock.
LOOK_EVERY = 1.0
SWEEP_EVERY = 10.0  # seconds between two looks for jobs that were lost
LONGEST_WAIT = 15.0  # seconds between two tries to reach the database

log = logging.getLogger(__name__)


class Queue(JobManager):
    """The queue as a worker sees it: ends jobs so that none looks as if it ran for ever."""

    def __init__(self, connector: PsycopgConnector) -> None:
        super().__init__(connector)
        self.has_lost_one = asyncio.Event()

    async def retry_job_by_id_async(self, job_id: int, *args: Any, **kwargs: Any) -> None:
        try:
            await super().retry_job_by_id_async(job_id, *args, **kwargs)
        except UniqueViolation:  # another one like it waits already, and does what this would do
            await self.finish_job_by_id_async(job_id, Status.ABORTED, delete_job=True)
        except ConnectorException:
            self.has_lost_one.set()
            raise

    async def finish_job_by_id_async(self, *args: Any, **kwargs: Any) -> None:
        try:
            await super().finish_job_by_id_async(*args, **kwargs)
        except ConnectorException:
            self.has_lost_one.set()
            raise


def main() -> None:
    """Run jobs until SIGTERM, SIGHUP or Ctrl-C."""
    find_schedules()
    asyncio.run(_work_until_told_to_stop())


def find_schedules() -> None:
    """Import all modules of jobs: some are queued by the clock, and no other code names them."""
    for path in sorted(Path(settings.BASE_DIR, "articles").glob("*/*tasks.py")):
        import_module(f"articles.{path.parent.name}.{path.stem}")


async def _work_until_told_to_stop() -> None:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        loop.add_signal_handler(sign, stopping.set)
    wait = 1.0
    while not stopping.is_set():
        begun = loop.time()
        try:
            await _work(stopping)
        except (Error, psycopg.Error, ConnectorException, TimeoutError) as error:
            log.warning("The worker waits for the database: %s", error.__cause__ or error)
        except Exception:
            log.exception("The worker failed, and begins anew.")
        wait = 1.0 if loop.time() - begun > LONGEST_WAIT else min(wait * 2, LONGEST_WAIT)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), wait)


async def _work(stopping: asyncio.Event) -> None:
    """Run jobs until we are told to stop, or the database is not as it should be."""
    await sync_to_async(connections.close_all)()  # that of the schedule, which may be lost
    # LISTEN and the heartbeat go past a pooler; what jobs do themselves goes through it.
    connector = PsycopgConnector(
        conninfo=direct_address(), kwargs={"prepare_threshold": None}, min_size=1, max_size=4
    )
    ours = app.with_connector(connector)
    ours.job_manager = jobs = Queue(connector)
    async with ours.open_async():
        worker = Worker(
            ours,
            concurrency=AT_ONCE,
            install_signal_handlers=False,
            fetch_job_polling_interval=LOOK_EVERY,
            update_heartbeat_interval=HEARTBEAT,
            stalled_worker_timeout=DEAD_AFTER,
        )
        running = asyncio.create_task(worker.run())
        sweeping = asyncio.create_task(_sweep(worker, jobs))
        told = asyncio.create_task(stopping.wait())
        lost = asyncio.create_task(jobs.has_lost_one.wait())
        try:
            await _first_of(running, sweeping, told, lost)
            worker.stop()
            await _first_of(running, told)
            await asyncio.wait([running], timeout=PATIENCE)
            if not running.done():
                await _leave(worker, jobs)
            for ended in (running, sweeping):
                if ended.done():
                    ended.result()
        finally:
            for task in (sweeping, told, lost):
                task.cancel()


async def _first_of(*tasks: "asyncio.Task[Any]") -> None:
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)


async def _sweep(worker: Worker, jobs: JobManager) -> None:
    while True:
        if worker.worker_id is not None:  # or a machine that slept would take its own for lost
            await jobs.update_heartbeat(worker.worker_id)
        await sync_to_async(sweep, thread_sensitive=False)()
        await asyncio.sleep(SWEEP_EVERY)


async def _leave(worker: Worker, jobs: JobManager) -> None:
    """End this process under the jobs that still run: as after a crash, others run them again."""
    with suppress(ConnectorException, TimeoutError):
        assert worker.worker_id is not None
        await asyncio.wait_for(jobs.unregister_worker(worker.worker_id), 1)
    os._exit(0)
