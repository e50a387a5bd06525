"""Evidence that a clamd looks at before it is kept: what it finds is refused, and so is what it couldn't see."""

import tempfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from pytest_django.fixtures import Settings

from accounts.models import User
from audit import files, uploads
from audit.leaf import decode
from audit.models import Event
from audit.refusal import Refused
from audit.scanning import Infected, NotScanned
from compliance.models import Assessment, Evidence
from compliance.services.evidence import add_evidence, add_uploaded_evidence, begin_evidence
from tests.audit.clamd import BAD, Clamd, serving
from tests.compliance.conftest import NOW, verbs_of

Send = Callable[[bytes], Evidence]


@pytest.fixture
def clamd(settings: Settings) -> Iterator[Clamd]:
    with tempfile.TemporaryDirectory(dir="/tmp") as folder, serving(Path(folder) / "s") as server:
        settings.CLAMD = f"unix://{folder}/s"
        yield server


@pytest.fixture(params=["at once", "in parts"])
def send(request: pytest.FixtureRequest, readiness: Assessment, owner: User) -> Send:
    def at_once(content: bytes) -> Evidence:
        upload = ContentFile(content, "a.txt")
        return add_evidence(actor=owner, assessment_id=readiness.pk, number="R01", upload=upload, now=NOW)

    def in_parts(content: bytes) -> Evidence:
        about: dict[str, Any] = {"actor": owner, "assessment_id": readiness.pk, "number": "R01", "now": NOW}
        upload = begin_evidence(name="a.txt", size=len(content), **about)
        uploads.append(upload, 0, BytesIO(content).read)
        return add_uploaded_evidence(token=upload.token, **about)

    return at_once if request.param == "at once" else in_parts


def kept() -> list[str]:
    return [path.name for path in files.root().glob("[0-9a-f][0-9a-f]/*")]


def test_what_is_clean_is_kept_and_what_is_found_is_not_and_is_an_event(
    clamd: Clamd, send: Send, readiness: Assessment, owner: User
) -> None:
    clean = send(b"x" * 700_000)
    assert files.check(clean.sha256).size == 700_000
    assert clamd.seen == [700_000], "all of it was seen"
    with pytest.raises(Infected, match=r"found Test\.Word in this file, so nothing was kept"):
        send(b"y" * 300_000 + BAD)
    assert kept() == [clean.sha256]
    assert Evidence.objects.get() == clean
    assert verbs_of(readiness)[1:] == ["evidence.added", "upload.refused"]
    assert decode(bytes(Event.objects.latest("id").leaf))["data"] == {"found": "Test.Word"}
    assert not list(uploads.parts()), "what was found is not kept in parts either"


def test_what_could_not_be_looked_at_is_not_accepted(
    clamd: Clamd, send: Send, readiness: Assessment, settings: Settings
) -> None:
    for happens in ("stops", "refuses", "is gone"):
        clamd.stops, clamd.largest = happens == "stops", 1000
        if happens == "is gone":
            settings.CLAMD = "unix:///tmp/nobody-is-here"
        with pytest.raises(NotScanned, match="Try again later"):
            send(b"z" * 2_000_000)
    assert kept() == []
    assert verbs_of(readiness) == ["assessment.opened"]
    settings.CLAMD = "tcp://127.0.0.1:1"
    with pytest.raises(Refused, match="Try again later"):
        send(b"z")
    settings.CLAMD = ""
    assert send(b"z").size == 1
