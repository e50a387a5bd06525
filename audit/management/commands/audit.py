"""Everything about the log that is done at the command line."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from audit import grants, guards


class Command(BaseCommand):
    help = "Guards of the audit log: the rights of the logins (`grants`) and the triggers (`guards`)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        rights = parts.add_parser(
            "grants", help="rights of the application's and the sequencer's login (PostgreSQL)"
        )
        rights.add_argument("--application", default="imprimatur_app", help="login of web server and workers")
        rights.add_argument("--sequencer", default="imprimatur_sequencer", help="login of the sequencer")
        rights.add_argument(
            "--apply", action="store_true", help="run the statements instead of printing them"
        )
        parts.add_parser("guards", help="say whether the triggers of the log are as they should be")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["part"] == "grants":
            self._grants(options["application"], options["sequencer"], options["apply"])
        else:
            self._guards()

    def _grants(self, application: str, sequencer: str, apply: bool) -> None:
        if connection.vendor != "postgresql":
            raise CommandError("Logins with rights of their own exist on PostgreSQL only.")
        if application == sequencer:
            raise CommandError("Application and sequencer need different logins.")
        listed = list(grants.statements(application=application, sequencer=sequencer))
        if not apply:
            self.stdout.write(";\n".join(listed) + ";")
            return
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in listed:
                cursor.execute(statement)
        self.stdout.write(
            f"{len(listed)} statements applied. Run this again after every migrate that adds a table."
        )

    def _guards(self) -> None:
        if found := guards.faults():
            raise CommandError("\n".join(found))
        self.stdout.write("The triggers of the log are as they should be.")
