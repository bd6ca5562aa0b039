"""Other sessions than the test's own: somebody else at the same database."""

import threading
from collections.abc import Callable
from typing import Any

import psycopg
from django.db import connection


def another_session(**parameters: Any) -> psycopg.Connection:
    """A session beside the test's, whose transaction ends when it is closed."""
    given = connection.get_connection_params()
    given.pop("cursor_factory", None)
    given.pop("context", None)
    return psycopg.connect(**given | parameters)


def in_another_session(statement: str, *values: Any) -> None:
    """Run one statement beside the test's session, and commit it."""
    with another_session() as other:
        other.execute(statement, values)


def at_once[T](*calls: Callable[[], T]) -> list[T | Exception]:
    """Run ``calls`` each in a thread of its own, all from the same moment; their results or
    errors, in order."""
    gate = threading.Barrier(len(calls))
    results: list[T | Exception] = [RuntimeError("never ran")] * len(calls)

    def run(index: int, call: Callable[[], T]) -> None:
        try:
            connection.ensure_connection()
            gate.wait()
            results[index] = call()
        except Exception as error:  # whatever it is, the test looks at it
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
