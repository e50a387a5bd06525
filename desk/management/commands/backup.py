"""Makes a backup while people work: `manage.py backup FOLDER --keys ANOTHER_FOLDER`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat
from django.utils import timezone

from desk.backup import passphrase
from desk.backup.making import make
from desk.backup.progress import teller
from desk.backup.refusal import NotPossible
from imprimatur import durable


class Command(BaseCommand):
    help = (
        "Make a backup: a folder with database and files in FOLDER, and the keys apart, encrypted under a passphrase"
        f" ({passphrase.VARIABLE}, --passphrase-file, or asked for)."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="where backups are kept; each is a folder named by its time"
        )
        where = parser.add_mutually_exclusive_group(required=True)
        where.add_argument(
            "--keys", type=Path, metavar="FOLDER", help="where the files of keys are kept: elsewhere"
        )
        where.add_argument(
            "--without-keys",
            action="store_true",
            help="leave the keys out, because they are kept already: without them no file can be read",
        )
        parser.add_argument(
            "--whole",
            action="store_true",
            help="copy every file; by default those that are the same are shared",
        )
        passphrase.add_argument(parser)

    @durable.for_the_owner_only()
    def handle(self, *_args: Any, **options: Any) -> None:
        keys = options["keys"]
        try:
            words = "" if keys is None else passphrase.given(options["passphrase_file"], is_new=True)
            made = make(
                options["folder"].absolute(),
                keys_folder=keys.absolute() if keys else None,
                passphrase=words,
                whole=options["whole"],
                now=timezone.now(),
                progress=teller(self.stderr),
            )
        except NotPossible as fault:
            raise CommandError(str(fault)) from fault
        size, fresh = filesizeformat(made.size), filesizeformat(made.fresh)
        self.stdout.write(f"{made.folder}  {size}, of which {fresh} are new")
        self.stderr.write("".join(f"{note}\n" for note in made.notes), ending="")
        if made.keys is not None:
            self.stdout.write(
                f"{made.keys}\nKeep the keys apart from the backup, and the passphrase apart from both."
            )
