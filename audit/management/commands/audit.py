"""Everything about the log that is done at the command line."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from audit import grants, guards
from audit.log import changing_keys
from audit.log.checking import verify_log
from audit.log.keys import SignerRefuses
from audit.reconciling import keeping
from imprimatur.tlog.note import NotANote, Verifier


class Command(BaseCommand):
    help = (
        "The audit log: is it whole (`verify`), does the database agree with it (`reconcile`), rights of the logins "
        "(`grants`), triggers (`guards`), another key (`rotate-key`), a new origin after a restore (`continue`)."
    )

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
        verify = parts.add_parser(
            "verify", help="recompute the whole log and name the first thing that is wrong"
        )
        verify.add_argument(
            "--key", action="append", default=[], metavar="VKEY",
            help="a public key of the log that you hold: every checkpoint has to be signed by one of these",
        )  # fmt: skip
        parts.add_parser(
            "reconcile", help="compare every row that people change with what the log tells of it"
        )
        rotate = parts.add_parser("rotate-key", help="let a new key sign the checkpoints of the log")
        go_on = parts.add_parser("continue", help="let the log go on under a new origin after a restore")
        go_on.add_argument(
            "--checkpoint", type=Path, metavar="FILE",
            help="the newest signed checkpoint that you hold, from a mail to auditors or from a witness",
        )  # fmt: skip
        for part in (rotate, go_on):
            part.add_argument("--reason", required=True, help="why; it stands in the event")

    def handle(self, *_args: Any, **options: Any) -> None:
        match options["part"]:
            case "grants":
                self._grants(options["application"], options["sequencer"], options["apply"])
            case "guards":
                self._guards()
            case "verify":
                self._verify(options["key"])
            case "reconcile":
                self._reconcile()
            case part:
                self._change_key(part, options["reason"], options.get("checkpoint"))

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

    def _verify(self, vkeys: list[str]) -> None:
        try:
            held = [Verifier.parse(vkey) for vkey in vkeys]
        except NotANote as fault:
            raise CommandError(str(fault)) from fault
        found = verify_log(self._progress, held=held)
        counted = f"{found.size} events, {found.checkpoints} checkpoints, {found.disclosures} disclosures"
        said = f"{counted}; root {found.root}"
        if not found.is_whole:
            raise CommandError("\n".join([*found.faults, f"The log is not whole: {said}."]))
        waiting = found.events - found.size
        later = f" {waiting} events have no place in it yet." if waiting else ""
        self.stdout.write(f"The log is whole: {said}.{later}")

    def _reconcile(self) -> None:
        made = keeping.carry_out(progress=self._tables)
        if made.findings:
            raise CommandError(keeping.in_words(made, most=len(made.first)))
        erased = f" Of {made.erased} the state was erased." if made.erased else ""
        self.stdout.write(f"{made.rows} rows are as {made.events} events of the log tell.{erased}")

    def _tables(self, done: int, of: int) -> None:
        if done == of:
            self.stderr.write(f"{of} tables compared")

    def _change_key(self, part: str, reason: str, held: Path | None) -> None:
        now = timezone.now()
        try:
            if part == "rotate-key":
                changed = changing_keys.rotate(reason=reason, now=now)
            else:
                changed = changing_keys.go_on(reason=reason, now=now, held=held.read_text() if held else "")
        except (SignerRefuses, OSError, UnicodeDecodeError) as fault:
            raise CommandError(str(fault)) from fault
        self.stdout.write(
            f"From the checkpoint of {changed.checkpoint.size} events on this key signs:\n{changed.vkey}\n"
            "Give it to the witnesses, and to everybody who holds the key used before."
        )

    def _progress(self, done: int, of: int) -> None:
        if done % 100_000 == 0 and done != of:
            self.stderr.write(f"{done} of {of}")
