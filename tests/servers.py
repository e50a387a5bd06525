"""Pytest plugin: compiled translations, and private PostgreSQL and Redis servers on sockets, ended with the run."""

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from desk import catalogues
from tests import migrated

HOUSE = Path(__file__).resolve().parents[1]
START_SECONDS = 240.0  # only against waiting for ever
_stack = contextlib.ExitStack()


def _as_ordinary_user() -> list[str]:
    """PostgreSQL refuses to run as root; then it runs as the account that its package made."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.getuid() == 0 else []


def _postgres_binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if not found:
        raise pytest.UsageError("PostgreSQL's server is not installed; ./test installs it.")
    return found[-1].parent


ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@contextlib.contextmanager
def postgres(folder: Path, *, durable: bool = False) -> Iterator[str]:
    """Make a PostgreSQL cluster, serve it, and yield the folder of its socket, which is its host name."""
    make_cluster(folder)
    with serve(folder, durable=durable) as host:
        yield host


def make_cluster(folder: Path) -> None:
    """Make an empty cluster in the folder."""
    data = folder / "postgres"
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        account = pwd.getpwnam("postgres")
        os.chown(data, account.pw_uid, account.pw_gid)
    subprocess.run(
        [*_as_ordinary_user(), _postgres_binaries() / "initdb", "-D", data / "db", "-U", "owner", "-A", "trust",
         "-E", "UTF8", "--no-sync", "--no-instructions"],
        check=True, stdout=subprocess.DEVNULL, cwd="/", env=ENVIRONMENT,
    )  # fmt: skip


@contextlib.contextmanager
def serve(folder: Path, *, durable: bool = False, kept: bool = False) -> Iterator[str]:
    """Run a server on the folder's cluster and yield the folder of its socket, which is its host name.

    Unless it is `durable`, no commit waits for the disk. At the end it leaves everything as it stands, unless the
    cluster is `kept`: then it writes it down first.
    """
    binaries, data = _postgres_binaries(), folder / "postgres"
    options = {
        "listen_addresses": "", "unix_socket_directories": str(data), "fsync": "off", "synchronous_commit": "off",
        "full_page_writes": "off", "max_connections": "100", "shared_buffers": "128MB", "log_min_messages": "fatal",
        "max_wal_size": "4GB", "jit": "off",
    }  # fmt: skip
    if durable:
        options |= {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    server = subprocess.Popen(
        [*_as_ordinary_user(), binaries / "postgres", "-D", data / "db", *arguments],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", env=ENVIRONMENT, process_group=0,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while subprocess.run(
            [binaries / "pg_isready", "-q", "-h", data, "-d", "postgres", "-U", "owner"],
            env=ENVIRONMENT,
            check=False,
        ).returncode:
            if server.poll() is not None or time.monotonic() > deadline:
                raise pytest.UsageError(f"PostgreSQL did not start (status {server.poll()}).")
            time.sleep(0.05)
        yield str(data)
    finally:
        server.send_signal(signal.SIGINT if kept else signal.SIGQUIT)
        server.wait(START_SECONDS)


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis server on a Unix socket and yield its address."""
    socket = folder / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, process_group=0,
    )  # fmt: skip
    try:
        deadline = time.monotonic() + START_SECONDS
        while not socket.exists():
            if server.poll() is not None or time.monotonic() > deadline:
                raise pytest.UsageError(f"Redis did not start (status {server.poll()}).")
            time.sleep(0.02)
        yield f"unix://{socket}?db=0"
    finally:
        server.terminate()
        server.wait(START_SECONDS)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Start the servers before Django reads its settings; workers of a parallel run inherit the addresses."""
    if "IMPRIMATUR_TEST_FOLDER" not in os.environ:
        catalogues.compile_all(HOUSE / "locale")
        _start()
    return (yield)


def _start() -> None:
    folder = Path(tempfile.mkdtemp(prefix="imp-", dir="/tmp"))
    folder.chmod(0o711)
    _stack.callback(shutil.rmtree, folder, ignore_errors=True)
    (folder / "data").mkdir()
    os.environ["IMPRIMATUR_TEST_FOLDER"] = str(folder)
    os.environ["IMPRIMATUR_TEST_REDIS"] = _stack.enter_context(redis(folder))
    sqlite = os.environ.get("IMPRIMATUR_TEST_ENGINE") == "sqlite"
    try:
        if sqlite:
            migrated.take(folder / "migrated.sqlite3", "sqlite", _migrated_file)
        else:
            migrated.take(folder / "postgres", str(_postgres_binaries()), _migrated_cluster)
    except migrated.CannotMigrate:  # tests that need no database go on
        if not sqlite:
            make_cluster(folder)
    if not sqlite:
        os.environ["IMPRIMATUR_TEST_POSTGRES"] = _stack.enter_context(serve(folder))


def _migrated_file(folder: Path) -> Path:
    """Make the migrated file of SQLite below the folder."""
    (folder / "data").mkdir()
    migrated.migrate(IMPRIMATUR_TEST_FOLDER=str(folder))
    return folder / "data/gw0/test.sqlite3"


def _migrated_cluster(folder: Path) -> Path:
    """Make a cluster with the migrated database below the folder."""
    make_cluster(folder)
    with serve(folder, kept=True) as host:
        subprocess.run(
            [_postgres_binaries() / "createdb", "-h", host, "-U", "owner", "imprimatur"],
            check=True,
            env=ENVIRONMENT,
        )
        migrated.migrate(IMPRIMATUR_TEST_POSTGRES=host)
    return folder / "postgres"


def pytest_unconfigure() -> None:
    """End what this process started."""
    _stack.close()
