"""Who asks is told at once what became of the request; nobody else is, and never what did not happen."""

import pytest

from audit.refusal import Refused
from jobs.models import Job
from reminders.models import Message
from reminders.postbox import MAIL
from reviews.rules.lifecycle import RequestEvent
from reviews.services.drafting import add_contributor
from reviews.services.notices import NOTICES
from reviews.services.signing import refuse_to_sign
from reviews.services.triage import return_request
from reviews.services.withdrawal import withdraw_request
from tests.boardrooms import House, a_house, approved, decided, in_review, sign
from tests.dossiers import NOW, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines, pytest.mark.usefixtures("standing_house")]


@pytest.fixture
def house() -> House:
    return a_house()


def told(house: House, name: str = "ravi") -> list[str]:
    """What the person finds in the inbox, oldest first."""
    found = Message.objects.filter(person=house.people[name]).order_by("id")
    return list(found.values_list("subject", flat=True))


def test_the_requester_is_told_from_the_review_to_the_approval_and_nobody_else(house: House) -> None:
    request = in_review(house)
    title = f"Harbor-7B 2.1, {request.reference}"
    assert told(house) == [f"In review: {title}"], "not of what Ravi did"
    decision = decided(house, request)
    sign(house, decision, "legal", "lex")
    assert told(house)[1:] == [f"Decided: {title}"], "one signature approves nothing"
    sign(house, decision, "chair", "chloe")
    assert told(house)[2:] == [f"Approved: {title}"]
    assert set(Message.objects.values_list("person", "url")) == {
        (house.ravi.pk, f"/requests/{request.reference}/"),
        (house.rex.pk, f"/requests/{request.reference}/interests/"),
    }, "Rex is Ravi's manager, and is told that he is recused"
    assert Job.objects.filter(kind=MAIL).count() == 4


@pytest.mark.parametrize(("kind", "word"), [("return", "Returned"), ("reject", "Rejected")])
def test_a_motion_to_return_or_reject_is_told_as_such(house: House, kind: str, word: str) -> None:
    request = in_review(house)
    decided(house, request, kind)
    assert told(house)[-1] == f"{word}: Harbor-7B 2.1, {request.reference}"
    assert not any(subject.startswith("Approved") for subject in told(house))


def test_a_refused_signature_is_told_without_its_reason(house: House) -> None:
    decision = decided(house, in_review(house))
    refuse_to_sign(actor=house.lex, decision_id=decision.pk, role="legal", reason="Unclear licence.", now=NOW)
    last = Message.objects.latest("id")
    assert last.subject.startswith("Not signed: ")
    assert "licence" not in last.body, "the mail says where it stands, not what it says"


def test_contributors_are_told_in_their_language(house: House) -> None:
    request = submitted(house.ravi).request
    return_request(actor=house.sena, request_id=request.pk, text="Say who may use it.", now=NOW)
    helper = house.people["hui"] = person("Hui Helper", language="zh-hans")
    add_contributor(actor=house.ravi, request_id=request.pk, person=helper, now=NOW)
    assert told(house, "hui") == [], "from before they had a part nothing is told"
    withdraw_request(actor=house.ravi, request_id=request.pk, reason="Later.", now=NOW)
    assert [subject.split(":")[0] for subject in told(house)] == ["Returned"], (
        "nobody is told what they did themself"
    )


def test_what_was_refused_is_not_told(house: House) -> None:
    request = submitted(house.ravi).request
    with pytest.raises(Refused):
        return_request(actor=house.sena, request_id=request.pk, text=" ", now=NOW)
    assert told(house) == []


def test_every_event_is_told_but_those_of_the_requester_and_of_the_office() -> None:
    assert set(RequestEvent) - set(NOTICES) == {
        RequestEvent.SUBMIT, RequestEvent.ACCEPT, RequestEvent.WITHDRAW, RequestEvent.APPEAL,
    }  # fmt: skip


def test_an_approval_is_told_once_although_it_supersedes_nothing(house: House) -> None:
    approved(house, in_review(house))
    assert sum(subject.startswith("Superseded") for subject in told(house)) == 0
