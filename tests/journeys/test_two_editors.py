"""Two people write in one dossier: each sees the other, nothing is overwritten; a lost connection loses no text."""

import hashlib
import re
import secrets

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload, Locator, Route

from reviews.models import Answer, AnswerFile, ReviewRequest
from reviews.selectors.questionnaires import current
from reviews.services.drafting import add_contributor, draft_request
from tests.boardrooms import House
from tests.dossiers import a_version
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = [pytest.mark.journey, pytest.mark.long]

QUESTION, TOPIC = "data_rights", "data_acquisition"
NUMBER = next(question.number for question in current().questions if question.key == QUESTION)


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("editors")


@pytest.fixture
def request_(house: House) -> ReviewRequest:
    now = timezone.now()
    version = a_version(house.ravi, now=now)
    found = draft_request(actor=house.ravi, version_id=version.pk, purpose="For the port office", now=now)
    add_contributor(actor=house.ravi, request_id=found.pk, person=house.ugo, now=now)
    return found


def test_two_people_write_one_answer_and_a_lost_connection_loses_nothing(
    house: House, request_: ReviewRequest, visit: Visit
) -> None:
    ravi, ugo = visit(house.ravi), visit(house.ugo)
    for who in (ravi, ugo):
        who.signs_in(PASSWORD)
        who.goes(f"/requests/{request_.reference}/dossier/?topic={TOPIC}")
    see_each_other(ravi, ugo)
    both_write(ravi, ugo)
    loses_the_connection(ravi)
    loads_the_page_again(ravi)
    attaches_a_file_over_a_bad_line(ravi)
    is_signed_out(ravi)


def see_each_other(ravi: Visitor, ugo: Visitor) -> None:
    with ravi.page.expect_response("**/dossier/here/"):
        field(ravi).focus()
    field(ugo).focus()
    ugo.page.locator(f"#w-{QUESTION}").get_by_text("Ravi Krishnan is writing here").wait_for()
    assert f"Ravi Krishnan is writing at {NUMBER}" in ugo.page.locator("#here").inner_text()
    assert ravi.page.locator(f"#w-{QUESTION} .state").count() == 0


def both_write(ravi: Visitor, ugo: Visitor) -> None:
    """The second is shown both versions and saves what is joined; the first is shown that on request."""
    writes(ravi, "Logs of the port.")
    is_saved_by(ravi, "Ravi Krishnan")
    writes(ugo, "Licensed maps.")
    ugo.page.get_by_text("You and Ravi Krishnan both changed this answer.").wait_for()
    assert saved() == "Logs of the port."
    assert field(ugo).input_value() == "Logs of the port. Licensed maps."
    ugo.looks()
    ugo.page.get_by_role("button", name="Save what is joined").click()
    is_saved_by(ugo, "Ugo Outsider")
    assert saved() == "Logs of the port. Licensed maps."
    ravi.page.locator('[name="a-opt_outs"]').first.focus()
    ravi.page.locator(f"#w-{QUESTION}").get_by_role("button", name="Show it").click()
    is_saved_by(ravi, "Ugo Outsider")
    assert field(ravi).input_value() == "Logs of the port. Licensed maps."


def loses_the_connection(ravi: Visitor) -> None:
    ravi.context.set_offline(True)
    writes(ravi, "Written without a connection.")
    is_told(ravi, "Your text is kept here.")
    assert "Not saved since" in ravi.page.locator("[data-unsaved]").inner_text()
    assert "Written without a connection." in kept(ravi)
    failed_as_expected(ravi)
    ravi.looks()
    ravi.context.set_offline(False)
    is_saved_by(ravi, "Ravi Krishnan")
    ravi.page.locator("[data-unsaved]").wait_for(state="hidden")
    assert saved() == "Written without a connection."
    assert kept(ravi) == ""


def loads_the_page_again(ravi: Visitor) -> None:
    """What was not saved is offered when the page comes again, and saved when that is asked for."""
    ravi.page.route("**/answers/**", lambda route: route.abort())
    writes(ravi, "Written before the page was loaded again.")
    is_told(ravi, "Your text is kept here.")
    failed_as_expected(ravi)
    ravi.page.unroute("**/answers/**")
    ravi.goes(ravi.page.url.removeprefix(ravi.url))
    assert field(ravi).input_value() == "Written without a connection."
    ravi.page.get_by_role("button", name="Save this text").click()
    is_saved_by(ravi, "Ravi Krishnan")
    assert field(ravi).input_value() == "Written before the page was loaded again."
    assert kept(ravi) == ""


def attaches_a_file_over_a_bad_line(ravi: Visitor) -> None:
    """The second part is cut off once; the file goes on from there, and is what was chosen."""
    content = secrets.token_bytes(1024**2) * 9
    parts: list[str] = []

    def cut_the_second(route: Route) -> None:
        parts.append(route.request.headers.get("upload-offset", ""))
        route.abort() if len(parts) == 2 else route.continue_()

    ravi.page.route("**/uploads/*/", cut_the_second)
    chosen: FilePayload = {"name": "ledger.bin", "mimeType": "", "buffer": content}
    ravi.page.locator(f'[name="f-{QUESTION}"]').set_input_files([chosen])
    ravi.page.get_by_text("The connection is gone.").or_(
        ravi.page.get_by_role("link", name="ledger.bin")
    ).first.wait_for()
    ravi.page.get_by_role("link", name="ledger.bin").wait_for()
    ravi.page.unroute("**/uploads/*/")
    file = AnswerFile.objects.get(name="ledger.bin")
    assert parts[:2] == ["0", str(8 * 1024**2)]
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert ravi.page.locator("progress").count() == 0


def is_signed_out(ravi: Visitor) -> None:
    ravi.context.clear_cookies(name="sessionid")
    writes(ravi, "Written after the session ended.")
    is_told(ravi, "You are signed out.")
    failed_as_expected(ravi)
    ravi.looks()
    ravi.page.get_by_role("link", name="Sign in again").click()
    ravi.writes(login=ravi.person.email, password=PASSWORD)  # type: ignore[union-attr]
    enters(ravi)
    if ravi.page.locator('[name="code"]').count():
        ravi.writes(code=ravi.code())
        enters(ravi)
    ravi.page.get_by_role("button", name="Save this text").click()
    is_saved_by(ravi, "Ravi Krishnan")
    assert saved() == "Written after the session ended."


def enters(who: Visitor) -> None:
    with who.page.expect_navigation():
        who.page.locator("main form button.primary").first.click()


def field(who: Visitor) -> Locator:
    return who.page.locator(f'[name="a-{QUESTION}"]')


def writes(who: Visitor, text: str) -> None:
    field(who).fill(text)
    field(who).blur()


def is_saved_by(who: Visitor, name: str) -> None:
    who.page.locator(f"#s-{QUESTION}").get_by_text(re.compile(f"Saved .*, {name}")).wait_for()
    who.settles()


def is_told(who: Visitor, words: str) -> None:
    who.page.locator("[data-unsaved]").get_by_text(words).wait_for()


def saved() -> object:
    return Answer.objects.get(question=QUESTION, request__requester__email="ravi@editors.example").value


def kept(who: Visitor) -> str:
    return str(who.page.evaluate("JSON.stringify(Object.entries(localStorage)).replace('[]', '')"))


def failed_as_expected(who: Visitor) -> None:
    """Forget what the browser's console says of the requests that were to fail."""
    who.watch.troubles = [
        each for each in who.watch.troubles if "htmx:" not in each and "Response Status" not in each
    ]
