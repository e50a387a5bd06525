"""From a message to a receiver: signed, once, again when it failed, and never to an endpoint that is off."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from standardwebhooks import Webhook

from accounts.models import User
from audit.models import Event
from jobs.models import Job, JobState
from tests.dossiers import NOW
from tests.webhooks.conftest import TODAY, Clock
from tests.webhooks.receivers import ACCEPTED, answering, receiving
from webhooks import delivery as deliveries
from webhooks.models import Attempt, Delivery, DeliveryState, Endpoint, EndpointState, Message, OffBecause
from webhooks.rules.schedule import PAUSES, TRIES
from webhooks.services.endpoints import rotate_secret, switch_off, switch_on
from webhooks.services.sending import send_again, send_failed_again, send_test

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]
Listen = Callable[..., tuple[Endpoint, str]]
Work = Callable[[], int]
BROKEN = b"HTTP/1.1 500 Oops\r\nContent-Length: 5\r\n\r\n<b>no"


def test_a_message_arrives_signed_and_is_written_down(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    clock.now = TODAY
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        assert work() == 1
    (heard,) = receiver.heard
    body = Webhook(secret).verify(heard.body, heard.headers)
    assert (body["type"], body["data"]) == ("endpoint.test", {"endpoint": endpoint.pk, "event": None})
    delivery.refresh_from_db()
    assert (delivery.state, delivery.ended_at, delivery.next_at) == (DeliveryState.DELIVERED, TODAY, None)
    attempt = delivery.attempts.get()
    assert (attempt.number, attempt.outcome, attempt.status, attempt.address) == (
        1,
        "accepted",
        204,
        "127.0.0.1",
    )
    assert ["X-Receiver", "test"] in attempt.received
    assert ["webhook-id", delivery.message.uid] in attempt.sent
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.last_accepted_at) == (0, TODAY)
    assert work() == 0


def test_a_failure_is_tried_again_by_the_schedule_with_the_same_id_and_bytes_and_a_fresh_signature(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(BROKEN)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        assert work() == 1
        delivery.refresh_from_db()
        assert (delivery.state, delivery.tries, delivery.next_at) == ("pending", 1, NOW + PAUSES[0])
        clock.goes_on(seconds=4)
        assert work() == 0
        clock.goes_on(seconds=1)
        assert work() == 1
    first, second = receiver.heard
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-timestamp"] != second.headers["webhook-timestamp"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert [each.answer for each in delivery.attempts.all()] == ["<b>no", "<b>no"]


def test_an_endpoint_that_fails_for_days_is_switched_off_with_one_event(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(BROKEN)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        for pause in (timedelta(), *PAUSES):
            endpoint.refresh_from_db()
            assert endpoint.is_on
            clock.now += pause
            work()
            clock.goes_on(minutes=6)  # beyond any rest of the endpoint
            work()
    delivery.refresh_from_db()
    endpoint.refresh_from_db()
    assert (delivery.state, delivery.tries) == (DeliveryState.FAILED, TRIES)
    assert (endpoint.state, endpoint.off_because) == (EndpointState.DISABLED, OffBecause.FAILING)
    assert len(receiver.heard) == TRIES
    event = Event.objects.filter(verb="webhook.switched_off").get()
    assert event.actor == ""
    assert not Job.objects.filter(kind="webhooks.deliver", state=JobState.DUE).exists()


def test_410_switches_the_endpoint_off_and_what_waits_is_not_sent(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n")) as receiver:
        endpoint, _secret = listen(receiver)
        rows = [send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now) for _each in range(2)]
        work()
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.off_because) == (EndpointState.DISABLED, OffBecause.GONE)
    assert len(receiver.heard) == 1
    assert [Delivery.objects.get(pk=row.pk).state for row in rows] == ["failed", "dropped"]
    assert Event.objects.filter(verb="webhook.switched_off").count() == 1


def test_a_job_that_runs_twice_counts_once(ada: User, listen: Listen, work: Work, clock: Clock) -> None:
    with receiving(answering(BROKEN)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        for _each in range(3):
            deliveries.attempt(delivery.pk, 1, clock=clock, chance=lambda: 0.0)
    assert len(receiver.heard) == 1
    assert Attempt.objects.filter(delivery=delivery).count() == 1
    assert Job.objects.filter(kind="webhooks.deliver", payload__turn=2).count() == 1


def test_a_worker_that_dies_before_it_writes_sends_the_same_message_again(
    ada: User, listen: Listen, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        with monkeypatch.context() as patch:
            patch.setattr(deliveries, "_write_down", lambda *_given, **_named: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                deliveries.attempt(delivery.pk, 1, clock=clock)
        clock.goes_on(minutes=1)  # the lease of its job
        deliveries.attempt(delivery.pk, 1, clock=clock)
    first, second = receiver.heard
    assert (first.headers["webhook-id"], first.body) == (second.headers["webhook-id"], second.body)
    delivery.refresh_from_db()
    assert delivery.state == DeliveryState.DELIVERED


def test_after_three_failures_in_a_row_an_endpoint_rests_and_waiting_counts_as_no_try(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(BROKEN)) as receiver:
        endpoint, _secret = listen(receiver)
        rows = [send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now) for _each in range(8)]
        work()
        assert len(receiver.heard) == 3, "five others wait"
    for row in rows[3:]:
        row.refresh_from_db()
        assert (row.tries, row.state) == (0, "pending")
        assert row.next_at == NOW + timedelta(seconds=15)


def test_a_receiver_that_takes_its_time_holds_one_worker_only(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, _secret = listen(receiver)
        rows = [send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now) for _each in range(2)]
        Endpoint.objects.filter(pk=endpoint.pk).update(busy_until=NOW + timedelta(seconds=30))
        work()
        assert receiver.heard == []
        assert {(row.tries, row.state) for row in Delivery.objects.all()} == {(0, "pending")}
        clock.goes_on(seconds=31)
        work()
    assert len(receiver.heard) == len(rows)
    endpoint.refresh_from_db()
    assert endpoint.busy_until is None


def test_a_success_ends_what_counts_as_failing(ada: User, listen: Listen, work: Work, clock: Clock) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, _secret = listen(receiver)
        Endpoint.objects.filter(pk=endpoint.pk).update(failures=2, failing_since=NOW - timedelta(days=9))
        send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.rests_until) == (0, None, None)


def test_for_a_day_after_a_change_of_the_secret_both_verify(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    clock.now = TODAY - timedelta(hours=24)
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, former = listen(receiver)
        new = rotate_secret(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        clock.goes_on(hours=23, minutes=58)
        send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
        clock.goes_on(minutes=2)
        send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
    during, after = receiver.heard
    assert Webhook(new).verify(during.body, during.headers)
    assert Webhook(former).verify(during.body, during.headers)
    assert Webhook(new).verify(after.body, after.headers)
    assert after.headers["webhook-signature"].count("v1,") == 1


def test_sending_again_uses_the_same_id_and_fences_off_the_planned_try(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(BROKEN)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
        send_again(actor=ada, endpoint_id=endpoint.pk, delivery_id=delivery.pk, now=clock.now)
        assert work() == 1
        delivery.refresh_from_db()
        assert (delivery.tries, delivery.turn) == (1, 4)
        clock.goes_on(seconds=5)
        assert work() == 2, "the job of the turn that is over does nothing"
    assert len(receiver.heard) == 3
    assert len({heard.headers["webhook-id"] for heard in receiver.heard}) == 1
    assert Event.objects.filter(verb="webhook.sent_again").count() == 1


def test_all_that_failed_since_a_moment_goes_again_and_nothing_else(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, _secret = listen(receiver)
        rows = []
        for number, (state, age) in enumerate(
            (("failed", 1), ("dropped", 2), ("delivered", 1), ("failed", 9), *[("failed", 3)] * 30)
        ):
            message = Message.objects.create(
                uid=f"msg_{number}", type="endpoint.test", body="{}", happened_at=NOW
            )
            rows.append(
                Delivery.objects.create(
                    endpoint=endpoint, message=message, state=state, tries=TRIES, ended_at=NOW,
                    made_at=NOW - timedelta(days=age),
                )
            )  # fmt: skip
        sent = send_failed_again(
            actor=ada, endpoint_id=endpoint.pk, since=NOW - timedelta(days=4), now=clock.now
        )
        assert sent == 32
        assert Event.objects.filter(verb="webhook.sent_again").count() == 1
        work()
    assert len(receiver.heard) == 32
    assert {heard.headers["webhook-id"] for heard in receiver.heard}.isdisjoint({"msg_2", "msg_3"})


def test_switching_off_and_on_again_is_told_by_events(
    ada: User, listen: Listen, work: Work, clock: Clock
) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        switch_off(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
        delivery.refresh_from_db()
        assert (delivery.state, receiver.heard) == (DeliveryState.DROPPED, [])
        switch_on(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        send_again(actor=ada, endpoint_id=endpoint.pk, delivery_id=delivery.pk, now=clock.now)
        work()
    assert len(receiver.heard) == 1
    verbs = list(
        Event.objects.filter(object_type="webhooks.endpoint").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == [
        "webhook.added", "webhook.tested", "webhook.switched_off", "webhook.switched_on", "webhook.sent_again",
    ]  # fmt: skip


def test_a_network_that_is_no_longer_allowed_gets_nothing_more(
    ada: User, listen: Listen, work: Work, clock: Clock, settings: object
) -> None:
    with receiving(answering(ACCEPTED)) as receiver:
        endpoint, _secret = listen(receiver)
        settings.WEBHOOK_NETWORKS = []  # type: ignore[attr-defined]
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
        assert receiver.connections == 0
    assert delivery.attempts.get().outcome == "refused"
    assert json.loads(delivery.message.body)["type"] == "endpoint.test"
