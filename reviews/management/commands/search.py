"""What is found by searching, made anew at the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reviews.services.indexing import index_missing, rebuild


class Command(BaseCommand):
    help = (
        "The index of the search: `rebuild` makes all entries anew, `missing` only those that are not there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("act", choices=["rebuild", "missing"])

    def handle(self, *_args: Any, **options: Any) -> None:
        count = rebuild() if options["act"] == "rebuild" else index_missing()
        self.stdout.write(f"{count} requests can be found.")
