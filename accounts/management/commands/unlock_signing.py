"""Unlocks signing for an administrator where no other could: nobody unlocks it for themself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.selectors import person_by_email
from accounts.services.signing_lock import unlock_by_operator
from audit.refusal import Refused


class Command(BaseCommand):
    help = "Unlock signing for a person from the server; leaves an event with the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="why, and how you know who answered wrongly")

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's shape)
        person = person_by_email(options["email"])
        if person is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        try:
            unlock_by_operator(person=person, reason=options["reason"], now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.email} can sign again.")
