"""What happens is told in the transaction of its event, to who listens for it, and without a word about anybody."""

import json
from datetime import date, datetime, timedelta
from typing import Any

import jsonschema_rs
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from audit.models import Event
from jobs.models import Job
from reviews.models import Condition
from reviews.services.attesting import attest_approvals
from reviews.services.motions import ConditionDraft
from reviews.services.withdrawal import withdraw_request
from tests.attesting import sealed
from tests.boardrooms import House, a_ballot, a_house, all_vote, approved, in_review, vote
from tests.dossiers import NOW
from webhooks import clock, schema, types
from webhooks.models import Delivery, Endpoint, Message
from webhooks.services.endpoints import add_endpoint, switch_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture
def house() -> House:
    return a_house()


def listening(house: House, *names: str) -> Endpoint:
    chosen = names or [kind.name for kind in types.to_choose()]
    endpoint, _secret = add_endpoint(
        actor=house.ada, url="https://hooks.example.org/", description="Pipeline", chosen=chosen, now=NOW
    )
    return endpoint


def told() -> list[dict[str, Any]]:
    """Return the bodies of all messages, each after the schema has accepted it."""
    validator = jsonschema_rs.validator_for(schema.whole(), validate_formats=True)
    bodies = [json.loads(message.body) for message in Message.objects.order_by("id")]
    for body in bodies:
        validator.validate(body)
    return bodies


def test_an_approval_is_told_from_ballot_to_condition_without_a_word_about_anybody(house: House) -> None:
    endpoint, request = listening(house), in_review(house)
    draft = ConditionDraft("Publish the card", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)
    approved(house, request, kind="approve_with_conditions", conditions=[draft])
    bodies = told()
    assert [body["type"] for body in bodies] == [
        "ballot.opened", "ballot.closed", "condition.set", "request.decided", "request.approved",
    ]  # fmt: skip
    request.refresh_from_db()
    last = bodies[-1]["data"]
    event = Event.objects.get(verb="request.approved")
    assert last["reference"] == request.reference
    assert last["state"] == "approved"
    assert last["digest"] == request.decisions.get().manifest_sha256
    assert last["url"] == f"http://localhost:8000/requests/{request.reference}/"
    assert last["event"] in bytes(event.leaf).decode()
    whole = json.dumps(bodies, ensure_ascii=False)
    for user in User.objects.all():
        assert user.display_name not in whole
        assert user.email not in whole
    assert "Publish the card" not in whole
    assert request.purpose not in whole
    assert Delivery.objects.filter(endpoint=endpoint, state="pending").count() == len(bodies)
    assert Job.objects.filter(kind="webhooks.deliver").count() == len(bodies)


def test_what_is_signed_for_pipelines_is_told(house: House) -> None:
    listening(house, "attestation.issued", "attestation.changed", "status_list.signed")
    decision = approved(house, in_review(house))
    sealed(decision)
    attest_approvals(request_id=decision.request_id, occasion="approved", now=NOW)
    bodies = {body["type"]: body["data"] for body in told()}
    assert set(bodies) == {"attestation.issued", "status_list.signed"}
    first = bodies["attestation.issued"]
    assert (first["standing"], first["digest"]) == ("valid", decision.manifest_sha256)
    assert first["url"].endswith(f"/attestations/{first['uid']}.jsonl")


def test_only_what_an_endpoint_subscribes_to_is_written(house: House) -> None:
    listening(house, "ballot.closed")
    other = listening(house, "request.approved", "ballot.closed")
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    all_vote(house, ballot)
    assert [body["type"] for body in told()] == ["ballot.closed"]
    assert Message.objects.get().deliveries.count() == 2
    assert other.deliveries.count() == 1


def test_nothing_is_told_to_an_endpoint_that_is_off_and_without_any_nothing_is_put_into_words(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = listening(house)
    switch_off(actor=house.ada, endpoint_id=endpoint.pk, now=NOW)
    monkeypatch.setattr("webhooks.emission.tell", lambda *_given: pytest.fail("somebody is told"))
    withdraw_request(actor=house.ravi, request_id=in_review(house).pk, reason="Later.", now=NOW)
    assert not Message.objects.exists()


def test_what_is_undone_is_not_told(house: House) -> None:
    listening(house)
    request = in_review(house)
    with transaction.atomic():
        withdraw_request(actor=house.ravi, request_id=request.pk, reason="Later.", now=NOW)
        assert [body["type"] for body in told()] == ["request.withdrawn"]
        transaction.set_rollback(True)
    assert not Message.objects.exists()
    assert not Job.objects.filter(kind="webhooks.deliver").exists()


def test_a_vote_asks_the_database_nothing_about_webhooks(house: House) -> None:
    request = in_review(house)
    ballot = a_ballot(house, house.ethics_review(request))
    listening(house)
    with CaptureQueriesContext(connection) as asked:
        vote(house, ballot, "milo", "for")
    assert [each for each in asked if "audit_event" in each["sql"]]
    assert not [each for each in asked if "webhooks" in each["sql"]]


def test_a_date_that_passes_is_told_once(house: House) -> None:
    listening(house, "condition.late")
    request = in_review(house)
    draft = ConditionDraft("Publish the card", house.ravi.pk, date(2026, 12, 31), house.lena.pk, True)
    approved(house, request, kind="approve_with_conditions", conditions=[draft])
    due = Condition.objects.get().due_at
    assert clock.look(due - timedelta(minutes=1)) == 0, "the first look begins now"
    assert clock.look(due) == 1
    assert clock.look(due) == 0
    assert clock.look(due + timedelta(days=3)) == 0
    (body,) = told()
    assert (body["type"], body["data"]["number"], body["data"]["event"]) == ("condition.late", 1, None)
    assert datetime.fromisoformat(body["timestamp"]) == due.replace(
        microsecond=due.microsecond // 1000 * 1000
    )
