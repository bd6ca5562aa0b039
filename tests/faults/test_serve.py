"""``python -m newsdesk``, as ``make run`` runs it, from start to stop and in bad weather."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from newsdesk import serve
from tests.faults.conftest import new_folder
from tests.faults.processes import about, eventually, runs, server_pid

INHERITED = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}


def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start Newsdesk as from a shell: in a process group of its own, with the real settings."""
    return subprocess.Popen(
        [sys.executable, "-m", "newsdesk", *arguments],
        env=INHERITED | {"PORT": "0"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="session")
def once_served() -> Iterator[Path]:
    """A data folder in which Newsdesk has run before."""
    folder = new_folder()
    with serving(folder):
        pass
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def data(folder: Path, once_served: Path) -> Path:
    """A copy of such a folder."""
    subprocess.run(["cp", "-a", f"{once_served}/.", folder], check=True)
    return folder


@contextmanager
def serving(data: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Newsdesk with its data in ``data``: the process and its address."""
    process = start(*arguments, NEWSDESK_DATA=str(data))
    try:
        assert process.stdout
        words = process.stdout.readline().split()
        address = next((word for word in words if word.startswith("http://")), None)
        assert address, process.communicate()[1]
        yield process, address
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate()


def get(url: str, method: str = "GET") -> tuple[int, str, dict[str, object]]:
    """Status, media type and JSON body of what is at ``url``."""
    try:
        response = urllib.request.urlopen(urllib.request.Request(url, method=method))
    except urllib.error.HTTPError as error:
        response = error
    with response:
        return response.status, response.headers["Content-Type"], json.load(response)


def worker_of(process: subprocess.Popen[str]) -> list[psutil.Process]:
    """The workers beside a Newsdesk."""
    return [one for one in psutil.Process(process.pid).children() if _works(one)]


def _works(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and "worker" in process.cmdline()
    except psutil.NoSuchProcess:
        return False  # it ended while it was looked at


def refused(url: str, headers: dict[str, str]) -> urllib.error.HTTPError:
    """What ``url`` answers."""
    with pytest.raises(urllib.error.HTTPError) as refusal:
        urllib.request.urlopen(urllib.request.Request(url, headers=headers))
    return refusal.value


def refusal(*arguments: str, **environment: str) -> str:
    """What Newsdesk says when it does not start for that."""
    _, complaint = (process := start(*arguments, **environment)).communicate()
    assert process.returncode == 1
    return complaint


def assert_nothing_is_lost(data: Path) -> None:
    """Ask ``manage.py verify``."""
    command = [sys.executable, "manage.py", "verify"]
    environment = INHERITED | {"NEWSDESK_DATA": str(data)}
    verified = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert verified.returncode == 0, verified.stdout + verified.stderr


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_stopping_leaves_no_process_behind(data: Path, name: str) -> None:
    with serving(data) as (process, address):
        assert get(address + "/readyz")[0] == 200

        os.killpg(process.pid, signal.Signals[name])
        _, complaints = process.communicate()

        assert (process.returncode, complaints) == (0, "")
        assert about(data) == []


def test_a_killed_newsdesk_takes_its_database_with_it(data: Path) -> None:
    with serving(data) as (process, _):
        process.kill()

        assert eventually(lambda: about(data) == [])
    assert_nothing_is_lost(data)


def test_a_worker_that_dies_is_followed_by_another_and_none_outlives_newsdesk(data: Path) -> None:
    with serving(data) as (process, _):
        assert eventually(lambda: worker_of(process) != [])
        (first,) = worker_of(process)
        first.kill()
        assert eventually(lambda: bool(set(worker_of(process)) - {first}))
        (second,) = set(worker_of(process)) - {first}

        process.kill()

        assert eventually(lambda: not runs(second.pid) and about(data) == [])
    assert_nothing_is_lost(data)


def test_what_a_process_is_to_do_is_asked_for_in_a_sentence() -> None:
    assert refusal("wroker") == (
        "newsdesk: Say python -m newsdesk, or add what this process is to do: web, or worker.\n"
    )


def test_probes_tell_a_dead_database_from_a_dead_process(data: Path) -> None:
    with serving(data) as (_, address):
        assert get(address + "/healthz") == (200, "application/json", {"status": "ok"})
        assert get(address + "/readyz") == (200, "application/json", {"status": "ready"})
        status, kind, problem = get(address + "/healthz", "POST")
        assert (status, kind) == (405, "application/problem+json")
        assert problem["detail"] == "This address takes GET, HEAD."

        os.kill(server_pid(data), signal.SIGKILL)

        assert eventually(lambda: get(address + "/readyz")[0] == 503)
        status, kind, problem = get(address + "/readyz")
        assert (status, kind) == (503, "application/problem+json")
        assert problem["detail"] == "The database does not answer."
        assert get(address + "/healthz") == (200, "application/json", {"status": "ok"})
    assert_nothing_is_lost(data)


def test_whoever_asks_while_the_database_is_away_is_told_to_ask_again(data: Path) -> None:
    with serving(data, "web") as (_, address):  # a worker may begin anew, and its database too
        cookie = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={'x' * 32}"}
        api = {"Authorization": "Bearer nd_somebody"}

        os.kill(server_pid(data), signal.SIGKILL)
        assert eventually(lambda: get(address + "/readyz")[0] == 503)
        page = refused(address + "/p/", cookie)
        line = refused(address + "/p/", cookie | {"HX-Request": "true"})
        told = refused(address + "/api/v1/projects", api)
        drawn = refused(address + "/api/v1/docs", cookie)

    for one in (page, line, told, drawn):
        assert (one.code, one.headers["Retry-After"]) == (503, "5")
    assert b"<h1>Newsdesk is away</h1>" in page.read()
    assert line.read() == b"The database does not answer. What was saved is safe.\n"
    for one in (told, drawn):
        assert json.load(one)["code"] == "database_unavailable"


def test_the_sign_in_page_and_its_static_files_are_served(data: Path) -> None:
    with serving(data) as (_, address), urllib.request.urlopen(address + "/account/login/") as page:
        assert page.status == 200
        linked = [part for part in page.read().decode().split('"') if part.startswith("/static/")]
        assert linked
        for path in linked:
            with urllib.request.urlopen(address + path) as file:
                assert "immutable" in file.headers["Cache-Control"]


def test_answers_go_out_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    # asyncio switches Nagle's algorithm off only for a socket that is named as TCP.
    monkeypatch.setenv("PORT", "0")

    with serve._listen() as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_the_next_start_keeps_the_data_and_loads_no_second_demo(data: Path) -> None:
    with serving(data) as (process, _):
        process.terminate()
        first, _ = process.communicate()
    with serving(data) as (process, _):
        process.terminate()
        assert process.communicate() == (first, "")


def test_a_port_in_use_is_said_in_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        assert refusal(PORT=str(port)) == (
            f"newsdesk: Port {port} cannot be used (Address already in use): stop what uses it, "
            "or choose another, as in PORT=8001 make run.\n"
        )


def test_a_port_that_is_none_is_said_in_a_sentence() -> None:
    assert refusal(PORT="http") == "newsdesk: PORT must be a number below 65536; it is 'http'.\n"


def test_a_database_that_does_not_answer_is_said_in_a_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]  # closed again: nobody listens there

    said = refusal(
        DATABASE_URL=f"postgresql://ada:secret@127.0.0.1:{port}/newsdesk",
        NEWSDESK_DATA=str(folder),
    )

    assert said.startswith("newsdesk: The database does not answer: ")
    assert said.count("\n") == 1
    assert "secret" not in said


def test_another_kind_of_database_is_said_in_a_sentence(folder: Path) -> None:
    assert refusal(DATABASE_URL="mysql://localhost/newsdesk", NEWSDESK_DATA=str(folder)) == (
        "newsdesk: DATABASE_URL must begin with postgresql://, because Newsdesk needs PostgreSQL; "
        "it begins with mysql.\n"
    )


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(folder: Path) -> None:
    # Root may write everywhere, but not into a file.
    file = folder / "file"
    file.touch()

    said = refusal(NEWSDESK_DATA=str(file))

    assert said.startswith("newsdesk: The data folder cannot be used: ")
    assert said.count("\n") == 1
