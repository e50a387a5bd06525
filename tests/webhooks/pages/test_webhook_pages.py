"""The pages of webhooks: what administrators see and do, what a receiver sent shown harmless, secrets once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.cipher import decrypt
from accounts.models import User
from audit.models import Event
from desk.selectors import health_of_webhooks
from jobs.models import Job
from reminders.waiting import waiting_for
from tests.dossiers import NOW, person
from tests.webhooks.conftest import Clock
from tests.webhooks.receivers import answering, receiving
from webhooks.models import Attempt, Delivery, DeliveryState, Endpoint, EndpointState, Message, OffBecause
from webhooks.outgoing.exchange import Outcome
from webhooks.rules.destination import Fault
from webhooks.selectors import PAGE
from webhooks.services.endpoints import add_endpoint
from webhooks.services.sending import send_test
from webhooks.words import FAULTS, OUTCOMES

pytestmark = pytest.mark.django_db

GIVEN = {
    "url": "https://hooks.example.org/in",
    "description": "Release pipeline",
    "chosen": ["request.approved", "request.suspended"],
}


@pytest.fixture
def browser(ada: User) -> Client:
    User.objects.filter(pk=ada.pk).update(time_zone="Asia/Shanghai")
    client = Client()
    client.force_login(ada)
    return client


@pytest.fixture
def endpoint(ada: User) -> Endpoint:
    return add_endpoint(actor=ada, now=NOW, **GIVEN)[0]  # type: ignore[arg-type]


def deliveries(endpoint: Endpoint, *states: str) -> list[Delivery]:
    """Make deliveries in these states."""
    made = []
    for number, state in enumerate(states):
        message = Message.objects.create(
            uid=f"msg_{number}", type="request.approved", body='{"type":"request.approved"}', happened_at=NOW
        )
        pending = state == "pending"
        made.append(
            Delivery.objects.create(
                endpoint=endpoint, message=message, state=state, made_at=NOW, tries=0,
                next_at=NOW if pending else None, ended_at=None if pending else NOW,
            )
        )  # fmt: skip
    return made


def test_without_endpoints_the_page_says_what_they_are_for(browser: Client) -> None:
    page = browser.get("/webhooks/").content.decode()
    assert "Nobody is told yet." in page
    assert 'href="/webhooks/new/"' in page


def test_who_adds_an_endpoint_sees_its_secret_once_and_the_session_never_has_it(browser: Client) -> None:
    answer = browser.post("/webhooks/new/", GIVEN)
    endpoint = Endpoint.objects.get()
    assert answer["Location"] == f"/webhooks/{endpoint.pk}/"
    secret = decrypt(endpoint.secret)
    session = Session.objects.get(session_key=browser.session.session_key)
    assert secret not in str(session.get_decoded())
    first, second = (browser.get(answer["Location"]) for _each in range(2))
    assert secret in first.content.decode()
    assert secret not in second.content.decode()
    assert "no-store" in first["Cache-Control"]
    assert secret not in endpoint.secret
    assert Event.objects.filter(verb="webhook.added").count() == 1
    assert secret.encode() not in b"".join(bytes(event.leaf) for event in Event.objects.all())


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://hooks.example.org/", "must begin with https://"),
        ("https://me:secret@hooks.example.org/", "Leave out name and password"),
        ("https://hooks.example.org:22/", "Port 22 is not allowed"),
        ("https://2130706433/", "Write the name of the host"),
        ("javascript:alert(1)", "must begin with https://"),
    ],
)
def test_an_address_that_cannot_be_one_is_refused_with_what_to_do(
    browser: Client, url: str, sentence: str
) -> None:
    page = browser.post("/webhooks/new/", GIVEN | {"url": url})
    assert sentence in page.content.decode()
    assert "Release pipeline" in page.content.decode(), "what was typed is still there"
    assert not Endpoint.objects.exists()


def test_types_that_nobody_knows_cannot_be_chosen(browser: Client) -> None:
    for chosen in ([], ["vote.cast"], ["endpoint.test"]):
        assert browser.post("/webhooks/new/", GIVEN | {"chosen": chosen}).status_code == 200
    assert not Endpoint.objects.exists()


def test_changing_says_what_changed_and_is_one_event(browser: Client, endpoint: Endpoint) -> None:
    address = f"/webhooks/{endpoint.pk}/change/"
    assert 'value="https://hooks.example.org/in"' in browser.get(address).content.decode()
    browser.post(address, GIVEN)
    assert not Event.objects.filter(verb="webhook.changed").exists()
    browser.post(address, GIVEN | {"chosen": ["ballot.opened"]})
    assert Endpoint.objects.get().types == ["ballot.opened"]
    assert Event.objects.filter(verb="webhook.changed").count() == 1


def test_the_list_shows_a_picture_with_its_words(
    browser: Client, endpoint: Endpoint, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    states = ["delivered"] * 20 + ["failed", "dropped", "pending", "delivered", "delivered"]
    for row in deliveries(endpoint, *states):
        Delivery.objects.filter(pk=row.pk).update(made_at=row.made_at + timedelta(days=900))
    with django_assert_max_num_queries(12):
        page = browser.get("/webhooks/").content.decode()
    assert "21 of 24 delivered" in page
    assert "2 not" in page
    assert "1 on their way" in page
    assert page.count('<rect class="delivered"') == 21


def test_the_log_is_filtered_and_goes_on_by_keyset(browser: Client, endpoint: Endpoint) -> None:
    rows = deliveries(endpoint, *["delivered"] * PAGE, "failed", "failed")
    address = f"/webhooks/{endpoint.pk}/"
    first = browser.get(address).content.decode()
    assert first.count("<code>request.approved</code>") == PAGE
    assert f"?before={rows[2].pk}" in first
    older = browser.get(f"{address}?before={rows[2].pk}").content.decode()
    assert older.count("<code>request.approved</code>") == 2
    failed = browser.get(f"{address}?state=failed").content.decode()
    assert failed.count("<code>request.approved</code>") == 2
    for odd in ("?before=x", "?before=-1", "?state=x", "?before=99999999999999999999999"):
        assert browser.get(address + odd).status_code == 200


def test_what_a_receiver_sent_is_shown_as_text(
    browser: Client,
    ada: User,
    listen: Callable[..., tuple[Endpoint, str]],
    work: Callable[[], int],
    clock: Clock,
) -> None:
    raw = b"HTTP/1.1 500 Oops\r\nX-Evil: <img src=x onerror=alert(1)>\r\n\r\n<script>alert(1)</script>"
    with receiving(answering(raw)) as receiver:
        endpoint, _secret = listen(receiver)
        delivery = send_test(actor=ada, endpoint_id=endpoint.pk, now=clock.now)
        work()
    page = browser.get(f"/webhooks/{endpoint.pk}/deliveries/{delivery.pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;img src=x" in page
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "webhook-signature: v1," in page


def test_sending_again_makes_one_job_and_says_so(browser: Client, endpoint: Endpoint) -> None:
    (row,) = deliveries(endpoint, "failed")
    page = browser.post(f"/webhooks/{endpoint.pk}/deliveries/{row.pk}/send/", follow=True)
    assert "It is on its way again" in page.content.decode()
    row.refresh_from_db()
    assert (row.state, row.turn) == (DeliveryState.PENDING, 2)
    assert Job.objects.filter(kind="webhooks.deliver", payload__delivery=row.pk).count() == 1


def test_a_delivery_is_found_below_its_own_endpoint_only(
    browser: Client, ada: User, endpoint: Endpoint
) -> None:
    other = add_endpoint(actor=ada, now=NOW, **GIVEN)[0]  # type: ignore[arg-type]
    (row,) = deliveries(endpoint, "failed")
    assert browser.get(f"/webhooks/{other.pk}/deliveries/{row.pk}/").status_code == 404
    assert browser.post(f"/webhooks/{other.pk}/deliveries/{row.pk}/send/").status_code == 404
    row.refresh_from_db()
    assert row.state == DeliveryState.FAILED


def test_what_failed_since_a_day_goes_again_and_nonsense_is_refused(
    browser: Client, endpoint: Endpoint
) -> None:
    deliveries(endpoint, "failed", "dropped", "delivered")
    address = f"/webhooks/{endpoint.pk}/send-failed/"
    for odd in ("x", "", "0001-01-01", "9999-12-31", "2026-02-31", "1e9", "2026-11-24\0"):
        assert "Enter the day" in browser.post(address, {"since": odd}, follow=True).content.decode()
    assert (
        "Nothing has failed" in browser.post(address, {"since": "2099-01-01"}, follow=True).content.decode()
    )
    assert "on its way again" in browser.post(address, {"since": "2026-11-24"}, follow=True).content.decode()
    assert Delivery.objects.filter(state=DeliveryState.PENDING).count() == 2


def test_an_endpoint_that_is_off_says_why_and_sends_nothing(browser: Client, endpoint: Endpoint) -> None:
    (row,) = deliveries(endpoint, "failed")
    browser.post(f"/webhooks/{endpoint.pk}/off/")
    page = browser.get(f"/webhooks/{endpoint.pk}/").content.decode()
    assert "An administrator switched it off." in page
    for path in ("test/", f"deliveries/{row.pk}/send/"):
        told = browser.post(f"/webhooks/{endpoint.pk}/{path}", follow=True).content.decode()
        assert "Switch it on first." in told
    assert "is off already" in browser.post(f"/webhooks/{endpoint.pk}/off/", follow=True).content.decode()
    assert not Job.objects.filter(kind="webhooks.deliver").exists()
    browser.post(f"/webhooks/{endpoint.pk}/on/")
    assert Endpoint.objects.get().state == EndpointState.ENABLED


def test_a_removed_endpoint_is_gone_with_its_secret(browser: Client, endpoint: Endpoint) -> None:
    browser.post(f"/webhooks/{endpoint.pk}/remove/")
    assert browser.get(f"/webhooks/{endpoint.pk}/").status_code == 404
    endpoint.refresh_from_db()
    assert (endpoint.state, endpoint.secret, endpoint.former_secret) == (EndpointState.REMOVED, "", "")
    assert "Nobody is told yet." in browser.get("/webhooks/").content.decode()
    assert browser.post(f"/webhooks/{endpoint.pk}/on/").status_code == 404


def test_a_new_secret_is_shown_once_and_the_former_signs_for_a_day(
    browser: Client, endpoint: Endpoint
) -> None:
    former = endpoint.secret
    page = browser.post(f"/webhooks/{endpoint.pk}/secret/", follow=True).content.decode()
    endpoint.refresh_from_db()
    assert decrypt(endpoint.secret) in page
    assert endpoint.former_secret == former
    assert "The former secret signs beside the new one" in page
    assert decrypt(former) not in page


def test_a_secret_is_shown_on_the_page_of_its_own_endpoint_only(browser: Client, endpoint: Endpoint) -> None:
    answer = browser.post("/webhooks/new/", GIVEN | {"description": "Other"})
    other = Endpoint.objects.get(description="Other")
    assert "whsec_" not in browser.get(f"/webhooks/{endpoint.pk}/").content.decode()
    assert decrypt(other.secret) in browser.get(answer["Location"]).content.decode()


def test_nobody_but_administrators_finds_the_pages(endpoint: Endpoint) -> None:
    client = Client()
    client.force_login(person("Ugo Outsider"))
    (row,) = deliveries(endpoint, "failed")
    for path in (
        "",
        "new/",
        f"{endpoint.pk}/",
        f"{endpoint.pk}/change/",
        f"{endpoint.pk}/deliveries/{row.pk}/",
    ):
        assert client.get(f"/webhooks/{path}").status_code == 404
    assert client.post("/webhooks/new/", GIVEN).status_code == 404
    for act in (
        "change",
        "on",
        "off",
        "secret",
        "test",
        "send-failed",
        "remove",
        f"deliveries/{row.pk}/send",
    ):
        assert client.post(f"/webhooks/{endpoint.pk}/{act}/", GIVEN).status_code == 404
    assert Endpoint.objects.get().state == EndpointState.ENABLED


def test_administrators_hear_of_an_endpoint_that_the_system_switched_off(
    browser: Client, ada: User, endpoint: Endpoint
) -> None:
    assert [check.level for check in health_of_webhooks.checks(NOW)] == ["good"]
    Endpoint.objects.filter(pk=endpoint.pk).update(failing_since=NOW, failures=4)
    assert [check.level for check in health_of_webhooks.checks(NOW)] == ["warn"]
    assert not [
        thing for _source, thing in waiting_for(ada.pk, NOW) if thing.object_type == "webhooks.endpoint"
    ]
    Endpoint.objects.filter(pk=endpoint.pk).update(
        state=EndpointState.DISABLED, off_because=OffBecause.GONE, off_since=NOW
    )
    (check,) = health_of_webhooks.checks(NOW)
    assert check.level == "bad"
    assert "Release pipeline is off since" in check.text
    (thing,) = [
        thing for _source, thing in waiting_for(ada.pk, NOW) if thing.object_type == "webhooks.endpoint"
    ]
    assert thing.url == f"/webhooks/{endpoint.pk}/"
    assert "Release pipeline" in browser.get("/").content.decode()


def test_every_outcome_has_its_words() -> None:
    assert set(OUTCOMES) == set(Outcome)
    assert set(FAULTS) == set(Fault)
    Attempt(outcome=max(Outcome, key=len), sent=[], received=[]).clean_fields(
        exclude=["delivery", "number", "at", "milliseconds", "sent", "received"]
    )
