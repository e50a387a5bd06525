"""Freezing, signing and sealing: what is kept, what is refused, what leaves an event."""

import json
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from audit.refusal import IllegalTransition
from records import sealing, store
from records.canonical import canonical, digest
from records.issue import Misshapen, freeze, seal, sign
from records.models import Record
from records.rendering import NotAsIssued
from records.sealing import advance, render
from records.selectors import record_for, records_for
from tests.records.factories import review_context
from tests.records.lines import lines_on
from tests.records.made import Event, Make, Queued


def test_freezing_keeps_the_canonical_bytes_and_their_digest(frozen: Make, events: list[Event]) -> None:
    context = review_context("zh-hans")
    record = frozen("zh-hans", context=context)
    record.refresh_from_db()
    assert bytes(record.context) == canonical({**context, "log": None})
    assert record.context_sha256 == digest(bytes(record.context))
    assert record.state == "frozen"
    assert record.outcome == "approved_with_conditions"
    assert [event.verb for event in events] == ["record.frozen"]
    assert events[0].data["context_sha256"] == record.context_sha256


def test_a_context_without_the_shape_is_refused_and_nothing_is_kept(
    frozen: Make, events: list[Event]
) -> None:
    context = dict(review_context())
    context.pop("boards")
    with pytest.raises(Misshapen, match=r"\$\.boards: missing"):
        frozen(context=context)
    assert Record.objects.count() == 0
    assert events == []


def test_a_context_in_another_language_is_refused(frozen: Make) -> None:
    with pytest.raises(Misshapen, match="language"):
        frozen("zh-hans", context=review_context("en"))


def test_each_signature_is_a_job_of_its_own_and_the_seal_the_last(
    pending: Make, signers: list[User], queued: Queued, events: list[Event]
) -> None:
    record = pending()
    fields = ["sig-system", "sig-legal", "sig-chair", "sig-seal"]
    assert queued == [
        ("records.render", {"record": record.pk}, f"record-{record.pk}-{field}") for field in fields
    ]
    assert record.state == "sealing"
    assert json.loads(bytes(record.signatures)) == lines_on(record.context_sha256, people=signers)
    assert [event.verb for event in events] == [
        "record.frozen", "record.statement_kept", "record.statement_kept", "record.completed",
    ]  # fmt: skip


def test_a_record_is_completed_once(pending: Make, queued: Queued, now: datetime) -> None:
    record = pending()
    with pytest.raises(IllegalTransition):
        seal(record=record, actor=None, now=now)
    assert len(queued) == 4


def test_a_record_is_not_completed_while_somebody_has_not_signed(frozen: Make, now: datetime) -> None:
    record = frozen()
    with pytest.raises(IllegalTransition, match="not signed yet"):
        seal(record=record, actor=None, now=now)
    record.refresh_from_db()
    assert record.state == "frozen"


def test_a_signature_line_without_meaning_is_refused(
    frozen: Make, signers: list[User], queued: Queued, now: datetime
) -> None:
    record = frozen()
    line: Any = lines_on(record.context_sha256)[0]
    line.pop("meaning")
    with pytest.raises(Misshapen, match="meaning"):
        sign(record=record, role="legal", line=line, person=signers[0], now=now)
    assert [key for _kind, _payload, key in queued] == [f"record-{record.pk}-sig-system"]


def test_nobody_signs_twice_or_in_a_role_that_is_not_expected(
    frozen: Make, signers: list[User], now: datetime
) -> None:
    record = frozen()
    line = lines_on(record.context_sha256)[0]
    sign(record=record, role="legal", line=line, person=signers[0], now=now)
    for role in ("legal", "witness", "seal"):
        with pytest.raises(IllegalTransition, match="doesn't wait for this signature"):
            sign(record=record, role=role, line=line, person=signers[1], now=now)
    record.refresh_from_db()
    assert json.loads(bytes(record.signatures)) == [line]


def test_sealing_stores_the_file_and_says_so(sealed: Make, events: list[Event], now: datetime) -> None:
    record = sealed()
    content = store.read(record.file_sha256)
    assert record.state == "sealed"
    assert record.sealed_at == now
    assert (digest(content), len(content)) == (record.file_sha256, record.file_size)
    assert digest(content[: record.base_size]) == record.base_sha256
    assert record.signer_id == events[-1].data["signer"]
    assert events[-1].verb == "record.sealed"
    assert events[-1].actor is None


def test_a_second_run_of_the_job_changes_nothing(sealed: Make, events: list[Event], now: datetime) -> None:
    record = sealed()
    before = (record.file_sha256, len(events))
    render({"record": record.pk})
    record.refresh_from_db()
    assert (record.file_sha256, len(events)) == before


def test_a_frozen_record_is_certified_and_not_sealed_before_it_was_signed(
    frozen: Make, queued: Queued, now: datetime
) -> None:
    record = frozen()
    advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.state, record.file_sha256) == ("certified", "")
    step = record.steps.get(field="sig-system")
    content = store.read(step.file_sha256)
    assert digest(content[: record.base_size]) == record.base_sha256
    assert [step.field for step in record.steps.filter(done_at=None)] == [
        "sig-legal",
        "sig-chair",
        "sig-seal",
    ]


def test_frozen_data_that_were_changed_in_the_database_are_not_printed(pending: Make, now: datetime) -> None:
    record = pending()
    Record.objects.filter(pk=record.pk).update(
        context=bytes(record.context).replace(b"IMP-2026", b"IMP-2027")
    )
    with pytest.raises(NotAsIssued, match="SHA-256"):
        advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert record.state == "sealing"
    assert "don't match their SHA-256" in record.failure
    assert record.file_sha256 == ""


def test_a_failed_record_can_be_tried_again(
    pending: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = pending()
    with monkeypatch.context() as broken:
        broken.setattr(sealing, "seal_at", lambda _now: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.state, record.failure) == ("sealing", "ZeroDivisionError: division by zero")
    advance(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.state, record.failure) == ("sealed", "")


def test_the_same_failure_again_is_one_event(
    pending: Make, events: list[Event], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = pending()
    monkeypatch.setattr(sealing, "seal_at", lambda _now: 1 / 0)
    for _attempt in range(3):
        with pytest.raises(ZeroDivisionError):
            advance(record_id=record.pk, now=now)
    assert [event.verb for event in events].count("record.failed") == 1


def test_an_object_has_the_record_of_its_last_decision(frozen: Make, subject: User, now: datetime) -> None:
    first, second = frozen("en", "refused"), frozen()
    assert list(records_for(subject)) == [first, second]
    assert record_for(subject) == second


def test_nothing_is_frozen_for_an_unknown_kind(subject: User, now: datetime) -> None:
    with pytest.raises(KeyError):
        freeze(
            kind="poem",
            obj=subject,
            reference="x",
            language="en",
            context=review_context(),
            actor=None,
            now=now,
        )
