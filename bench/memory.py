"""The highest resident memory of a process that makes records: `python -m bench.memory WHAT LANGUAGE AMOUNT`.

Started by bench/records.py, in whose environment the servers stand.
"""

import sys
from importlib import import_module
from pathlib import Path

import django


def highest() -> int:
    """Return the high-water mark of this process in MB; unlike getrusage's it doesn't begin with the parent's."""
    status = Path("/proc/self/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return round(int(line.split()[1]) / 1024)


if __name__ == "__main__":
    django.setup()
    import_module("bench.records").spend(sys.argv[1], sys.argv[2], int(sys.argv[3]))
    print(highest())
