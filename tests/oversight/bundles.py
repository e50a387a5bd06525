"""Short forms for tests of bundles: asked for, made, opened and checked."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from accounts.models import User
from audit import files, trail, verbs
from audit.log.sequencer import sequence
from audit.log.signer import sign_head
from imprimatur.bundle.checking import check
from imprimatur.bundle.verify import Source
from oversight import shelf
from oversight.building import build
from oversight.bundling import ask_for_bundle, ask_for_request_bundle
from oversight.models import Bundle, Engagement
from records import store
from records.models import Certificate, Purpose, Record
from tests.dossiers import NOW
from tests.oversight.conftest import Audited
from tests.oversight.pages.test_engagements import a_record

LATER = NOW + timedelta(minutes=1)
VERIFY = Path(__file__).parents[2] / "imprimatur" / "bundle" / "verify.py"


def asked(user: User, **over: Any) -> Bundle:
    given: dict[str, Any] = {
        "actor": user, "engagement_id": Engagement.objects.earliest("id").pk, "with_disclosures": False, "reason": "",
        "now": LATER,
    }  # fmt: skip
    return ask_for_bundle(**given | over)


def asked_of_request(user: User, audited: Audited, *, reason: str = "") -> Bundle:
    return ask_for_request_bundle(
        actor=user,
        reference=audited.request.reference,
        with_disclosures=bool(reason),
        reason=reason,
        now=LATER,
    )


def signed() -> None:
    sequence(LATER)
    assert sign_head(LATER) is not None


def again(bundle: Bundle) -> Bundle:
    return Bundle.objects.get(pk=bundle.pk)


def make(bundle: Bundle) -> Bundle:
    """Let the sequencer and the worker do their work."""
    signed()
    build({"bundle": bundle.pk}, clock=lambda: LATER)
    return again(bundle)


def taken(bundle: Bundle) -> Path:
    """Return the bundle as somebody downloads it."""
    path = shelf.folder().parent / f"taken-{bundle.pk}.zip"
    file = shelf.open_bundle(bundle.pk, again(bundle).size)
    assert file is not None
    with file:
        path.write_bytes(file.read())
    return path


def inside(bundle: Bundle, name: str) -> list[dict[str, Any]]:
    with zipfile.ZipFile(taken(bundle)) as opened:
        return [json.loads(line) for line in opened.read(name).splitlines()]


def names(bundle: Bundle) -> set[str]:
    with zipfile.ZipFile(taken(bundle)) as opened:
        return set(opened.namelist())


def is_whole(bundle: Bundle) -> bool:
    """Check it with the faster of the two verifiers, which raises when anything is wrong."""
    found = check(Source(taken(bundle)), tell=lambda _what, _done, _of: None, processes=1)
    return bool(found["size"] == bundle.tree_size and found["scope_is_in_log"])


def a_sealed_record(audited: Audited, content: bytes) -> Record:
    record = a_record(audited)
    seal = Certificate.objects.create(
        sha256="c" * 64, purpose=Purpose.SEAL, serial="1", name="Seal", chain="-", valid_from=NOW,
        valid_until=NOW + timedelta(days=1), issued_at=NOW,
    )  # fmt: skip
    Record.objects.filter(pk=record.pk).update(
        state="sealed", sealed_at=NOW, signer=seal, file_sha256=store.keep(content), file_size=len(content),
        base_sha256="d" * 64, base_size=1,
    )  # fmt: skip
    record.refresh_from_db()
    trail.record("record.sealed", obj=record, actor=None, now=NOW, data={"file_sha256": record.file_sha256})
    return record


def evidence(audited: Audited, *contents: bytes) -> list[str]:
    """Hand in files about the request; all have one name."""
    verbs.register("thing.given", "Thing given", "Somebody handed something in.")
    digests = [files.keep_chunks([content]).sha256 for content in contents]
    for sha256 in digests:
        trail.record(
            "thing.given", obj=audited.request, actor=audited.house.ravi, now=NOW, data={"sha256": sha256},
            personal={"name": "report.pdf"},
        )  # fmt: skip
    return digests
