"""Freezing, signing and sealing: what is kept, what is refused, what leaves an event."""

import json
from datetime import datetime
from typing import Any

import pytest

from accounts.models import User
from audit.refusal import IllegalTransition
from records import rendering, store
from records.canonical import canonical, digest
from records.issue import Misshapen, freeze, seal
from records.models import Record
from records.rendering import NotAsIssued, render, seal_record
from records.selectors import record_for, records_for
from tests.records.factories import review_context, signature_lines
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


def test_completing_a_record_queues_one_job_with_its_key(
    pending: Make, queued: Queued, events: list[Event]
) -> None:
    record = pending()
    assert queued == [("records.render", {"record": record.pk}, f"record-{record.pk}")]
    assert record.state == "pending"
    assert json.loads(bytes(record.signatures)) == signature_lines()
    assert [event.verb for event in events] == ["record.frozen", "record.completed"]


def test_a_record_is_completed_once(pending: Make, queued: Queued, now: datetime) -> None:
    record = pending()
    with pytest.raises(IllegalTransition):
        seal(record=record, signatures=[], actor=None, now=now)
    assert len(queued) == 1


def test_a_signature_line_without_meaning_is_refused(frozen: Make, queued: Queued, now: datetime) -> None:
    line: Any = dict(signature_lines()[0])
    line.pop("meaning")
    with pytest.raises(Misshapen, match="meaning"):
        seal(record=frozen(), signatures=[line], actor=None, now=now)
    assert queued == []


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


def test_a_frozen_record_is_not_sealed_before_it_was_signed(frozen: Make, now: datetime) -> None:
    record = frozen()
    seal_record(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert record.state == "frozen"


def test_frozen_data_that_were_changed_in_the_database_are_not_printed(pending: Make, now: datetime) -> None:
    record = pending()
    Record.objects.filter(pk=record.pk).update(
        context=bytes(record.context).replace(b"IMP-2026", b"IMP-2027")
    )
    with pytest.raises(NotAsIssued, match="SHA-256"):
        seal_record(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert record.state == "failed"
    assert record.file_sha256 == ""


def test_a_failed_record_can_be_tried_again(
    pending: Make, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = pending()
    with monkeypatch.context() as broken:
        broken.setattr(rendering, "seal_at", lambda _now: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            seal_record(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.state, record.failure) == ("failed", "ZeroDivisionError: division by zero")
    seal_record(record_id=record.pk, now=now)
    record.refresh_from_db()
    assert (record.state, record.failure) == ("sealed", "")


def test_the_same_failure_again_is_one_event(
    pending: Make, events: list[Event], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = pending()
    monkeypatch.setattr(rendering, "seal_at", lambda _now: 1 / 0)
    for _attempt in range(3):
        with pytest.raises(ZeroDivisionError):
            seal_record(record_id=record.pk, now=now)
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
