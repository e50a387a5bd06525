"""Which children the product has on one machine, and how each is started."""

import sys
import tempfile
from pathlib import Path

from desk.supervision.children import Child, Household
from desk.supervision.machine import NotPossible

START_SECONDS = 120.0


def start_redis(house: Household, program: str, data: Path, socket: Path) -> Child:
    """Start the broker on a Unix socket; it keeps what it takes, and refuses rather than forgets when it is full."""
    kept = data / "redis"
    kept.mkdir(exist_ok=True, mode=0o700)
    child = house.start(
        "Redis",
        [program, "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", "--dir", kept,
         "--appendonly", "yes", "--appendfsync", "everysec", "--save", "", "--maxmemory-policy", "noeviction",
         "--daemonize", "no", "--logfile", ""],
        kept,
    )  # fmt: skip
    if not house.wait(socket.exists, START_SECONDS):
        raise NotPossible(f"Redis did not begin to serve within {START_SECONDS:.0f} seconds.")
    (kept / "address").write_text(f"unix://{socket}?db=0")
    return child


def start_worker(house: Household, root: Path) -> Child:
    """Start the worker that does the jobs."""
    return house.start(
        "The worker",
        [sys.executable, "-m", "celery", "-A", "config.celery:app", "worker", "--concurrency", "2",
         "--loglevel", "WARNING", "--without-gossip", "--without-mingle", "--hostname", "worker@house"],
        root,
    )  # fmt: skip


def start_beat(house: Household, root: Path, data: Path) -> Child:
    """Start the one beat, which says when periodic work is due."""
    kept = data / "beat"
    kept.mkdir(exist_ok=True, mode=0o700)
    return house.start(
        "Beat",
        [sys.executable, "-m", "celery", "-A", "config.celery:app", "beat", "--loglevel", "WARNING",
         "--schedule", kept / "schedule", "--pidfile", ""],
        root,
    )  # fmt: skip


def start_sequencer(house: Household, root: Path) -> Child:
    """Start the one sequencer, which orders the events of the log and signs its heads."""
    return house.start("The sequencer", [sys.executable, "manage.py", "sequencer"], root)


def start_web(house: Household, root: Path, address: str, port: int) -> Child:
    """Start the web server."""
    return house.start(
        "The web server",
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", address, "--port", str(port),
         "--workers", "1", "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "3",
         "--log-level", "warning", "config.wsgi:application"],
        root,
    )  # fmt: skip


def short_folder() -> Path:
    """Make a private folder for sockets: the address of a Unix socket must not exceed 107 bytes."""
    return Path(tempfile.mkdtemp(prefix="imprimatur-", dir="/tmp"))
