"""The internal authority at the command line: what there is, and new keys in the place of old ones."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from records.certificates import renew_lists, rotate
from records.models import Certificate, Purpose
from records.seal import lists
from records.seal.refusal import NotReady
from records.seal.sources import source_of

ROTATED = (Purpose.ISSUING, Purpose.SYSTEM, Purpose.SEAL, Purpose.ROOT)


class Command(BaseCommand):
    help = "The internal authority: its certificates and lists (`show`, `lists`), and new keys (`rotate`)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parts = parser.add_subparsers(dest="part", required=True)
        parts.add_parser(
            "show", help="the authorities, system and seal, with their dates and revocation lists"
        )
        parts.add_parser("lists", help="sign the revocation lists that are a day old or lack a revocation")
        turn = parts.add_parser("rotate", help="put a new key and certificate in the place of those in use")
        turn.add_argument("purpose", choices=[one.value for one in ROTATED])
        turn.add_argument(
            "--new-root",
            action="store_true",
            help="for `root`: yes, everybody outside must be told of the new one",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            match options["part"]:
                case "show":
                    self._show()
                case "lists":
                    renew_lists(timezone.now())
                    self._show()
                case _:
                    self._rotate(Purpose(options["purpose"]), options["new_root"])
        except NotReady as fault:
            raise CommandError(str(fault)) from fault

    def _show(self) -> None:
        rows = Certificate.objects.exclude(purpose=Purpose.PERSON).order_by("purpose", "issued_at")
        if not rows:
            self.stdout.write("There is none yet: it is made with the first record.")
        for row in rows:
            self.stdout.write(
                f"{row.purpose:8} {row.sha256[:16]} {row.valid_from:%Y-%m-%d} to {row.valid_until:%Y-%m-%d}"
                f"  {_state(row):8} {row.name}{_list(row)}"
            )

    def _rotate(self, purpose: Purpose, is_sure: bool) -> None:
        if purpose == Purpose.ROOT and not is_sure:
            raise CommandError(
                "A new root is a new beginning: whoever trusts the old one must be given the new one by a way that they"
                " trust. Read docs/certificates.md, then run it again with --new-root."
            )
        source = source_of(purpose) if purpose in (Purpose.SEAL, Purpose.SYSTEM) else None
        if source is not None:
            raise CommandError(
                f"It comes from {source.name}: put another key there, and start the processes anew."
            )
        row = rotate(purpose=purpose, now=timezone.now())
        self.stdout.write(
            f"{row.purpose} {row.sha256[:16]} “{row.name}” is in use until {row.valid_until:%Y-%m-%d}. Back up"
            f" {settings.DATA_DIR / 'keys'} now."
        )


def _state(row: Certificate) -> str:
    if row.revoked_at is not None:
        return "revoked"
    return "in use" if row.retired_at is None else "retired"


def _list(row: Certificate) -> str:
    found = lists.newest(row.sha256)
    if found is None:
        return ""
    return f"; list {found.number} with {found.entries} until {found.next_update:%Y-%m-%d}"
