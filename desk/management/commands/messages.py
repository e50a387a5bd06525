"""Renews the Chinese catalogue from the sources: `manage.py messages`; `--check` only says what is missing."""

import os
import shutil
import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

CATALOGUE = Path("locale/zh_Hans/LC_MESSAGES/django.po")
HEADER = {
    "Project-Id-Version": "Imprimatur",
    "Language": "zh_Hans",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=1; plural=0;",
}
APART = [".venv", "var", "tests", "bench", "build", "docs", "deploy", "static", "locale"]


class Command(BaseCommand):
    """Renews or checks the catalogue (needs xgettext)."""

    help = "Renew the Chinese catalogue from the sources, or check that nothing is untranslated."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """`--check` writes nothing."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail when something is missing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Renew or check; raises CommandError with what has no translation, and with what no source says any more."""
        root = Path(settings.BASE_DIR)
        found = _collected(root)
        missing = [entry for entry in found if not entry.translated() or entry.fuzzy]
        if not options["check"]:
            found.save(str(root / CATALOGUE))
        else:
            said = {_key(entry) for entry in found}
            unsaid = [entry for entry in polib.pofile(str(root / CATALOGUE)) if _key(entry) not in said]
            if missing or unsaid:
                lines = "\n".join(f"  {entry.msgid[:100]!r}" for entry in [*missing, *unsaid][:40])
                raise CommandError(
                    f"{len(missing)} messages have no Chinese, {len(unsaid)} are said nowhere:\n{lines}"
                )
        self.stdout.write(f"{len(found)} messages, {len(missing)} without Chinese.")


def _key(entry: polib.POEntry) -> tuple[str, str | None]:
    return entry.msgid, entry.msgctxt


def _collected(root: Path) -> polib.POFile:
    """Return the catalogue as the sources want it now, with the translations that it has; nothing is guessed."""
    old = polib.pofile(str(root / CATALOGUE))
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "house"
        shutil.copytree(root, work, ignore=shutil.ignore_patterns(".*", *APART))
        (work / CATALOGUE).parent.mkdir(parents=True)
        subprocess.run(
            [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans",
             "--no-location", "--no-wrap", "--no-obsolete"],
            cwd=work, check=True, stdout=subprocess.DEVNULL,
            env=os.environ | {"IMPRIMATUR_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings.embedded"},
        )  # fmt: skip
        fresh = polib.pofile(str(work / CATALOGUE))
    kept = {_key(entry): entry for entry in old}
    for entry in fresh:
        before = kept.get(_key(entry))
        entry.flags = [flag for flag in entry.flags if flag != "fuzzy"]
        if before is not None and entry.msgid_plural:
            entry.msgstr_plural = before.msgstr_plural
        elif before is not None:
            entry.msgstr = before.msgstr
    fresh.header, fresh.metadata = "", dict(HEADER)
    fresh.metadata_is_fuzzy = False
    fresh.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    return fresh
