"""The process that orders the events of the log and signs its heads; there is one of it."""

import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.utils import timezone

from audit import starting
from audit.log.publishing import Courier
from audit.log.turning import turn
from jobs import heartbeat

WITNESSES = 30  # seconds that a single turn waits for the witnesses


class Command(BaseCommand):
    help = "Give events their place in the log, sign its head, hand it to the witnesses; until told to end."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pause", type=float, default=1.0, help="seconds between two turns (default 1)")
        parser.add_argument("--once", action="store_true", help="one turn, then end")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Turn until told to end; a database that can't be reached is waited for."""
        try:
            starting.connect_as_sequencer()
        except (ImproperlyConfigured, DatabaseError) as fault:
            raise CommandError(str(fault)) from fault
        self._told = False
        self._courier = Courier()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        said = ""
        while not self._told:
            said = self._turn(said)
            if options["once"]:
                self._courier.wait(WITNESSES)
                return
            self._rest(options["pause"])

    def _turn(self, said: str) -> str:
        """Do a turn; say what is wrong once, not at every turn."""
        try:
            done = turn(timezone.now(), self._courier.publish)
            wrong = done.refusal
            heartbeat.sequenced(timezone.now())
        except DatabaseError as fault:
            connection.close()
            wrong = f"The database doesn't answer: {fault}"
        if wrong and wrong != said:
            self.stderr.write(wrong)
        return wrong

    def _rest(self, pause: float) -> None:
        until = time.monotonic() + pause
        while not self._told and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 0.2))

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._told = True
