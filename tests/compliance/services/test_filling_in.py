"""Answers and evidence of a checklist."""

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.http import Http404

from accounts.models import User
from audit import files
from audit.refusal import IllegalTransition, Refused
from compliance.models import Answer, Assessment, Evidence
from compliance.services.answers import answer_control
from compliance.services.evidence import add_evidence, download_evidence, withdraw_evidence
from tests.compliance.conftest import NOW, attach, verbs_of


def answer(
    actor: User, assessment: Assessment, number: str = "R01", state: str = "met", comment: str = ""
) -> Answer:
    return answer_control(
        actor=actor, assessment_id=assessment.pk, number=number, state=state, comment=comment, now=NOW
    )


@pytest.mark.both_engines
def test_an_answer_is_saved_with_one_event_and_the_same_again_leaves_none(
    readiness: Assessment, owner: User
) -> None:
    answer(owner, readiness, comment="hashed twice")
    answer(owner, readiness, comment="hashed twice")
    assert verbs_of(readiness) == ["assessment.opened", "assessment.answered"]
    answer(owner, readiness, state="partly", comment="hashed once")
    assert Answer.objects.get().state == "partly"
    assert verbs_of(readiness)[2:] == ["assessment.answered"]


def test_an_answer_can_be_taken_back(readiness: Assessment, owner: User) -> None:
    answer(owner, readiness)
    answer(owner, readiness, state="")
    assert Answer.objects.get().state == ""


def test_only_the_owner_answers(
    readiness: Assessment, reviewer: User, secretary: User, outsider: User
) -> None:
    for person in (reviewer, secretary):
        with pytest.raises(PermissionDenied, match="Only its owner"):
            answer(person, readiness)
    with pytest.raises(Http404):
        answer(outsider, readiness)
    assert not Answer.objects.exists()


@pytest.mark.parametrize("number", ["D01", "R99", ""])
def test_a_control_of_something_else_is_not_there(readiness: Assessment, owner: User, number: str) -> None:
    with pytest.raises(Http404):
        answer(owner, readiness, number)


def test_an_unknown_state_is_refused(readiness: Assessment, owner: User) -> None:
    with pytest.raises(Refused, match="four answers"):
        answer(owner, readiness, state="fine")
    assert not Answer.objects.exists()


def test_a_control_outside_the_chosen_ones_is_not_answered(opened: Assessment, owner: User) -> None:
    answer(owner, opened, "D09")
    with pytest.raises(Http404):
        answer(owner, opened, "D10")


@pytest.mark.both_engines
def test_the_same_name_twice_is_two_files(readiness: Assessment, owner: User, tmp_path: Path) -> None:
    first = attach(owner, readiness, "R01", b"one", "report.pdf")
    second = attach(owner, readiness, "R01", b"two", "report.pdf")
    assert first.name == second.name
    assert first.sha256 == hashlib.sha256(b"one").hexdigest()
    with files.open_file(first.sha256) as one, files.open_file(second.sha256) as two:
        assert (one.read(), two.read()) == (b"one", b"two")
    assert verbs_of(readiness)[1:] == ["evidence.added", "evidence.added"]


def test_the_same_bytes_twice_are_two_rows_and_one_file(readiness: Assessment, owner: User) -> None:
    first = attach(owner, readiness, "R01", b"one", "a.txt")
    second = attach(owner, readiness, "R02", b"one", "b.txt")
    assert first.sha256 == second.sha256
    assert Evidence.objects.count() == 2


def test_the_day_it_is_about_is_apart_from_the_day_of_the_upload(readiness: Assessment, owner: User) -> None:
    evidence = add_evidence(
        actor=owner, assessment_id=readiness.pk, number="R01", upload=ContentFile(b"x", "x.txt"),
        effective_on=date(2025, 12, 31), now=NOW,
    )  # fmt: skip
    assert (evidence.effective_on, evidence.added_at) == (date(2025, 12, 31), NOW)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ravi\\proof.pdf", "proof.pdf"),
        ("line\nbreak\x00.txt", "linebreak.txt"),
        ("证据.pdf", "证据.pdf"),
        ("a" * 300 + ".pdf", "a" * 251 + ".pdf"),
        ("", "file"),
    ],
)
def test_a_file_keeps_its_name_but_no_folders(
    readiness: Assessment, owner: User, given: str, kept: str
) -> None:
    upload = ContentFile(b"x")
    upload.name = given
    evidence = add_evidence(actor=owner, assessment_id=readiness.pk, number="R01", upload=upload, now=NOW)
    assert evidence.name == kept


def test_an_empty_file_is_refused_and_nothing_is_kept(readiness: Assessment, owner: User) -> None:
    with pytest.raises(Refused, match="empty"):
        attach(owner, readiness, "R01", b"")
    assert not Evidence.objects.exists()


def test_a_withdrawn_file_stays_with_its_reason_and_no_longer_counts(
    readiness: Assessment, owner: User
) -> None:
    evidence = attach(owner, readiness, "R01")
    with pytest.raises(Refused, match="why"):
        withdraw_evidence(actor=owner, evidence_id=evidence.pk, reason=" ", now=NOW)
    withdraw_evidence(actor=owner, evidence_id=evidence.pk, reason="Wrong model.", now=NOW)
    evidence.refresh_from_db()
    assert (evidence.withdrawn_by, evidence.withdrawal_reason) == (owner, "Wrong model.")
    assert files.check(evidence.sha256).size == 5
    with pytest.raises(Refused, match="already"):
        withdraw_evidence(actor=owner, evidence_id=evidence.pk, reason="Again.", now=NOW)


def test_others_do_not_withdraw_evidence(
    readiness: Assessment, owner: User, reviewer: User, outsider: User
) -> None:
    evidence = attach(owner, readiness, "R01")
    with pytest.raises(PermissionDenied):
        withdraw_evidence(actor=reviewer, evidence_id=evidence.pk, reason="No.", now=NOW)
    with pytest.raises(Http404):
        withdraw_evidence(actor=outsider, evidence_id=evidence.pk, reason="No.", now=NOW)
    evidence.refresh_from_db()
    assert evidence.withdrawn_at is None


def test_every_download_is_an_event(
    readiness: Assessment, owner: User, reviewer: User, outsider: User
) -> None:
    evidence = attach(owner, readiness, "R01")
    download_evidence(actor=reviewer, evidence_id=evidence.pk, now=NOW)
    with pytest.raises(Http404):
        download_evidence(actor=outsider, evidence_id=evidence.pk, now=NOW)
    assert verbs_of(readiness)[1:] == ["evidence.added", "evidence.downloaded"]


def test_nothing_changes_while_it_is_in_review(submitted: Assessment, owner: User) -> None:
    before = Evidence.objects.count()
    with pytest.raises(IllegalTransition, match="in review"):
        answer(owner, submitted, state="not_met", comment="after all")
    with pytest.raises(IllegalTransition, match="in review"):
        attach(owner, submitted, "R01")
    assert Evidence.objects.count() == before
    assert not Answer.objects.filter(state="not_met").exists()


def test_a_late_checklist_can_still_be_filled_in(readiness: Assessment, owner: User) -> None:
    late = readiness.due + timedelta(days=30)
    answer_control(actor=owner, assessment_id=readiness.pk, number="R01", state="met", comment="", now=late)
    assert Answer.objects.exists()
