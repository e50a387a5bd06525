"""Compiles the translations: `manage.py catalogues`; `manage.py up` does it by itself."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from desk.catalogues import compile_all


class Command(BaseCommand):
    """Compiles what is missing or older than its source; needs no gettext installed."""

    help = "Compile the translations."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Compile, and say how many catalogues were new."""
        compiled = compile_all(Path(settings.BASE_DIR) / "locale")
        self.stdout.write(f"{len(compiled)} compiled.")
