"""How commands tell their progress."""

from collections.abc import Callable

from django.core.management.base import OutputWrapper

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and of how much."""
STEPS = 20  # lines about one thing, at most


def teller(stream: OutputWrapper) -> Progress:
    """Return what writes progress to the stream, in steps."""

    def tell(what: str, done: int, of: int) -> None:
        if done == of or done % max(1, of // STEPS) == 0:
            stream.write(f"{what}: {done} of {of}", style_func=str)

    return tell
