"""The keys of attestations: show them, make a new one beside the old one, retire the old one, sign everything anew."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from records.attestation import rotation, status
from records.attestation.keys import KeyNotReady
from records.attestation.rows import AttestationKey


class Command(BaseCommand):
    help = "Show the keys of attestations, change them, or sign the status list now."

    def add_arguments(self, parser: CommandParser) -> None:
        own = parser.add_subparsers(dest="act", required=True, metavar="COMMAND")
        own.add_parser("keys", help="print which keys sign and signed")
        rotate = own.add_parser("rotate", help="make a new key that signs beside the old one")
        rotate.add_argument("--retire", action="store_true", help="let the newest key alone sign from now on")
        own.add_parser("sign", help="sign the status list, and what is in force, by the keys in use")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's shape)
        if options["act"] == "keys":
            self._show()
            return
        now = timezone.now()
        try:
            if options["act"] == "rotate":
                count = rotation.rotate(retire=options["retire"], now=now)
            else:
                count = rotation.sign_anew(now=now)
        except KeyNotReady as fault:
            raise CommandError(str(fault)) from None
        self._show()
        self.stdout.write(f"Attested anew by the workers: {count} requests.")

    def _show(self) -> None:
        for row in AttestationKey.objects.all():
            until = f" to {row.until:%Y-%m-%d %H:%M}" if row.until else ", signs"
            self.stdout.write(f"{row.key_id}  from {row.since:%Y-%m-%d %H:%M}{until}")
        newest = status.newest()
        if newest is not None:
            self.stdout.write(
                f"Status list {newest.number}, holds until {newest.next_update:%Y-%m-%d %H:%M} UTC."
            )
