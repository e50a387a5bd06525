"""Running a command without any network, as a pipeline that reaches nothing does."""

import functools
import os
import subprocess
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[1]


@functools.cache
def alone() -> tuple[str, ...]:
    """Return what to put before a command: it runs in a network namespace in which there is nothing.

    Root makes one, others as the first user of a namespace of their own; where that is forbidden (in a chroot, say)
    sudo makes it, and the command runs as oneself. A machine that allows none of it fails the test and says so.
    """
    if os.geteuid() == 0:
        return ("unshare", "--net")
    own = ("unshare", "--map-root-user", "--net")
    myself = (f"--reuid={os.geteuid()}", f"--regid={os.getegid()}", "--clear-groups")
    house = ("env", f"PYTHONPATH={HOUSE}")  # which sudo lets nobody pass on
    by_sudo = ("sudo", "-n", "--preserve-env", "unshare", "--net", "setpriv", *myself, *house)
    said = ""
    for before in (own, by_sudo):
        tried = subprocess.run([*before, "true"], capture_output=True, text=True, check=False)
        if tried.returncode == 0:
            return before
        said += tried.stderr
    raise AssertionError(f"This machine allows no network namespace: {said}")
