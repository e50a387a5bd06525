"""Whether this data folder holds the sample organisation, whose passwords everybody knows."""

from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import get_commands

from desk.supervision.machine import NotPossible, is_loopback

MARK = "sample"  # a file in the data folder: "loading" from the first moment, "loaded" at the end


def is_here(data: Path) -> bool:
    """Whether the sample was loaded into this folder, or its loading began."""
    return (data / MARK).exists()


def refuse_to_the_world(data: Path, host: str, address: str, *, empty: bool) -> None:
    """Raise NotPossible when others than this machine could reach the sample."""
    if is_loopback(address):
        return
    if is_here(data):
        raise NotPossible(
            f"{data} holds the sample organisation, which must not be reached from other machines; "
            "name an empty folder with --data, and --empty."
        )
    if not empty:
        raise NotPossible(
            f"With the host {host} other machines can reach Imprimatur, and everybody knows the passwords of the "
            "sample organisation; leave it out with --empty."
        )


def begin(data: Path, *, empty: bool) -> bool:
    """Return whether the sample is to be loaded now, and mark the folder before anything of it exists."""
    if (data / MARK).exists():
        return (data / MARK).read_text() != "loaded"
    if empty or "sample" not in get_commands() or get_user_model()._default_manager.exists():
        return False
    (data / MARK).write_text("loading")
    return True


def finish(data: Path) -> None:
    """Mark the sample as loaded."""
    (data / MARK).write_text("loaded")
