"""Jobs that tests give to real workers: what they do can be read in a file."""

import os
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from newsdesk.errors import Invalid
from newsdesk.jobs import job

#: What was told when a job was given up.
given_up: list[tuple[str, str]] = []


def tell_given_up(*, why: str, file: str) -> None:
    given_up.append((file, why))


def _write(file: str, line: str) -> None:
    with Path(file).open("a") as lines:
        lines.write(line + "\n")


@job()
def note(file: str, line: str) -> None:
    """Write a line."""
    _write(file, line)


@job(lock="turn {file}")
def take_turns(file: str, line: str) -> None:
    """Write two lines, between which nobody else who takes turns may write."""
    _write(file, f"{line} begins")
    os.sched_yield()
    _write(file, f"{line} ends")


@job(attempts=1)
def wait_at_gate(file: str, gate: str) -> None:
    """Wait until somebody opens ``gate``, a named pipe, for writing."""
    _write(file, "begun")
    with Path(gate).open():
        pass
    _write(file, "ended")


@job(attempts=2, says="Errand to {place}", given_up=tell_given_up)
def fail(file: str) -> None:
    """Fail as we foresaw."""
    raise Invalid("The file is not there.")


@job(attempts=1)
def break_down() -> None:
    """Fail as nobody foresaw."""
    raise ZeroDivisionError("secret")


@job(attempts=3, once="asking")
def ask_again_and_fail() -> None:
    """Fail while another one like it waits, for tomorrow."""
    ask_again_and_fail.using(run_after=timezone.now() + timedelta(days=1)).enqueue()
    raise Invalid("Not now.")
