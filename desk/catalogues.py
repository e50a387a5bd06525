"""Translations in the form that gettext reads: made from the .po files, which are what the project keeps."""

import os
from pathlib import Path

import polib


def compile_all(folder: Path) -> list[Path]:
    """Compile each catalogue below the folder whose .mo is missing or older; return the .po files that were new."""
    compiled = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        fresh = target.with_name(f"{target.name}.{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(fresh))
        fresh.replace(target)
        compiled.append(source)
    return compiled
