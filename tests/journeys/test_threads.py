"""Threads over two revisions: a member finds a fault in a passage, the requester mends it, one passage is gone."""

import pytest
from django.utils import timezone

from reviews.models import Comment, ReviewRequest
from reviews.selectors.questionnaires import questionnaire
from tests.boardrooms import House, in_review
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.long]

BEFORE = (
    "Drivers were heard.\n\n- Night crews were **not** asked. 夜班人员未被征询。\n- Night crews work alone."
)
AFTER = "Drivers were heard twice.\n\n- Night crews were asked. 夜班人员已被征询。"
SELECT = """([key, words]) => {
  const doc = document.querySelector(`#talk-${key}`).closest(".answer").querySelector(".doc");
  const walker = document.createTreeWalker(doc, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.lastIndexOf(words[0]);
    if (at < 0) continue;
    const range = document.createRange();
    range.setStart(node, at);
    let last = node;
    while (last && !last.data.includes(words[1])) last = walker.nextNode();
    range.setEnd(last, last.data.lastIndexOf(words[1]) + words[1].length);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
    return;
  }
}"""


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("threads")


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    now = timezone.now()
    return in_review(house, version=a_version(house.ravi, now=now), now=now, answers={"harmed": BEFORE})


def test_a_finding_goes_along_to_the_next_revision_and_a_lost_passage_says_so(
    house: House, request_: ReviewRequest, visit: Visit
) -> None:
    address = f"/requests/{request_.reference}/"
    milo, ravi = visit(house.milo), visit(house.ravi)
    milo.signs_in(PASSWORD)
    milo.goes(address)
    picks(milo, "Night crews were ", "asked", kind="must_fix", text="Ask them.")
    picks(milo, "work ", "alone", kind="everyone", text="Who then answers?")
    assert milo.page.locator(".doc mark.live").inner_text() == "work alone"
    found = Comment.objects.get(finding="must_fix")
    assert found.quote == "Night crews were **not** asked"
    ravi.signs_in(PASSWORD)
    ravi.goes(address)
    assert "1 finding must be fixed" in ravi.text()
    replies(ravi, found, "They were asked, see revision 2. @Mi", "@Milo Brandt")
    submits_revision_2(ravi, request_)
    milo.goes(address)
    thread = milo.page.locator(f"#comment-{found.pk}")
    assert "Night crews were asked" in thread.inner_text()
    assert "Edited in revision 2; it read “Night crews were not asked”." in thread.inner_text()
    assert (
        "The passage is gone since revision 2."
        in milo.page.locator(".thread", has_text="Who then").inner_text()
    )
    thread.get_by_text("Resolve the finding").click()
    thread.locator('[name="why"]').fill("They were asked in revision 2.")
    milo.presses("Resolve it")
    assert "Must fix: resolved" in thread.inner_text()
    found.refresh_from_db()
    assert found.settled_by == house.milo
    assert "must be fixed" not in milo.page.locator("#standing").inner_text()
    milo.goes("/inbox/")
    assert "Ravi Krishnan names you" in milo.text()


def picks(who: Visitor, first: str, last: str, *, kind: str, text: str) -> None:
    """Select a passage with the pointer, and write about it."""
    who.page.evaluate(SELECT, ["harmed", [first, last]])
    who.page.get_by_role("button", name="Comment on this").click()
    form = who.page.locator("#talk-harmed form", has=who.page.locator('[name="quote"]'))
    form.wait_for()
    form.locator(f'[name="kind"][value="{kind}"]').check()
    form.locator('[name="text"]').fill(text)
    who.looks()
    who.presses("Write it", context="a comment")


def replies(who: Visitor, thread: Comment, text: str, named: str) -> None:
    """Reply, and take the name that is offered after the sign."""
    place = who.page.locator(f"#comment-{thread.pk}")
    place.locator("summary", has_text="Reply").click()
    field = place.locator("textarea")
    field.press_sequentially(text)
    place.get_by_role("option").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")
    assert named in field.input_value()
    who.answer_to(place.get_by_role("button", name="Reply", exact=True), lambda button: button.click())
    who.looks()


def submits_revision_2(who: Visitor, request: ReviewRequest) -> None:
    """Change the answer and submit."""
    topics = questionnaire(request.questionnaire).topics
    topic = next(topic for topic in topics if any(one.key == "harmed" for one in topic.questions))
    who.goes(f"/requests/{request.reference}/dossier/?topic={topic.key}")
    who.writes(**{"a-harmed": AFTER})
    who.presses("Save this topic")
    who.writes(why="They were asked.")
    who.presses("Submit revision 2")
