"""Writes what docs/ says of the types of messages from their registration, or checks that it says the same."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from webhooks import schema

BEGIN, END = "<!-- types: written by manage.py webhook_types --write -->\n", "<!-- end of types -->\n"


def documents() -> dict[Path, str]:
    """Return what the two files should say."""
    docs = Path(settings.BASE_DIR) / "docs"
    page = (docs / "webhooks.md").read_text(encoding="utf-8")
    before, begin, rest = page.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise CommandError("docs/webhooks.md has lost the marks between which its table of types stands.")
    return {
        docs / "webhooks.md": before + begin + schema.table() + end + after,
        docs / "webhooks.schema.json": schema.text(),
    }


class Command(BaseCommand):
    help = "Checks docs/webhooks.md and docs/webhooks.schema.json, or writes them with --write"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        for path, text in documents().items():
            if options["write"]:
                path.write_text(text, encoding="utf-8")
            elif not path.is_file() or path.read_text(encoding="utf-8") != text:
                raise CommandError(f"{path.name} is behind: run manage.py webhook_types --write.")
