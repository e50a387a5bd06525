"""A large file of evidence through the real web server: its memory stays flat; a cut one goes on or is gone."""

import contextlib
import hashlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from accounts.models import User
from audit import files, guards, uploads
from compliance.models import Assessment, Evidence
from tests.house.running import free_port

MEGABYTE = 1024**2
MOST_MEMORY = 300 * MEGABYTE
PATIENCE = 240  # seconds
MARK = b"only for the eyes of the reviewer"


def content(megabytes: int) -> Iterator[bytes]:
    """Give the file, a megabyte at a time: each one another, none empty."""
    for number in range(megabytes):
        yield (number.to_bytes(8, "big") + MARK).ljust(64, b".") * (MEGABYTE // 64)


def digest(megabytes: int) -> str:
    found = hashlib.sha256()
    for each in content(megabytes):
        found.update(each)
    return found.hexdigest()


@dataclass
class Server:
    """The web server with one worker, and a browser that is signed in."""

    process: subprocess.Popen[bytes]
    port: int
    session: str
    line: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    @property
    def headers(self) -> dict[str, str]:
        token = "a" * 32
        return {"Cookie": f"sessionid={self.session}; csrftoken={token}", "X-CSRFToken": token}

    def post(self, address: str, body: Any, **headers: str) -> tuple[int, Any]:
        self.line.request("POST", address, body, self.headers | headers)
        answer = self.line.getresponse()
        told = answer.read()
        return answer.status, json.loads(told) if told.startswith(b"{") else None

    def memory(self) -> int:
        """Return the most memory that one of its processes has had, in bytes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        peaks = [
            int(line.split()[1]) * 1024
            for pid in (str(self.process.pid), *children)
            for line in Path(f"/proc/{pid}/status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
        assert len(peaks) > 1
        return max(peaks)

    def sends_in_parts(self, address: str, megabytes: int) -> int:
        """Send the file as the page does, with one part twice as after a cut line, and attach it."""
        _status, begun = self.post(f"{address}uploads/", f"name=logs.bin&size={megabytes * MEGABYTE}", **FORM)
        offset, coming = 0, content(megabytes)
        while part := b"".join(
            each for _, each in zip(range(begun["part"] // MEGABYTE), coming, strict=False)
        ):
            told = self.post(begun["address"], part, **{"Upload-Offset": str(offset), **BYTES})
            assert told == (200, {"offset": offset + len(part)})
            if not offset:
                again = self.post(begun["address"], part[:1000], **{"Upload-Offset": "0", **BYTES})
                assert again == (409, {"offset": len(part)})
            offset += len(part)
        return self.post(address, f"upload={begun['token']}", **FORM)[0]

    def sends_at_once(self, address: str, megabytes: int, *, cut: bool = False) -> int:
        """Send the file in one form, as a browser without scripts does; `cut`: the line breaks in the middle."""
        head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="logs.bin"\r\n\r\n'
        end = b"\r\n--b--\r\n"
        self.line.putrequest("POST", address)
        size = len(head) + megabytes * MEGABYTE + len(end)
        for name, value in (self.headers | {"Content-Type": "multipart/form-data; boundary=b"}).items():
            self.line.putheader(name, value)
        self.line.putheader("Content-Length", str(size))
        self.line.endheaders(head)
        for number, each in enumerate(content(megabytes)):
            if cut and number > megabytes // 2:
                wait_for(lambda: len(lying()) > 1)
                self.line.close()
                return 0
            self.line.send(each)
        self.line.send(end)
        answer = self.line.getresponse()
        answer.read()
        return answer.status


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
BYTES = {"Content-Type": "application/octet-stream"}


@pytest.fixture
def server(
    committed: None, owner: User, readiness: Assessment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Server]:
    """Serve this test's database from a data folder of its own."""
    folder = tmp_path / "data" / os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    (folder / "journeys-static").mkdir(parents=True)
    guards.install(connection, commit_guard=True)
    monkeypatch.setattr(settings, "DATA_DIR", folder)
    client, port = Client(), free_port()
    client.force_login(owner, backend="allauth.account.auth_backends.AuthenticationBackend")
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.journeys.settings",
        "IMPRIMATUR_JOURNEY_DATABASE": str(connection.settings_dict["NAME"]),
        "IMPRIMATUR_TEST_FOLDER": str(tmp_path),
        "TMPDIR": str(tmp_path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port),
         "--workers", "1", "--blocking-threads", "4", "--no-ws", "--log-level", "warning", "config.wsgi:application"],
        cwd=settings.BASE_DIR, env=environment, process_group=0,
    )  # fmt: skip
    try:
        found = Server(process, port, client.cookies["sessionid"].value)
        wait_for(lambda: answers(found) or process.poll() is not None)
        assert process.poll() is None
        yield found
    finally:
        process.terminate()
        process.wait(30)


def answers(server: Server) -> bool:
    try:
        server.line.request("GET", "/healthz")
        return bool(server.line.getresponse().read())
    except OSError:
        server.line.close()
        return False


def wait_for(happens: Any) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happens():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def lying() -> list[str]:
    return sorted(p.name for p in files.root().rglob("*") if p.is_file() and p.name != "keys.lock")


def in_clear(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and MARK in path.read_bytes()]


def goes_through(server: Server, readiness: Assessment, megabytes: int) -> None:
    address = f"/compliance/assessments/{readiness.pk}/evidence/R01/"
    assert server.sends_in_parts(address, megabytes) == 302
    assert server.memory() < MOST_MEMORY
    right = (digest(megabytes), megabytes * MEGABYTE)
    assert Evidence.objects.values_list("sha256", "size").get() == right
    assert lying() == [right[0]]
    assert server.sends_at_once(address, megabytes, cut=True) == 0
    wait_for(lambda: lying() == [right[0]])
    assert Evidence.objects.count() == 1, "what was cut off leaves no row"
    server.line.close()
    assert server.sends_at_once(address, megabytes) == 302
    assert set(Evidence.objects.values_list("sha256", "size")) == {right}
    assert Evidence.objects.count() == 2
    assert lying() == [right[0]]
    assert server.memory() < MOST_MEMORY


def test_64_megabytes_go_through_and_a_cut_upload_goes_on_or_is_gone(
    server: Server, readiness: Assessment, tmp_path: Path
) -> None:
    goes_through(server, readiness, 64)
    assert in_clear(tmp_path) == []
    _status, begun = server.post(
        f"/compliance/assessments/{readiness.pk}/evidence/R01/uploads/", "name=a&size=99999", **FORM
    )
    server.post(begun["address"], MARK, **{"Upload-Offset": "0", **BYTES})
    assert in_clear(tmp_path) == []
    assert uploads.sweep(datetime.now(UTC)) == 0
    assert uploads.sweep(datetime.now(UTC) + timedelta(days=2)) == 2
    assert lying() == [digest(64)]
    with contextlib.suppress(OSError):
        server.line.close()


@pytest.mark.long
def test_2_gigabytes_go_through(server: Server, readiness: Assessment) -> None:
    goes_through(server, readiness, 2048)
