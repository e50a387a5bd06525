"""A member judges a request without a pointer: opens it from their work, walks the changes, asks, votes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.models import Question, ReviewRequest, Vote
from reviews.services.submission import submit_revision
from tests.boardrooms import House, a_ballot, in_review
from tests.dossiers import a_version, fill
from tests.journeys.cast import a_lab
from tests.journeys.conftest import Visit
from tests.journeys.keyboard import focus_of, opens, sends, tabs_to
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey

QUESTION = "Were the night crews heard, n or j? / Who?"


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("keyboard")


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    """A request whose second revision changes one answer."""
    now = timezone.now() - timedelta(days=2)
    answers = {"harmed": "Drivers were heard through one works council."}
    request = in_review(house, version=a_version(house.ravi, now=now), now=now, answers=answers)
    later = now + timedelta(hours=20)
    fill(request, house.ravi, {"harmed": "Drivers were heard through two works councils."}, now=later)
    submit_revision(actor=house.ravi, request_id=request.pk, now=later, why="As asked.")
    return request


def test_a_member_judges_with_the_keyboard_only(house: House, request_: ReviewRequest, visit: Visit) -> None:
    milo = visit(house.milo)
    milo.is_signed_in()
    milo.page.keyboard.press("j")
    opens(milo)
    tabs_to(milo, f'main a[href="/requests/{request_.reference}/"]')
    opens(milo)
    walks_the_changes(milo)
    asks(milo)
    compares(milo, request_)
    assert Question.objects.get(request=request_).text == QUESTION
    ballot = a_ballot(house, house.ethics_review(request_), now=timezone.now(), mover="chloe")
    milo.goes("/")
    milo.page.keyboard.press("j")
    opens(milo)
    assert milo.page.url.endswith(f"/ballots/{ballot.number}/")
    votes(milo)
    assert Vote.objects.get(ballot=ballot).position == "for"
    turns_the_keys_off(milo, request_)


def walks_the_changes(milo: Visitor) -> None:
    """Each change is one stop, forward and back; folded answers are none."""
    seen = []
    for key in "nnnp":
        milo.page.keyboard.press(key)
        seen.append(focus_of(milo))
    assert seen == ["DEL one", "DEL council", "DEL council", "DEL one"]


def asks(milo: Visitor) -> None:
    """The form opens in its place and has the focus; after it was sent, the new discussion has it."""
    tabs_to(milo, 'a[href$="?about=harmed"]')
    milo.page.keyboard.press("Enter")
    form = milo.page.locator('form:has(input[name="about"][value="harmed"])')
    form.wait_for()
    milo.settles()
    assert focus_of(milo).startswith("FORM")
    tabs_to(milo, '#talk-harmed [name="kind"]')
    milo.page.keyboard.press("Space")
    while not form.locator('[name="kind"][value="question"]').is_checked():
        milo.page.keyboard.press("ArrowDown")
    tabs_to(milo, '#talk-harmed textarea[name="text"]')
    milo.page.keyboard.type(QUESTION)
    assert sends(milo, "#talk-harmed button.primary").status == 200
    assert focus_of(milo).startswith("SECTION")
    assert QUESTION in focus_of(milo)
    assert "clock paused" in milo.page.locator("#standing").inner_text()


def compares(milo: Visitor, request_: ReviewRequest) -> None:
    """Two revisions in one text, where each change is a stop, and side by side, where each paragraph is one."""
    for view, stops in (("inline", ["DEL one", "DEL council"]), ("side", ["DIV", "DIV"])):
        milo.goes(f"/requests/{request_.reference}/compare/?from=1&to=2&view={view}")
        seen = []
        for _change in range(2):
            milo.page.keyboard.press("n")
            seen.append(focus_of(milo))
        assert [found[: len(stop)] for found, stop in zip(seen, stops, strict=True)] == stops


def votes(milo: Visitor) -> None:
    """Nothing is chosen beforehand; the page stays, with the new count."""
    tabs_to(milo, '[name="position"][value="for"]')
    milo.page.keyboard.press("Space")
    tabs_to(milo, '[name="reason"]')
    milo.page.keyboard.type("All was answered.")
    assert sends(milo, "form:has([name=position]) button.primary").status == 200
    assert focus_of(milo).startswith("H1")
    assert milo.page.locator("#said").inner_text() == "Your vote is counted."


def turns_the_keys_off(milo: Visitor, request_: ReviewRequest) -> None:
    """The list of the keys opens with "?", and there they are turned off."""
    milo.goes(f"/requests/{request_.reference}/")
    milo.page.keyboard.press("?")
    milo.page.locator("#keys").wait_for()
    tabs_to(milo, "#keys-on")
    milo.page.keyboard.press("Space")
    milo.page.keyboard.press("Escape")
    milo.page.locator("#keys").wait_for(state="hidden")
    milo.page.wait_for_function("() => !document.activeElement.closest('dialog')")  # after the closing
    before = focus_of(milo)
    milo.page.keyboard.press("n")
    assert focus_of(milo) == before
