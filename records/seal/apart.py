"""Verifies one file in a process of its own with limits on time and memory, because a stranger sent it.

Run as `python -m records.seal.apart`: a line of JSON (what was issued) and then the bytes on standard
input; the
faults as JSON on standard output.
"""

import base64
import json
import resource
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from records.seal.verify import Expected, verify

SECONDS = 10
MEMORY = 1_500_000_000  # bytes of address space
_HOME = Path(__file__).resolve().parents[2]


def verify_apart(content: bytes, expected: Expected) -> list[str]:
    """Return the faults as `verify` does; a file that takes too long or too much is faulty."""
    head = json.dumps(
        {
            "chain": [base64.b64encode(item).decode() for item in expected.chain],
            "sealed_at": expected.sealed_at.isoformat(),
            "fields": list(expected.fields),
            "file_sha256": expected.file_sha256,
            "base_sha256": expected.base_sha256,
            "base_size": expected.base_size,
        }
    )
    try:
        done = subprocess.run(
            [sys.executable, "-m", "records.seal.apart"],
            input=head.encode() + b"\n" + content,
            capture_output=True,
            timeout=SECONDS * 2,
            cwd=_HOME,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return ["the file takes too long to read"]
    if done.returncode:
        return ["the file can't be read within the limits"]
    return [str(fault) for fault in json.loads(done.stdout)]


def _main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    head = json.loads(sys.stdin.buffer.readline())
    expected = Expected(
        chain=[base64.b64decode(item) for item in head["chain"]],
        sealed_at=datetime.fromisoformat(head["sealed_at"]),
        fields=head["fields"],
        file_sha256=head["file_sha256"],
        base_sha256=head["base_sha256"],
        base_size=head["base_size"],
    )
    sys.stdout.write(json.dumps(verify(sys.stdin.buffer.read(), expected)))


if __name__ == "__main__":
    _main()
