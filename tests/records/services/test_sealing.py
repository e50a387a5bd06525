"""Signatures are made one after the other, whole or not at all, and go on from where they stand."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.models import User
from imprimatur.record.verify import examine, verify
from records import sealed_hooks, sealing, store
from records.issue import Signatory, freeze, seal, sign
from records.models import Certificate, Record, RevocationReason
from records.press.glyphs import Unprintable
from records.seal import timestamping
from records.seal.credentials import NotReady, person_at
from records.seal.timestamping import NoStamp
from records.sealing import advance
from records.selectors import expected_of
from records.signatories import why_not_signed_by
from tests.records import conformance, tsa
from tests.records.factories import slim_context
from tests.records.lines import lines_on
from tests.records.made import Event, Make, Queued

pytestmark = pytest.mark.usefixtures("queued")


@pytest.fixture
def certified(frozen: Make, now: datetime) -> Make:
    """Make a record that waits for its signatures."""

    def make(**given: Any) -> Record:
        record = frozen(**given)
        advance(record_id=record.pk, now=now)
        return Record.objects.get(pk=record.pk)

    return make


@pytest.fixture
def confirm(signers: list[User], now: datetime) -> Callable[[Record, str], None]:
    """Let somebody confirm their statement."""

    def do(record: Record, role: str) -> None:
        place = ("legal", "chair").index(role)
        line = lines_on(record.context_sha256, people=signers)[place]
        sign(record=record, role=role, line=line, person=signers[place], now=now)

    return do


def fields_of(record: Record) -> list[str]:
    return list(record.steps.exclude(done_at=None).values_list("field", flat=True))


def revoke(person: User, now: datetime) -> None:
    Certificate.objects.filter(person=person).update(
        revoked_at=now, revocation=RevocationReason.KEY_COMPROMISE
    )


def test_each_person_signs_on_top_of_exactly_what_was_there(
    certified: Make, confirm: Callable[[Record, str], None], now: datetime, events: list[Event]
) -> None:
    record = certified()
    contents = [store.read(record.steps.get(field="sig-system").file_sha256)]
    for role in ("legal", "chair"):
        confirm(record, role)
        advance(record_id=record.pk, now=now)
        step = record.steps.get(field=f"sig-{role}")
        contents.append(store.read(step.file_sha256))
        assert contents[-1].startswith(contents[-2])
        assert step.certificate is not None
        assert step.certificate.person == step.person
        record.refresh_from_db()
        assert record.state == "certified"
    seal(record=record, actor=None, now=now)
    advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    final = store.read(record.file_sha256)
    assert record.state == "sealed"
    assert verify(final, expected_of(record)) == []
    assert [one.field for one in examine(final, expected_of(record)).signatures] == fields_of(record)
    for content in [*contents, final]:
        assert conformance.faults(content) == []
    verbs = [event.verb for event in events if event.verb.startswith("record.")]
    assert verbs == [
        "record.frozen", "record.certified", "record.statement_kept", "record.signed", "record.statement_kept",
        "record.signed", "record.completed", "record.sealed",
    ]  # fmt: skip


def test_the_chair_is_not_added_before_legal_staff_even_if_asked_first(
    certified: Make, confirm: Callable[[Record, str], None], now: datetime
) -> None:
    record = certified()
    confirm(record, "chair")
    advance(record_id=record.pk, now=now)
    assert fields_of(record) == ["sig-system"]
    confirm(record, "legal")
    advance(record_id=record.pk, now=now)
    assert fields_of(record) == ["sig-system", "sig-legal", "sig-chair"]


def test_what_a_person_confirmed_stays_when_their_certificate_is_revoked_and_goes_on_with_another(
    certified: Make, confirm: Callable[[Record, str], None], signers: list[User], now: datetime
) -> None:
    record = certified()
    person_at(signers[0], now)
    confirm(record, "legal")
    revoke(signers[0], now)
    with pytest.raises(NotReady):
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert "Dr. Ingrid Falk" in record.failure
    assert "revoked" in record.failure
    assert fields_of(record) == ["sig-system"]
    step = record.steps.get(field="sig-legal")
    assert bytes(step.line)
    Certificate.objects.filter(person=signers[0]).update(revoked_at=None, revocation="")
    advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.failure, fields_of(record)) == ("", ["sig-system", "sig-legal"])
    step.refresh_from_db()
    assert step.asked_at == now


def test_who_could_not_sign_is_told_before_they_are_asked_who_they_are(
    signers: list[User], now: datetime
) -> None:
    assert why_not_signed_by(signers[0], now) is None
    revoke(signers[0], now)
    assert "revoked" in (why_not_signed_by(signers[0], now) or "")
    signers[1].display_name = "𐎀 Ugarit"
    assert "𐎀 (U+10380)" in (why_not_signed_by(signers[1], now) or "")


def test_a_name_that_no_font_has_is_refused_and_named_before_anything_is_written(
    certified: Make, signers: list[User], now: datetime
) -> None:
    record = certified()
    line = {**lines_on(record.context_sha256, people=signers)[0], "name": "𐎀 Ugarit"}
    sign(record=record, role="legal", line=line, person=signers[0], now=now)  # type: ignore[arg-type]
    with pytest.raises(Unprintable):
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert "𐎀 (U+10380)" in record.failure
    assert fields_of(record) == ["sig-system"]


def test_a_worker_killed_before_it_wrote_anything_down_leaves_a_record_that_goes_on(
    certified: Make, confirm: Callable[[Record, str], None], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = certified()
    confirm(record, "legal")
    with monkeypatch.context() as killed:
        killed.setattr(sealing, "_write", lambda *_given: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            advance(record_id=record.pk, now=now)
    assert fields_of(record) == ["sig-system"]
    advance(record_id=record.pk, now=now)
    assert fields_of(record) == ["sig-system", "sig-legal"]


def test_who_comes_second_with_the_same_signature_changes_nothing(
    certified: Make, confirm: Callable[[Record, str], None], now: datetime, events: list[Event]
) -> None:
    record = certified()
    confirm(record, "legal")
    step = sealing.step_due(record.pk)
    assert step is not None
    slow = sealing._made(step, now)
    advance(record_id=record.pk, now=now)
    before = record.steps.get(field="sig-legal").file_sha256
    sealing._write(step, slow, now)
    assert record.steps.get(field="sig-legal").file_sha256 == before
    assert [event.verb for event in events].count("record.signed") == 1


def test_an_authority_out_of_reach_holds_the_seal_back_and_nothing_else(
    certified: Make, confirm: Callable[[Record, str], None], now: datetime, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    record, now = (
        certified(),
        timezone.now(),
    )  # an authority has the real time, and clocks may differ by minutes only
    for role in ("legal", "chair"):
        confirm(record, role)
    advance(record_id=record.pk, now=now)
    seal(record=record, actor=None, now=now)
    (tmp_path / "tsa").mkdir()
    authority = tsa.OpenSSL(tmp_path / "tsa")
    monkeypatch.setattr(settings, "TSA_ROOTS", str(authority.roots))
    with tsa.served(tsa.well(authority)) as address:
        monkeypatch.setattr(settings, "TSA_URL", address)
    with pytest.raises(NoStamp):
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert "time stamping authority is out of reach" in record.failure
    assert (record.state, record.file_sha256) == ("sealing", "")
    with tsa.served(tsa.well(authority)) as address:
        monkeypatch.setattr(settings, "TSA_URL", address)
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.state, record.failure) == ("sealed", "")
    step = record.steps.get(field="sig-seal")
    assert step.level == "PAdES B-LTA"
    assert "BEGIN CERTIFICATE" in step.stamped_by
    final = store.read(record.file_sha256)
    assert verify(final, expected_of(record)) == []
    assert conformance.faults(final) == []
    assert timestamping.SECONDS == 5


def test_whoever_waits_for_a_sealed_record_is_told_in_the_same_transaction(
    pending: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(sealed_hooks, "_told", {})
    sealed_hooks.register("review", lambda record, _now: told.append(record.state))
    sealed_hooks.register("letter", lambda record, _now: told.append("another kind"))
    advance(record_id=pending().pk, now=now)
    assert told == ["sealed"]

    def refuse(_record: Record, _now: datetime) -> None:
        raise RuntimeError

    sealed_hooks.register("review", refuse)
    record = pending("zh-hans")
    with pytest.raises(RuntimeError):
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert record.state == "sealing"


def test_a_record_that_nobody_signs_is_made_in_one_step(subject: User, queued: Queued, now: datetime) -> None:
    record = freeze(
        kind="review", obj=subject, reference="IMP-2026-0200", language="en",
        context=slim_context("en", "rejected"), actor=None, now=now,
    )  # fmt: skip
    advance(record_id=record.pk, now=now + timedelta(days=1))
    assert fields_of(record) == []
    seal(record=record, actor=None, now=now)
    advance(record_id=record.pk, now=now)
    assert fields_of(record) == ["sig-seal"]
    record.refresh_from_db()
    assert verify(store.read(record.file_sha256), expected_of(record)) == []
    assert [key for _kind, _payload, key in queued] == [f"record-{record.pk}-sig-seal"]
    assert Signatory("legal", "x").field == "sig-legal"
