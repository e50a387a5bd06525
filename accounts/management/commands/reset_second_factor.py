"""Resets the second factor of the last administrator who lost their phone: nobody in the product can."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.selectors import person_by_email
from accounts.services.second_factor import reset_by_operator
from audit.refusal import Refused


class Command(BaseCommand):
    help = "Reset a person's second factor from the server; leaves an event with the reason."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument(
            "--reason", required=True, help="why, and how you know that the person asked for it"
        )

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's shape)
        person = person_by_email(options["email"])
        if person is None:
            raise CommandError(f"Nobody has the address {options['email']}.")
        try:
            reset_by_operator(person=person, reason=options["reason"], now=timezone.now())
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{person.email} sets up new one-time codes at the next sign-in.")
