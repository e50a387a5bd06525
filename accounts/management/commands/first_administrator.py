"""Prints the link by which the first person of an empty installation comes in."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.first_administrator import first_link


class Command(BaseCommand):
    help = "Print a link, valid for a day and once, on which the first administrator of an empty installation is made."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002  (Django's shape)
        link = first_link()
        if link is None:
            raise CommandError(
                "There are people already. An administrator invites others on the page of people."
            )
        self.stdout.write(link)
