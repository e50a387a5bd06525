"""A board decides, in Chinese: from a folder on the researcher's machine to the sealed record, to a stranger who checks
it, and to the gate of a pipeline that has no network.
"""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import FilePayload

from accounts.roles import Role
from records.models import Record
from reviews.models import Ballot, Decision, ReviewRequest
from tests.boardrooms import House, verbs_about
from tests.journeys import record_checks
from tests.journeys.cast import PASSWORD, a_board, somebody
from tests.journeys.conftest import Visit
from tests.journeys.place import Place
from tests.journeys.release_checks import Pipeline, a_folder
from tests.journeys.visitor import Visitor

pytestmark = pytest.mark.journey

PEOPLE = (
    ("ada", "Ada Mensah", Role.ADMINISTRATOR), ("meng", "孟瑶", Role.SECRETARY), ("wang", "王淑兰"),
    ("li", "李建国"), ("mara", "Mara Lindqvist"), ("chen", "陈晓雨"), ("zhao", "赵磊"),
    ("lex", "Lex Adler", Role.LEGAL), ("sid", "Sid Okonkwo", Role.SAFETY_LEAD), ("zhou", "周敏", Role.RESEARCHER),
)  # fmt: skip
SEATS = [
    ("wang", "chair", []), ("li", "member", ["expert"]), ("mara", "member", []), ("chen", "member", ["lay"]),
    ("zhao", "member", ["external"]),
]  # fmt: skip
CONDITION = "发布后三十天内提交一份未成年人使用情况的评估报告。"


@pytest.fixture
def house(place: Place) -> House:
    house = House()
    for name, shown, *roles in PEOPLE:
        house.people[name] = somebody(
            "decision", name, shown, *roles, language="zh-hans", time_zone="Asia/Shanghai"
        )
    a_board(house, "ethics-d", ("Ethics board", "科技伦理委员会"), SEATS)
    return house


@pytest.fixture
def pipeline(house: House, place: Place, tmp_path: Path) -> Pipeline:
    """A model on the researcher's machine, with a dossier in Chinese beside it."""
    facts = {
        "model": "灯塔-7B",
        "number": "2.1",
        "channel": "open_weights",
        "purpose": "向注册的研究人员开放权重",
    }
    answers = {"need": "港口值班人员需要在夜间获得可靠的回答。", "harmed": "可能受影响的是船员和他们的家属。"}
    return a_folder(place.url, house.zhou, tmp_path, facts, answers)


@pytest.mark.both_engines
def test_a_board_approves_a_folder_a_stranger_verifies_the_record_and_a_pipeline_may_ship_just_that(
    house: House, pipeline: Pipeline, visit: Visit, tmp_path: Path
) -> None:
    reference = pipeline.run("submit", "模型", "--new")["reference"]
    request_ = ReviewRequest.objects.get(reference=reference)
    people: dict[str, Visitor] = {}
    for name in ("meng", "zhao", "li", "zhou", "mara", "chen", "wang", "lex"):
        people[name] = visit(house.people[name])
        people[name].is_signed_in()
    routes(people["meng"], reference, house)
    recuses(people["zhao"], reference)
    discusses(people["li"], people["zhou"], reference)
    moves(people["li"], people["mara"], reference, house)
    ballot = opens_the_ballot(people["meng"], reference)
    assert (
        not people["zhao"].page.get_by_text("灯塔").count()
        or not ballot.seats.get(person=house.zhao).is_eligible
    )
    for name, position in (("li", "for"), ("mara", "against"), ("chen", "for"), ("wang", "for")):
        votes(people[name], ballot, position)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result) == ("closed", "passed")
    decision = Decision.objects.get(request=request_)
    signs(people["lex"], reference)
    signs_on_the_phone(visit(house.wang, width=390, dark=True), reference)
    record = is_sealed(people["zhou"], decision)
    file = downloads(people["zhou"], record, tmp_path)
    judges(file, record, visit(None, language="zh-hans"))
    is_verified(file, record, visit(None, language="zh-hans"))
    assert "record.downloaded" in verbs_about(request_)
    ships(people["zhou"], pipeline, decision)
    is_suspended(visit(house.sid), pipeline, reference)


def routes(meng: Visitor, reference: str, house: House) -> None:
    """From the list of work to the boards."""
    meng.follows(to=f"/{reference}/")
    meng.presses("Accept as complete")
    board = house.boards["ethics"]
    meng.writes(
        tier=2, procedure="full", boards=[board.pk], leading=board.pk, override_reason="只有一个委员会负责。"
    )
    meng.presses("Give it to the boards")
    assert ReviewRequest.objects.get(reference=reference).state == "in_review"


def recuses(zhao: Visitor, reference: str) -> None:
    """Recuse oneself for good."""
    zhao.goes(f"/requests/{reference}/")
    zhao.goes(f"/requests/{reference}/interests/")
    zhao.writes(kind="professional", text="我参与了该模型的数据标注。")
    zhao.presses("Recuse myself for good")
    zhao.goes(f"/requests/{reference}/interests/")
    assert "赵磊" in zhao.text()


def discusses(li: Visitor, zhou: Visitor, reference: str) -> None:
    """A comment for the board, a question to the requester, the answer."""
    li.goes(f"/requests/{reference}/")
    opens_discussion(li, "harmed")
    li.writes(kind="board", text="这里应当写明未成年人。", quote="家属")
    li.presses("Write it", context="a comment")
    opens_discussion(li, "need")
    li.writes(kind="question", text="夜间值班由谁复核？")
    li.presses("Write it", context="a comment")
    assert "夜间值班由谁复核？" in li.text()
    zhou.goes("/")
    zhou.follows(to=f"/{reference}/")
    assert "这里应当写明未成年人。" not in zhou.text()
    zhou.writes(text="由港口主任复核，每班一次。")
    zhou.presses("Answer the question")
    assert "由港口主任复核" in zhou.page.locator("main").inner_html()


def opens_discussion(li: Visitor, key: str) -> None:
    """Open the form beside an answer, where it is loaded into the page."""
    li.page.locator(f'a[href$="?about={key}"]').click()
    li.page.locator(f'form:has(input[name="about"][value="{key}"])').wait_for()
    li.looks()


def moves(li: Visitor, mara: Visitor, reference: str, house: House) -> None:
    """A motion with a condition, and its seconder."""
    li.goes(f"/requests/{reference}/boards/{house.boards['ethics'].slug}/")
    li.follows("Move a motion")
    due = (timezone.now() + timedelta(days=30)).date().isoformat()
    li.writes(kind="approve_with_conditions", text="同意在下列条件下**开放权重**。", **{
        "conditions-0-text": CONDITION, "conditions-0-owner": house.zhou.pk, "conditions-0-verifier": house.sid.pk,
        "conditions-0-due": due,
    })  # fmt: skip
    li.presses("Move the motion")
    mara.goes(f"/requests/{reference}/")
    mara.presses("Second the motion")


def opens_the_ballot(meng: Visitor, reference: str) -> Ballot:
    """Open the ballot on the motion for everybody who is not recused."""
    meng.goes(f"/requests/{reference}/")
    meng.follows("Open the ballot")
    assert "赵磊" in meng.text()
    meng.presses("Open the ballot")
    return Ballot.objects.get(request__reference=reference)


def votes(who: Visitor, ballot: Ballot, position: str) -> None:
    """Read the ballot and vote."""
    who.goes("/")
    who.follows(to=f"/ballots/{ballot.number}/")
    who.writes(position=position, reason=f"{who.name}：理由已在讨论中说明。")
    who.presses("Cast my vote on revision %(number)s", number=ballot.revision.number)


def signs(lex: Visitor, reference: str) -> None:
    """Sign under the digest of the frozen record."""
    lex.goes("/")
    lex.follows(to=f"/{reference}/sign/")
    lex.writes(read=True, password=PASSWORD, code=lex.code())
    lex.presses("Sign the approval")


def signs_on_the_phone(wang: Visitor, reference: str) -> None:
    """The code with which one signed in is refused; the next one is taken."""
    wang.signs_in(PASSWORD)
    wang.follows(to=f"/{reference}/sign/")
    wang.writes(read=True, password=PASSWORD, code=wang.last_code)
    wang.presses("Sign the approval", status=422)
    assert (
        wang.words("This code was used already. Wait for the next one in your app, and enter that.")
        in wang.text()
    )
    wang.writes(read=True, password=PASSWORD, code=wang.code())
    wang.presses("Sign the approval")


def is_sealed(zhou: Visitor, decision: Decision) -> Record:
    """Wait on the page of the record, which shows the file by itself when the worker has sealed it."""
    record = decision.record
    assert record is not None
    zhou.goes(f"/records/{record.pk}/")
    zhou.page.locator(f'a.primary[href="/records/{record.pk}/file"]').wait_for(timeout=240_000)
    zhou.looks()
    record.refresh_from_db()
    assert record.state == "sealed"
    return record


def downloads(zhou: Visitor, record: Record, folder: Path) -> Path:
    """Download the file by the button on the page."""
    with zhou.page.expect_download() as coming:
        zhou.page.locator(f'a[href="/records/{record.pk}/file"]').click()
    file = folder / coming.value.suggested_filename
    coming.value.save_as(file)
    return file


def judges(file: Path, record: Record, stranger: Visitor) -> None:
    """What the tools of others say of the file."""
    certificates = stranger.context.request.get(stranger.url + "/verify/certificates.pem").body()
    content = file.read_bytes()
    assert record_checks.qpdf_accepts(file)
    signed = ["sig-system", "sig-legal", "sig-chair", "sig-seal"]
    assert record_checks.signatures_that_hold(content, certificates) == signed
    assert record_checks.embedded(content, "record.json") == bytes(record.context)
    text = record_checks.text_of(file)
    for word in ("王淑兰", "陈晓雨", "赵磊", "Mara Lindqvist", "灯塔-7B", "科技伦理委员会", "未成年人"):
        assert word in text, word


def is_verified(file: Path, record: Record, stranger: Visitor) -> None:
    """The public page: the file, a flipped byte, another file, the code alone."""
    content = bytearray(file.read_bytes())
    stranger.goes(f"/verify/{record.code}")
    assert stranger.words("Issued by us") in stranger.text()
    content[len(content) // 2] ^= 1
    for upload, verdict in (
        (file.read_bytes(), "Genuine"),
        (bytes(content), "Changed. Do not rely on this file"),
        (b"%PDF-1.7\nanother file\n%%EOF\n", "Unknown. We cannot say"),
    ):
        stranger.goes("/verify/")
        record_file = FilePayload(name="record.pdf", mimeType="application/pdf", buffer=upload)
        stranger.page.locator('input[name="file"]').set_input_files(record_file)
        stranger.presses("Check")
        assert stranger.page.locator("#verdict").inner_text().strip() == stranger.words(verdict)
    assert "王淑兰" not in stranger.text()


def ships(zhou: Visitor, pipeline: Pipeline, decision: Decision) -> None:
    """The gate lets through what was approved, and nothing in which one byte differs."""
    pipeline.fetches(zhou, decision.manifest_sha256)
    allowed = pipeline.asks_the_gate(status=0)
    assert (allowed["answer"], allowed["manifest_sha256"]) == ("allow", decision.manifest_sha256)
    pipeline.fetches_manifest(zhou, allowed["decision"]["id"])
    weights = pipeline.model / "model.safetensors"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    denied = pipeline.asks_the_gate(status=1)
    assert [reason["code"] for reason in denied["reasons"]] == ["folder_differs"]
    assert denied["difference"]["files"] == {"changed": ["model.safetensors"], "added": [], "removed": []}
    weights.write_bytes(content)
    assert pipeline.asks_the_gate(status=0)["answer"] == "allow"


def is_suspended(sid: Visitor, pipeline: Pipeline, reference: str) -> None:
    """Suspended on the page, it is denied by the next status list, though no byte differs."""
    sid.is_signed_in()
    sid.goes(f"/requests/{reference}/suspend/")
    sid.writes(reason="值班日志中出现未说明的回答。")
    before = pipeline.status_number
    sid.presses("Suspend at once")
    pipeline.fetches_status(sid, above=before)
    denied = pipeline.asks_the_gate(status=1)
    assert [reason["code"] for reason in denied["reasons"]] == ["suspended"]
    assert denied["difference"] is None
