"""Letters, minutes and papers on paper: each kind printed once in each language; nothing else here prints."""

import io
import json
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.utils.translation import override

from audit import files
from audit.models import Event
from records import store
from records.context import Language
from records.issue import freeze, seal
from records.models import Record
from records.sealing import advance
from records.verification import Verdict, examine
from reviews.models import AgendaItem, AnswerFile, BoardReview, Letter, Meeting, Papers
from reviews.rules.letter_kinds import LetterKind
from reviews.selectors.letters.context import context_of
from reviews.selectors.letters.minutes_sample import sample_minutes
from reviews.selectors.letters.sample import sample_of
from reviews.selectors.letters.texts import shipped
from reviews.services.letters import freeze_letter
from reviews.services.papers import ask_for_papers, build, take_papers
from tests.boardrooms import House, a_house, approved, in_review
from tests.dossiers import NOW
from tests.records import conformance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_review")]


@pytest.fixture(autouse=True)
def _own_data_folder(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path  # the journeys' authority is younger than what is printed here


@pytest.fixture
def house() -> House:
    return a_house()


def issued(record: Record) -> bytes:
    """Print and seal the record, and return its bytes."""
    advance(record_id=record.pk, now=NOW)
    record.refresh_from_db()
    return store.read(record.file_sha256)


def frozen(house: House, kind: str, language: Language, context: Any) -> Record:
    record = freeze(
        kind=kind, obj=house.boards["ethics"], reference=context["reference"], language=language, context=context,
        actor=None, now=NOW,
    )  # fmt: skip
    return seal(record=record, actor=None, now=NOW)


def text_of(content: bytes, tmp_path: Path) -> str:
    path = tmp_path / "printed.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdftotext", "-raw", str(path), "-"], capture_output=True, check=True, text=True)
    return " ".join(done.stdout.split())


def test_a_letter_in_english_is_a_sealed_record_that_the_public_page_knows(
    house: House, tmp_path: Path
) -> None:
    decision = approved(house, in_review(house))
    record = freeze_letter(letter_id=Letter.objects.get().pk, now=NOW).record
    assert record is not None
    content = issued(record)
    assert conformance.faults(content) == []
    finding = examine(content, record.code)
    assert (finding.verdict, finding.record) == (Verdict.GENUINE, record)
    text = text_of(content, tmp_path)
    for phrase in (
        f"Decision letter {decision.request.reference}-L1", "Approved", "Lex Legal", "Chloe Chair",
        "Legal review: the decision may be issued as written.", decision.manifest_sha256, "You may appeal until",
    ):  # fmt: skip
        assert phrase in text
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.attachments["record.json"].get_file().read_bytes() == bytes(record.context)


def test_a_letter_in_chinese_has_every_part(house: House, tmp_path: Path) -> None:
    with override("zh-hans"):
        text = shipped(LetterKind.CONDITIONS, "zh-hans")
        context = context_of(sample_of(LetterKind.CONDITIONS), text, language="zh-hans")
    content = issued(frozen(house, "letter", "zh-hans", context))
    assert conformance.faults(content) == []
    words = text_of(content, tmp_path)
    for phrase in ("决定事项", "附条件批准", "C1", "索菲娅·林德奎斯特", "英格丽德·法尔克博士", "申诉"):
        assert phrase in words


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_minutes_say_who_came_and_left_and_how_it_was_voted(
    house: House, tmp_path: Path, language: Language
) -> None:
    with override(language):
        context = sample_minutes(shipped(LetterKind.MINUTES, language), language)
    secret = context["items"][0]["votes"][0]
    if language == "zh-hans":
        secret["positions_by_name"] = False
        for seat in secret["ballot"]["seats"]:
            seat["position"], seat["reason"], seat["voted_at"] = None, "", None
    content = issued(frozen(house, "minutes", language, context))
    assert conformance.faults(content) == []
    words = text_of(content, tmp_path)
    assert context["attendance"][0]["name"] in words
    assert context["items"][0]["request"] is not None
    assert context["items"][0]["request"]["revision_sha256"] in words
    assert context["items"][0]["minority_opinions"][0]["text"].replace(" ", "") in words.replace(" ", "")
    if language == "en":
        assert "13:30 to 14:40, in person" in words
        assert "3 × 3 = 9 ≥ 2 × 4 = 8" in words
        assert "Conditions that begin after" in words
    else:
        assert "2026-11-17 14:40" not in words, "positions that aren't by name aren't printed"


def a_meeting(house: House, review: BoardReview) -> Meeting:
    """Return a planned meeting of the board with the review and an item of the secretary's own."""
    starts = datetime.fromisoformat("2026-12-01T09:00:00+00:00")
    meeting = Meeting.objects.create(
        board=review.board, starts_at=starts, ends_at=starts + timedelta(hours=1), zone="UTC", place="Room 4",
        call_by=NOW, uid="papers@example.org", secretary=house.sena, made_at=NOW,
    )  # fmt: skip
    AgendaItem.objects.create(meeting=meeting, place=1, takes=20, added_at=NOW, kind="review", review=review)
    AgendaItem.objects.create(meeting=meeting, place=2, takes=20, added_at=NOW, kind="other", title="Dates")
    return meeting


def a_pdf(*, pages: int = 1, password: str = "", rotate: int = 0) -> bytes:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        for _page in range(pages):
            page = pdf.add_blank_page(page_size=(400, 300))
            page.obj.AA = pikepdf.Dictionary(
                O=pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
            )
            page.obj.Rotate = rotate
        lock = pikepdf.Encryption(owner=password, user=password) if password else False
        pdf.save(target, encryption=lock)
    return target.getvalue()


def attach(review: BoardReview, given: dict[str, bytes]) -> None:
    """Put the files into the frozen revision, as if they had been handed in with it."""
    revision = review.revision
    content = json.loads(bytes(revision.content))
    answer = content["answers"][0]
    for name, body in given.items():
        kept = files.keep(ContentFile(body, name=name))
        row = AnswerFile.objects.create(
            request=review.request, question=answer["question"], name=name, sha256=kept.sha256, size=kept.size,
            added_at=NOW, added_by=review.request.requester,
        )  # fmt: skip
        answer["files"].append({"id": row.pk, "name": name, "sha256": kept.sha256, "size": kept.size})
    revision.content = json.dumps(content).encode()


def test_papers_are_one_file_and_a_broken_attachment_doesnt_break_them(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    review = house.ethics_review(in_review(house))
    meeting = a_meeting(house, review)
    attach(
        review,
        {"plan.pdf": a_pdf(pages=2, rotate=90), "locked.pdf": a_pdf(password="x"), "torn.pdf": b"%PDF-1.7"},
    )
    monkeypatch.setattr("reviews.selectors.papers.revision_of", lambda _review: review.revision)
    papers = ask_for_papers(actor=house.chloe, meeting_id=meeting.pk, language="en", now=NOW)
    build(papers_id=papers.pk, now=NOW)
    taken, file = take_papers(actor=house.sena, papers_id=papers.pk, now=NOW)
    with file:
        content = file.read()
    assert [problem.split()[0] for problem in cast(list[str], taken.problems)] == ["locked.pdf", "torn.pdf"]
    text = text_of(content, tmp_path)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == taken.pages
        assert all("/AA" not in page.obj for page in pdf.pages), "nothing of a stranger's file acts"
        with pdf.open_outline() as outline:
            titles = [(item.title, [below.title for below in item.children]) for item in outline.root]
    assert titles == [("Agenda", []), ("1 Harbor-7B 2.1", ["plan.pdf"])], "an item without papers has no page"
    assert "Working copy, not a record" in text
    assert f"page {taken.pages} of {taken.pages}" in text
    assert "locked.pdf is broken or locked" in text
    assert review.revision.sha256 in text
    assert Event.objects.filter(verb="papers.taken").count() == 1
    assert Papers.objects.count() == 1
