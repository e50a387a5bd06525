"""Makes the sample organisation, or what is still missing of it."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from audit.log import verifying
from audit.reconciling import keeping
from audit.refusal import Refused
from desk.sample.making import make_sample

# SQLite gives its one lock to whoever asks at the right moment: without a gap between two steps whoever signs in
# meanwhile, and the worker, wait for it in vain until their time is up.
GAP = 0.025  # seconds


class Command(BaseCommand):
    """Makes the sample organisation by calling the services, with its progress."""

    help = "Make the sample organisation in an empty database, or go on where an earlier run stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to keep quiet."""
        parser.add_argument("--quiet", action="store_true", help="say nothing until it is made")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it; refused with one sentence and status 1 where it must not be."""
        try:
            made = make_sample(now=timezone.now(), tell=self._quiet if options["quiet"] else self._tell)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        now = timezone.now()
        verifying.plan_daily(now)  # or whoever looks at the log first reads that nobody ever looked at it
        keeping.plan_daily(now)
        self.stdout.write(f"The sample organisation is made ({made} steps now).")

    def _tell(self, done: int, total: int) -> None:
        self._quiet(done, total)
        if done % 50 == 0 or done == total:
            self.stdout.write(f"{done} of {total}")

    def _quiet(self, _done: int, _total: int) -> None:
        """Say nothing, and let others write."""
        if connection.vendor == "sqlite":
            time.sleep(GAP)
