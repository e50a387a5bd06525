"""Checks the vendored files by their hashes, and renews them with the npm client: static/vendor, and those of tests."""

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

# Tabler's own shields are too thin at 16 px; these three are drawn anew, so they are ours.
SHIELD = '<path d="M12 3a12 12 0 0 0 8.5 3a12 12 0 0 1 -8.5 15a12 12 0 0 1 -8.5 -15a12 12 0 0 0 8.5 -3"/>{}'
REDRAWN = {
    "shield-check": SHIELD.format('<path d="M8.5 11.5l2.6 2.6l4.6 -4.8"/>'),
    "shield-x": SHIELD.format('<path d="M9.5 9.2l5 5"/><path d="M14.5 9.2l-5 5"/>'),
    "shield-question": SHIELD.format(
        '<path d="M9.8 9.6a2.2 2.2 0 1 1 3 2.1c-.6 .3 -.8 .6 -.8 1.3"/><path d="M12 16h.01"/>'
    ),
}


# What pages load, and what only tests run in a page.
FOLDERS = ("static/vendor", "tests/journeys/vendor")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Command(BaseCommand):
    help = "Check vendored files against SHA256SUMS; with --renew fetch the versions of files.json again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--renew", action="store_true", help="fetch the files with npm and write the hashes anew"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        changed = []
        for name in FOLDERS:
            self.folder = Path(settings.BASE_DIR) / name
            if not self.folder.is_dir():
                continue  # a packaged product has no tests
            if options["renew"]:
                self._renew()
            changed += [f"{name}/{file}" for file in self._changed()]
        if changed:
            raise CommandError("Not as recorded: " + ", ".join(changed))
        self.stdout.write("The vendored files are as recorded.")

    def _changed(self) -> list[str]:
        """Names of files that are missing, or differ from their recorded SHA-256, or aren't recorded."""
        lines = (self.folder / "SHA256SUMS").read_text().splitlines()
        recorded = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        present = {path.name: _digest(path) for path in self._files()}
        return sorted(
            name for name in recorded.keys() | present.keys() if recorded.get(name) != present.get(name)
        )

    def _files(self) -> list[Path]:
        return sorted(path for path in self.folder.iterdir() if path.name != "SHA256SUMS")

    def _renew(self) -> None:
        for package, wanted in json.loads((self.folder / "files.json").read_text()).items():
            with tempfile.TemporaryDirectory() as name:
                archive = self._fetch(f"{package}@{wanted['version']}", Path(name))
                for source, target in wanted["files"].items():
                    (self.folder / target).write_bytes(self._member(archive, source))
                if "icons" in wanted:
                    self._sprite(archive, wanted["icons"])
        lines = [f"{_digest(path)}  {path.name}\n" for path in self._files()]
        (self.folder / "SHA256SUMS").write_text("".join(lines))

    def _fetch(self, package: str, folder: Path) -> Path:
        subprocess.run(
            ["npm", "pack", "--silent", package], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        return next(folder.glob("*.tgz"))

    def _member(self, archive: Path, name: str) -> bytes:
        with tarfile.open(archive) as tar:
            file = tar.extractfile(f"package/{name}")
            if file is None:
                raise CommandError(f"{archive.name} has no file {name}")
            return file.read()

    def _sprite(self, archive: Path, names: list[str]) -> None:
        """Write icons.svg: one <symbol id="i-NAME"> for each icon."""
        symbols = dict(REDRAWN)
        for name in names:
            svg = self._member(archive, f"icons/outline/{name}.svg").decode()
            symbols[name] = "".join(re.findall(r"<(?:path|circle|rect|line)\b[^>]*/>", svg)).replace(
                " />", "/>"
            )
        body = "".join(
            f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawing}</symbol>\n'
            for name, drawing in sorted(symbols.items())
        )
        (self.folder / "icons.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">\n{body}</svg>\n')
