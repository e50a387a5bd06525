"""Versions of evidence, which never overwrite one another, and files that are used again."""

import json
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.http import Http404

from accounts.models import User
from audit import files
from audit.refusal import Refused
from compliance.models import Assessment, Control, Evidence
from compliance.selectors.filled import filled_controls
from compliance.selectors.reuse import reusable
from compliance.services.about import Checked
from compliance.services.evidence import add_evidence, reuse_evidence, withdraw_evidence
from compliance.services.opening import open_assessment
from compliance.services.reviewing import accept_assessment, submit_assessment
from registry.models import ModelVersion
from tests.compliance.conftest import NOW, Fill, attach, verbs_of

LATER = NOW + timedelta(days=40)


def replace(owner: User, assessment: Assessment, old: Evidence, content: bytes = b"newer") -> Evidence:
    return add_evidence(
        actor=owner, assessment_id=assessment.pk, number="R01", upload=ContentFile(content, "proof.txt"),
        replaces=old.pk, now=NOW,
    )  # fmt: skip


def counted(assessment: Assessment) -> tuple[list[Evidence], list[Evidence]]:
    filled = filled_controls(assessment)[0]
    return list(filled.evidence), list(filled.replaced)


def test_a_newer_version_counts_and_the_one_before_stays_readable(readiness: Assessment, owner: User) -> None:
    first = attach(owner, readiness, "R01", b"first")
    second = replace(owner, readiness, first)
    third = replace(owner, readiness, second, b"third")
    assert [each.version for each in (first, second, third)] == [1, 2, 3]
    assert counted(readiness) == ([third], [first, second])
    with files.open_file(first.sha256) as file:
        assert file.read() == b"first"
    assert verbs_of(readiness)[1:] == ["evidence.added", "evidence.replaced", "evidence.replaced"]
    with pytest.raises(Refused, match="newer version"):
        withdraw_evidence(actor=owner, evidence_id=first.pk, reason="Old.", now=NOW)


def test_what_cannot_be_replaced_is_refused_and_nothing_is_added(readiness: Assessment, owner: User) -> None:
    first = attach(owner, readiness, "R01", b"first")
    with pytest.raises(Refused, match="same file"):
        replace(owner, readiness, first, b"first")
    second = replace(owner, readiness, first)
    with pytest.raises(Refused, match="already"):
        replace(owner, readiness, first, b"third")
    other = attach(owner, readiness, "R02", b"other")
    with pytest.raises(Http404):
        replace(owner, readiness, other)
    assert set(Evidence.objects.values_list("pk", flat=True)) == {first.pk, second.pk, other.pk}


@pytest.mark.both_engines
def test_the_database_keeps_a_file_what_it_was(readiness: Assessment, owner: User) -> None:
    evidence = attach(owner, readiness, "R01")
    for change in (
        {"sha256": "0" * 64},
        {"name": "other"},
        {"effective_on": date(2020, 1, 1)},
        {"version": 2},
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            Evidence.objects.filter(pk=evidence.pk).update(**change)
    evidence.refresh_from_db()
    assert (evidence.name, evidence.version) == ("proof.txt", 1)


@pytest.fixture
def next_run(
    accepted: Assessment, version: ModelVersion, owner: User, reviewer: User, secretary: User
) -> Assessment:
    """The same checklist about the same version, opened once more after the first was accepted."""
    return open_assessment(
        actor=secretary, checked=Checked(library_code="release-readiness", version_id=version.pk), days=14,
        owner=owner, reviewer=reviewer, now=LATER,
    )  # fmt: skip


def test_a_file_of_the_last_run_is_used_again_with_its_own_day(
    next_run: Assessment, accepted: Assessment, owner: User, reviewer: User
) -> None:
    control = Control.objects.filter(library=accepted.library, evidence_required=True)[0]
    offers = reusable(owner, next_run, control.number, LATER)
    source = Evidence.objects.get(assessment=accepted, control=control)
    assert [offer.evidence for offer in offers] == [source]
    assert not offers[0].stale
    assert not offers[0].is_mapped

    def use(actor: User, source_id: int) -> Evidence:
        return reuse_evidence(
            actor=actor, assessment_id=next_run.pk, number=control.number, source_id=source_id, now=LATER
        )

    with pytest.raises(PermissionDenied):
        use(reviewer, source.pk)
    with pytest.raises(Http404):
        use(owner, attach(owner, next_run, control.number, b"not offered", at=LATER).pk)
    again = use(owner, source.pk)
    assert (again.sha256, again.effective_on, again.reused_from) == (
        source.sha256,
        source.effective_on,
        source,
    )
    assert again.added_at == LATER
    assert verbs_of(next_run)[-1] == "evidence.reused"
    with pytest.raises(Refused, match="already"):
        use(owner, source.pk)
    files.place_of(source.sha256).unlink()
    withdraw_evidence(actor=owner, evidence_id=again.pk, reason="Wrong.", now=LATER)
    with pytest.raises(Refused, match="not on the disk"):
        use(owner, source.pk)


def test_a_file_of_a_mapped_control_is_offered_to_who_sees_it(
    readiness: Assessment, version: ModelVersion, owner: User, reviewer: User, secretary: User, outsider: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    other = open_assessment(
        actor=secretary, checked=Checked(library_code="board-duties", version_id=version.pk), owner=owner,
        reviewer=reviewer, now=NOW,
    )  # fmt: skip
    old, unmapped = attach(owner, other, "D09", b"shown"), attach(owner, other, "D10", b"not mapped")
    assert reusable(owner, readiness, "R01", NOW) == []
    monkeypatch.setattr(
        "compliance.selectors.reuse.mapped", lambda *_asked: frozenset({("board-duties", "D09")})
    )
    (offer,) = reusable(owner, readiness, "R01", NOW)
    assert (offer.evidence, offer.is_mapped) == (old, True)
    assert unmapped.pk != offer.evidence.pk
    assert reusable(outsider, readiness, "R01", NOW) == []
    again = reuse_evidence(
        actor=owner, assessment_id=readiness.pk, number="R01", source_id=old.pk,
        effective_on=date(2026, 2, 1), expires_on=date(2026, 8, 1), now=NOW,
    )  # fmt: skip
    assert (again.sha256, again.effective_on) == (old.sha256, date(2026, 2, 1))
    withdraw_evidence(actor=owner, evidence_id=old.pk, reason="Wrong.", now=NOW)
    assert reusable(owner, readiness, "R01", NOW) == [], "what was withdrawn there is offered no more"
    again.refresh_from_db()
    assert not again.withdrawn_at


def test_an_accepted_run_says_which_files_were_replaced(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User
) -> None:
    first = attach(owner, readiness, "R01", b"first")
    replace(owner, readiness, first)
    fill(readiness)
    submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)
    frozen = accept_assessment(actor=reviewer, assessment_id=readiness.pk, now=NOW)
    control = next(
        each for each in json.loads(bytes(frozen.content or b""))["controls"] if each["number"] == "R01"
    )
    assert first.sha256 in [file["sha256"] for file in control["replaced"]]
    assert first.sha256 not in [file["sha256"] for file in control["evidence"]]
