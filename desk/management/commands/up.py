"""Runs the whole product on this machine: Redis, worker, beat and web server, until one ends or it is told to."""

import os
import shutil
import signal
import sys
from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.services.first_administrator import first_link
from desk import catalogues, statics
from desk.supervision import greeting, household, machine, sample
from desk.supervision.children import Child, ChildEnded, Household


class Stop(BaseException):
    """Ctrl-C or SIGTERM: end in good order."""


class Command(BaseCommand):
    """Runs the product; the README begins with it."""

    help = "Run the whole product on this machine until it is told to end."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to listen, and whether the sample organisation is wanted."""
        parser.add_argument("--host", default="localhost")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--empty", action="store_true", help="begin without the sample organisation")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run until told to end; when that is not possible, one sentence on stderr and status 1."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _stop)
        os.umask(0o077)
        try:
            self._run(options["host"], options["port"], options["empty"])
        except machine.NotPossible as fault:
            sys.exit(str(fault))
        except Stop:
            self.stderr.write("Ended.")

    def _run(self, host: str, port: int, empty: bool) -> None:
        if not settings.EMBEDDED:
            raise machine.NotPossible(
                "`up` runs the product on one machine; in production each process is a service of its own."
            )
        import_module("weasyprint")  # without its libraries no record could be printed; manage.py says which
        data = Path(settings.DATA_DIR)
        redis = machine.programme("redis-server", "redis-server")
        address = machine.address_of(host, port)
        sample.refuse_to_the_world(data, host, address, empty=empty)
        with machine.own_folder(data):
            folder = household.short_folder()
            try:
                self._serve(_House(data, folder, redis, host, address, port), empty)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _serve(self, place: "_House", empty: bool) -> None:
        house = Household(place.data / "log", place.environment())
        redis: list[Child] = []
        try:
            redis.append(household.start_redis(house, place.redis, place.data, place.socket))
            self._prepare()
            loading = sample.begin(place.data, empty=empty)
            house.environment["IMPRIMATUR_SAMPLE"] = "1" if sample.is_here(place.data) else "0"
            root = Path(settings.BASE_DIR)
            web = household.start_web(house, root, place.address, place.port)
            self._first_page(house, place, web)
            household.start_worker(house, root)
            household.start_sequencer(house, root)
            if not loading:
                household.start_beat(house, root, place.data)
            self._greet(place, loading)
            if loading:
                # The story lies in the past: with beat, the clock would close its ballots before their votes are in.
                self._load_sample(house, place.data)
                household.start_beat(house, root, place.data)
            house.wait(lambda: False)
        except ChildEnded as ended:
            raise machine.NotPossible(f"{ended} Everything else was ended too.") from ended
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_IGN)
            house.end(last=redis)
            (place.data / "redis" / "address").unlink(missing_ok=True)

    def _prepare(self) -> None:
        catalogues.compile_all(Path(settings.BASE_DIR) / "locale")
        statics.collect()
        call_command("migrate", interactive=False, verbosity=0)

    def _first_page(self, house: Household, place: "_House", web: Child) -> None:
        """Wait until the first page answers; the others start after it, because they would only slow it down."""
        status: list[int] = []

        def answered() -> bool:
            found = greeting.first_page(place.address, place.port, place.name)
            status.extend([] if found is None else [found])
            return bool(status)

        if not house.wait(answered, household.START_SECONDS):
            raise machine.NotPossible(
                f"The first page did not answer within {household.START_SECONDS:.0f} seconds."
            )
        if status[0] >= 400:
            house.read()
            raise machine.NotPossible(
                f"The first page answers with an error ({status[0]}). {web.last_words()}"
            )

    def _greet(self, place: "_House", loading: bool) -> None:
        self.stdout.write(f"Ready: {place.url}  (Ctrl-C ends it)")
        link = None if loading else first_link()
        if link:
            path = link.removeprefix(settings.BASE_URL)
            self.stdout.write(f"The first administrator comes in here, within a day: {place.url}{path}")
        self.stdout.flush()

    def _load_sample(self, house: Household, data: Path) -> None:
        loader = house.start("The sample", [sys.executable, "manage.py", "sample"], Path(settings.BASE_DIR))
        try:
            house.wait(lambda: loader.process.poll() is not None)
        except ChildEnded as ended:
            if ended.child is not loader:
                raise
        if loader.process.returncode == 0:
            sample.finish(data)
        else:
            self.stderr.write(f"The sample organisation could not be loaded. {loader.obituary()}")
        house.let_go(loader)


class _House:
    """Where this run lives and how it is reached."""

    def __init__(self, data: Path, folder: Path, redis: str, host: str, address: str, port: int) -> None:
        self.data, self.redis, self.address, self.port = data, redis, address, port
        self.socket = folder / "redis.sock"
        shown = "localhost" if address in {"0.0.0.0", "::"} else host  # noqa: S104 (not bound, compared)
        self.name = f"[{shown}]:{port}" if ":" in shown else f"{shown}:{port}"
        self.url = f"http://{self.name}"
        self.hosts = list(dict.fromkeys([*settings.ALLOWED_HOSTS, f"[{shown}]" if ":" in shown else shown]))

    def environment(self) -> dict[str, str]:
        """Return the environment of the children."""
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "config.settings.embedded",
            "IMPRIMATUR_BASE_URL": os.environ.get("IMPRIMATUR_BASE_URL") or self.url,
            "IMPRIMATUR_DATA": str(self.data),
            "IMPRIMATUR_HOSTS": ",".join(self.hosts),
            "IMPRIMATUR_REDIS": f"unix://{self.socket}?db=0",
            "PYTHONUNBUFFERED": "1",
        }


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop
