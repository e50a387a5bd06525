"""On a phone: a member reads, asks and votes; legal staff sign."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.models import Decision, Question, ReviewRequest, Vote
from tests.boardrooms import House, a_ballot, all_vote, in_review
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("phone")


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    now = timezone.now() - timedelta(days=1)
    return in_review(house, version=a_version(house.ravi, now=now), now=now)


def test_a_member_reads_asks_and_votes_on_a_phone_and_legal_staff_sign_there(
    house: House, request_: ReviewRequest, visit: Visit
) -> None:
    lena = visit(house.lena, width=390)
    lena.is_signed_in()
    lena.follows(to=f"/{request_.reference}/")
    lena.follows(request_.reference)
    asks(lena)
    assert Question.objects.get(request=request_).asked_by == house.lena
    now = timezone.now()
    ballot = a_ballot(house, house.ethics_review(request_), now=now, mover="chloe", seconder="milo")
    lena.goes(f"/requests/{request_.reference}/")
    votes(lena)
    assert Vote.objects.get(ballot=ballot).position == "for"
    all_vote(house, ballot, names=("chloe", "milo", "mara"), now=timezone.now())
    lex = visit(house.lex, width=390, dark=True)
    lex.signs_in(PASSWORD)
    lex.follows(to=f"/{request_.reference}/sign/")
    lex.writes(read=True, password=PASSWORD, code=lex.code())
    lex.presses("Sign the approval")
    assert Decision.objects.get(request=request_).signatures.get().signer == house.lex


def asks(lena: Visitor) -> None:
    """The form opens under the answer, and the discussion takes its place."""
    lena.page.locator('a[href$="?about=harmed"]').click()
    lena.page.locator('form:has(input[name="about"][value="harmed"])').wait_for()
    lena.writes(kind="question", text="Who was heard?")
    lena.presses("Write it", context="a comment")
    assert "Who was heard?" in lena.page.locator("#talk-harmed").inner_text()


def votes(lena: Visitor) -> None:
    """The count and the act are at the bottom of the screen."""
    dock = lena.page.locator(".dock")
    assert "0 for" in dock.inner_text()
    with lena.page.expect_navigation():
        dock.locator("a.primary").click()
    lena.looks()
    lena.page.locator(".dock a.primary").click()
    lena.writes(position="for", reason="All was answered.")
    lena.presses("Cast my vote on revision %(number)s", number=1)
    assert "Your vote is counted." in lena.text()
    assert not lena.page.locator(".dock").count()
