"""A researcher brings a new model version before the boards, from its card to seeing where the request stands."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload

from registry.models import Project
from registry.services import found_project
from reviews.models import Answer, ReviewRequest, Revision
from reviews.services.answers import save_answer
from tests.boardrooms import House
from tests.dossiers import fill
from tests.journeys.cast import PASSWORD, a_lab
from tests.journeys.conftest import Visit
from tests.journeys.dossier_pages import UPLOAD, fills_in
from tests.journeys.place import Place
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey

RIGHTS = "Licensed from the port of 釜山, and CC-BY logs."
GIVEN = {"personal_data": "personal", "data_rights": RIGHTS, "privacy_used": "enclave"}
GOOD = f"{'a' * 64}  config.json\n{'b' * 64}  model-00001.safetensors"
HEADER = "license: apache-2.0\npipeline_tag: text-generation"
CARD = f"---\n{HEADER}\n---\n# Harbor\n\n## Limitations\n\nIt knows few ports.\n"
DATASET = (
    '{"@type": "sc:Dataset", "name": "Harbor logs", "license": "CC0", "rai:dataLimitations": "Large ports."}'
)
WRONG = f"{'a' * 64}  config.json\nnot a digest  model-00001.safetensors"


@pytest.fixture
def house(place: Place) -> House:
    return a_lab("researcher")


@pytest.fixture
def project(house: House) -> Project:
    return found_project(actor=house.ravi, name="Harbor", now=timezone.now())


def test_a_researcher_registers_a_version_writes_the_dossier_and_submits_it(
    house: House, project: Project, visit: Visit
) -> None:
    ravi = visit(house.ravi)
    ravi.signs_in(PASSWORD)
    registers(ravi, project)
    ravi.follows("Request a release")
    ravi.writes(purpose="Open weights for registered research users.", language="en")
    ravi.presses("Begin the dossier")
    imports(ravi, project)
    autosaves(ravi)
    saves_while_an_answer_is_on_its_way(ravi)
    fills_in(ravi, GIVEN, topics=4)
    request = ReviewRequest.objects.get(version__model__project=project)
    is_filled_in_elsewhere(request, house)
    ravi.goes(f"/requests/{request.reference}/dossier/?topic=trust")
    ravi.presses("Save this topic")
    assert "1 required answer is missing: 15.3" in ravi.text()
    assert ravi.button("Submit revision 1").get_attribute("aria-disabled") == "true"
    attaches_the_manifest(ravi)
    submits_with_a_gap(ravi)
    assert not Revision.objects.filter(request=request).exists()
    ravi.goes(f"/requests/{request.reference}/dossier/?topic=trust")
    ravi.writes(**{"a-stop_signal": "Within an hour."})
    ravi.presses("Save this topic")
    ravi.presses("Submit revision 1")
    sees_where_it_stands(ravi, request)


def file(name: str, content: str) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content.encode()}


def imports(ravi: Visitor, project: Project) -> None:
    """Read a card, metadata and a broken file; what is found is no answer until it is taken."""
    ravi.follows("Read answers from files")
    ravi.page.locator('[name="sources"]').set_input_files(
        [file("README.md", CARD), file("logs.json", DATASET), file("broken.json", '{"name":\nNaN}')]
    )
    ravi.presses("Read the files")
    assert "The files answer" in ravi.page.locator("h1").inner_text()
    assert "README.md, line 7, Limitations" in ravi.text()
    assert "broken.json was not read: line 2, name: NaN and Infinity are no JSON." in ravi.text()
    assert "It states" not in ravi.text()
    ravi.presses("Make these proposals")
    assert not Answer.objects.filter(request__version__model__project=project, question="datasets").exists()
    ravi.page.locator("#q-datasets").get_by_role("button", name="Take as my answer").click()
    ravi.page.locator('#q-datasets [data-column="name"]').first.wait_for()
    ravi.settles()
    assert ravi.page.locator('#q-datasets [data-column="name"]').first.input_value() == "Harbor logs"
    assert ravi.page.locator("#q-data_rights .proposal").count() == 1
    ravi.looks()


def autosaves(ravi: Visitor) -> None:
    """Write an answer and a file without pressing anything; both are there when the page is loaded again."""
    answer = ravi.page.locator('[name="a-data_rights"]')
    answer.fill(RIGHTS)
    answer.blur()
    ravi.page.locator("#s-data_rights").get_by_text(re.compile(r"Saved .*, Ravi Krishnan")).wait_for()
    ravi.page.locator('[name="f-data_rights"]').set_input_files([UPLOAD])
    ravi.page.get_by_role("link", name=UPLOAD["name"]).wait_for()
    ravi.page.locator('[name="a-personal_data"][value="personal"]').check()
    ravi.page.locator("#s-personal_data").get_by_text(re.compile("Saved")).wait_for()
    ravi.looks()
    ravi.goes(ravi.page.url.removeprefix(ravi.url))
    assert ravi.page.locator('[name="a-data_rights"]').input_value() == RIGHTS
    assert ravi.page.locator('[name="a-personal_data"]:checked').get_attribute("value") == "personal"
    with ravi.page.expect_download() as coming:
        ravi.page.get_by_role("link", name=UPLOAD["name"]).click()
    assert coming.value.path().read_bytes() == UPLOAD["buffer"]


def saves_while_an_answer_is_on_its_way(ravi: Visitor) -> None:
    """What the page itself sent a moment before, and did not hear of yet, is nobody else's version."""
    arrived: list[int] = []
    ravi.page.route("**/answers/data_rights/", lambda route: arrived.append(route.fetch().status))
    answer = ravi.page.locator('[name="a-data_rights"]')
    answer.fill("Licensed from")
    answer.blur()
    ravi.waits(lambda: arrived == [200])
    answer.fill(RIGHTS)
    ravi.presses("Save this topic")
    assert answer.input_value() == RIGHTS
    ravi.page.unroute("**/answers/data_rights/")


def is_filled_in_elsewhere(request: ReviewRequest, house: House) -> None:
    """Answer what is left by the services, but for the signal to stop."""
    now = timezone.now()
    fill(request, house.ravi, now=now)
    written = request.answers.get(question="stop_signal").version
    save_answer(
        actor=house.ravi, request_id=request.pk, question="stop_signal", raw=[""], version=written, now=now
    )


def attaches_the_manifest(ravi: Visitor) -> None:
    """Paste one with a wrong line, which is named; nothing is kept of it."""
    ravi.follows("Attach the manifest")
    ravi.writes(text=WRONG)
    ravi.presses("Attach the manifest")
    fault = ravi.page.locator(".say.bad").inner_text()
    assert "2" in fault
    assert "not a digest" in ravi.page.locator('[name="text"]').input_value()
    ravi.writes(text=GOOD)
    ravi.presses("Attach the manifest")
    assert "The manifest is attached." in ravi.text()


def submits_with_a_gap(ravi: Visitor) -> None:
    """Empty an answer in a second window after the first one offered to submit; the gap is named."""
    ravi.goes(ravi.page.url.removeprefix(ravi.url).split("?")[0] + "?topic=trust")
    ravi.writes(**{"a-stop_signal": "Within an hour."})
    ravi.presses("Save this topic")
    offering = ravi.page
    ravi.opens_window()
    ravi.goes(offering.url.removeprefix(ravi.url))
    ravi.writes(**{"a-stop_signal": ""})
    ravi.presses("Save this topic")
    ravi.page = offering
    ravi.presses("Submit revision 1", status=422)
    assert "The dossier isn't complete, so nothing was submitted. Answers are missing: 15.3." in ravi.text()


def sees_where_it_stands(ravi: Visitor, request: ReviewRequest) -> None:
    """Read the page of the request, its history, and one's lists."""
    assert "Revision 1 is submitted and frozen." in ravi.text()
    revision = Revision.objects.get(request=request)
    request.refresh_from_db()
    assert request.state == "submitted"
    assert "Submitted" in ravi.page.locator(".head").inner_text()
    assert "Harbor logs" in ravi.page.locator("main").inner_text()
    assert "釜山" in ravi.page.locator("main").inner_text()
    assert revision.sha256[:8] in ravi.page.content().replace(" ", "")
    ravi.follows("History")
    assert "Ravi Krishnan" in ravi.page.locator("main").inner_text()
    ravi.goes("/requests/?mine=on")
    assert ravi.page.get_by_role("link", name=re.compile("Harbor-7B 2.1")).count() == 1
    ravi.goes("/")
    assert "Waits for Secretary: completeness" in ravi.page.locator("main").inner_text()


def registers(ravi: Visitor, project: Project) -> None:
    """Register a model and its first version, with what the card states of it."""
    ravi.follows("Models")
    ravi.follows(project.name)
    ravi.follows("Register a model")
    ravi.writes(name="Harbor-7B", description="Answers questions about **harbours**.")
    ravi.presses("Register the model")
    if "/versions/new/" not in ravi.page.url:
        ravi.follows("Register a version")
    ravi.page.locator('[name="card"]').set_input_files([file("README.md", CARD)])
    ravi.presses("Read the files")
    assert "Stated in README.md, line 2, license. Check it." in ravi.text()
    assert ravi.page.locator('[name="licence"]').input_value() == "apache-2.0"
    ravi.writes(
        number="2.1", relation="none", parameters="7e9", training_compute_flop="4.2e22", channel="open_weights",
        markets=["eu"],
    )  # fmt: skip
    ravi.presses("Register the version")
