"""The embedded server, against what happens to processes and files on real machines."""

import os
import re
import shutil
import signal
import stat
from pathlib import Path

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from newsdesk import embedded
from tests.faults.processes import OtherUser, about, eventually, runs, server_pid


def assert_answers(server: embedded.Server) -> None:
    with psycopg.connect(server.dsn) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


def test_last_to_leave_stops_the_server(data: Path) -> None:
    with OtherUser(data) as first, embedded.use(data) as second:
        assert first.dsn() == second.dsn
        server = server_pid(data)
        first.leave()
        assert runs(server)
    assert not runs(server)


def test_those_who_start_at_once_share_one_server(data: Path) -> None:
    with OtherUser(data) as first, OtherUser(data) as second, OtherUser(data) as third:
        assert first.dsn() == second.dsn() == third.dsn()
        servers = [each for each in about(data) if each.name() == "postgres"]
        assert [each.pid for each in servers] == [server_pid(data)]
        for user in (first, second, third):
            user.leave()
        assert eventually(lambda: about(data) == [])


@pytest.mark.parametrize("name", ["SIGTERM", "SIGKILL", "SIGHUP"])
def test_server_stops_when_its_only_user_is_killed(data: Path, name: str) -> None:
    with OtherUser(data) as user:
        user.dsn()
        user.process.send_signal(signal.Signals[name])
        assert eventually(lambda: about(data) == [])


def test_next_user_takes_over_a_server_that_nobody_keeps(data: Path) -> None:
    with OtherUser(data) as user:
        user.dsn()
        server = server_pid(data)
        for process in about(data):
            if process.pid != server:
                process.kill()
    assert runs(server)

    with embedded.use(data):
        assert server_pid(data) == server
    assert not runs(server)


def test_a_killed_server_recovers_what_was_committed(data: Path) -> None:
    with embedded.use(data) as before, psycopg.connect(before.dsn) as connection:
        connection.execute("CREATE TABLE story AS SELECT 'kept' AS title")
        connection.commit()
        os.kill(server_pid(data), signal.SIGKILL)

    with embedded.use(data) as after, psycopg.connect(after.dsn) as connection:
        assert connection.execute("SELECT title FROM story").fetchall() == [("kept",)]


def test_a_stranger_with_the_old_process_id_is_no_server(data: Path) -> None:
    with embedded.use(data):
        pid_file = data / "postgres" / "cluster" / "postmaster.pid"
        left_by_a_crash = re.sub(r"^\d+", str(psutil.Process().ppid()), pid_file.read_text())
    pid_file.write_text(left_by_a_crash)

    with embedded.use(data) as server:
        assert_answers(server)


@pytest.mark.parametrize("torn", ["", "\n", "12", "not a number\n/somewhere\n"])
def test_a_torn_pid_file_does_no_harm(data: Path, torn: str) -> None:
    (data / "postgres" / "cluster" / "postmaster.pid").write_text(torn)

    with embedded.use(data) as server:
        assert_answers(server)


def test_a_cluster_half_made_is_made_anew(folder: Path) -> None:
    (folder / "postgres" / "cluster.unfinished" / "base").mkdir(parents=True)

    with embedded.use(folder) as server:
        assert_answers(server)


@pytest.mark.parametrize("path", ["", "a" * 60 + "/" + "é" * 30])
def test_only_we_get_in(folder: Path, path: str) -> None:
    data = folder / path
    with embedded.use(data) as server:
        socket = Path(str(conninfo_to_dict(server.dsn)["host"]))
        assert len(os.fsencode(socket)) < 100
        assert stat.S_IMODE(socket.stat().st_mode) == 0o700
        password = data / "postgres" / "password"
        assert stat.S_IMODE(password.stat().st_mode) == 0o600
        assert psutil.Process(server_pid(data)).net_connections("inet") == []
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.dsn, password="guess")


def test_damaged_pages_are_found_and_text_is_unicode(data: Path) -> None:
    with embedded.use(data) as server, psycopg.connect(server.dsn) as connection:
        assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
        # Case beyond ASCII, and the order of code points.
        assert connection.execute("SELECT upper('é'), 'Z' < 'a'").fetchone() == ("É", True)


def link(source: str, target: str) -> None:
    """A copy that takes no room, where the file system allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


only_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only for root does another user run the server"
)


@only_root
def test_a_private_folder_of_roots_is_passed_through_and_left_as_it_is(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    # The programs are in it too, as in a clone with its .venv.
    package = embedded._binaries().parents[1]
    for part in (package, package.with_name(f"{package.name}.libs")):
        if part.exists():  # the wheels for macOS have no folder of libraries
            shutil.copytree(part, private / part.name, copy_function=link)
    programs = private / embedded._binaries().relative_to(package.parent)
    monkeypatch.setattr(embedded, "_binaries", lambda: programs)

    with embedded.use(private / "var") as server:
        assert_answers(server)
        assert psutil.Process(server_pid(private / "var")).uids().effective != 0

    with embedded.use(private / "var") as server:  # and again
        assert_answers(server)
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    assert about(folder) == []


@only_root
def test_root_is_told_of_a_folder_that_the_server_cannot_reach(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    private = folder / "private"
    private.mkdir(mode=0o700)
    monkeypatch.setenv("PATH", str(folder))  # where there is no setpriv

    with pytest.raises(embedded.EmbeddedServerError, match="cannot reach"):
        embedded.use(private / "var")

    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert about(folder) == []


def test_a_file_in_place_of_the_folder_is_said(folder: Path) -> None:
    file = folder / "file"
    file.touch()

    with pytest.raises(embedded.EmbeddedServerError, match="cannot be used: Not a directory"):
        embedded.use(file)


def test_what_postgresql_says_is_passed_on(data: Path) -> None:
    with pytest.raises(embedded.EmbeddedServerError, match=r'did not start: .*"no_such_setting"'):
        embedded.use(data, ["no_such_setting=1"])

    assert eventually(lambda: about(data) == [])
