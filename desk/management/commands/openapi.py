"""Writes docs/openapi.json as it is served, or says whether it is; so a change of the API is seen in review."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.http import HttpRequest
from django.urls import resolve, reverse


class Command(BaseCommand):
    help = "Compare docs/openapi.json with what is served, or write it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write the file")

    def handle(self, *_args: Any, **options: Any) -> None:
        kept, served = Path(settings.BASE_DIR) / "docs" / "openapi.json", _served()
        if options["write"]:
            kept.write_text(served)
        elif not kept.is_file() or kept.read_text() != served:
            raise CommandError("docs/openapi.json isn't what is served. Run manage.py openapi --write.")


def _served() -> str:
    """Return the description, asked for by its address, because the API lies above this app."""
    request = HttpRequest()
    request.method = "GET"
    answer = resolve(reverse("api_description")).func(request)
    return json.dumps(json.loads(answer.content), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
