"""What applies: by what is known of a version, or because a person decided otherwise, with a reason and an end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from accounts.models import User
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from compliance.models import ApplicabilityOverride
from compliance.rules.applicability import Level, Outcome
from compliance.selectors.applicability import verdict_of
from compliance.selectors.applicability_words import ruled, why
from compliance.selectors.libraries import newest_libraries
from compliance.selectors.subjects import Subject
from compliance.selectors.verdicts import Verdict
from compliance.services.applicability import decide_applicability, take_decision_back
from compliance.services.libraries import load_library
from registry.models import ModelVersion
from registry.services import VersionFacts, register_version
from tests.compliance.conftest import NOW

LARGE = """
code: large
name: {en: Large models, zh: 大模型}
source: Ours
applies:
  to: version
  when: [{fact: markets, has_any: [eu]}, {fact: compute, at_least: "1e25"}]
  reason: {en: Large and offered in the Union., zh: 规模大且面向欧盟。}
controls:
  - {number: L1, title: {en: Told, zh: 已告知}, text: {en: It is told., zh: 已告知。}, confidence: P}
"""


@pytest.fixture(autouse=True)
def _large(database: None) -> None:
    load_library(content=LARGE.encode(), now=NOW)


def facts(version: ModelVersion, markets: list[str], compute: str | None) -> None:
    version.markets, version.training_compute_flop = markets, Decimal(compute) if compute else None
    version.save()


def about(version: ModelVersion, level: Level = Level.VERSION) -> Subject:
    whole = Subject(version.model.project, version.model, version)
    return whole if level is Level.VERSION else whole.up_to(level)


def told(person: User, subject: Subject, code: str = "large", at: Any = NOW) -> Verdict:
    return verdict_of(person, newest_libraries([code])[code], subject, at)


def test_a_version_is_judged_by_what_is_known_of_it_and_each_answer_says_why(
    version: ModelVersion, owner: User
) -> None:
    facts(version, ["eu", "cn"], "3e25")
    found = told(owner, about(version))
    assert found.outcome is Outcome.YES
    assert why(found) == [
        "Large and offered in the Union.", "The markets: European Union.", "The training compute: 3e25 FLOP.",
    ]  # fmt: skip
    facts(version, ["eu"], "2e23")
    found = told(owner, about(version))
    assert (found.outcome, why(found)) == (
        Outcome.NO, ["The training compute: 2e23 FLOP. It would apply with at least 1e25 FLOP."],
    )  # fmt: skip
    facts(version, ["eu"], None)
    found = told(owner, about(version))
    assert found.outcome is Outcome.UNKNOWN
    assert "Nobody has said the training compute yet" in why(found)[0]
    assert told(owner, Subject()).outcome is Outcome.ELSEWHERE, "it is about versions"
    assert told(owner, about(version), "board-duties").outcome is Outcome.ELSEWHERE, "that about us"


def test_a_model_and_a_project_are_asked_through_what_lies_in_them(
    version: ModelVersion, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts(version, ["eu"], "3e25")
    register_version(
        actor=owner, model=version.model, facts=VersionFacts(number="2.2", channel="api", markets=["cn"]), now=NOW
    )  # fmt: skip
    model, project = about(version, Level.MODEL), about(version, Level.PROJECT)
    assert (told(owner, model).outcome, why(told(owner, model))) == (
        Outcome.YES, ["It applies to Harbor-7B 2.1."],
    )  # fmt: skip
    assert why(told(owner, project)) == ["It applies to Harbor-7B."]
    facts(version, [], None)
    assert told(owner, model).outcome is Outcome.UNKNOWN
    assert why(told(owner, model)) == ["It isn't known for Harbor-7B 2.1, and applies to no other."]
    monkeypatch.setattr("compliance.selectors.house.version_given_up", lambda _path: Q(number="2.1"))
    found = told(owner, model)
    assert (found.outcome, why(found)) == (
        Outcome.NO, ["It applies to none of its current versions."],
    ), "a version whose release was given up doesn't count"  # fmt: skip


def test_what_nobody_can_know_but_us_waits_for_a_decision_whose_reason_not_everybody_reads(
    owner: User, secretary: User, database: None
) -> None:
    ours = LARGE.replace("code: large", "code: chosen").replace("to: version", "to: organisation")
    lines = [line for line in ours.splitlines() if "when:" not in line]
    text = "\n".join(lines).replace(
        "reason: {en: Large and offered in the Union.", "depends: {en: we chose it"
    )
    load_library(content=text.encode(), now=NOW)
    found = told(owner, Subject(), "chosen")
    assert found.outcome is Outcome.UNKNOWN
    assert why(found) == ["It depends on whether we chose it. Somebody has to decide."]
    decide_applicability(
        actor=secretary, code="chosen", level=Level.ORGANISATION, subject_id=0, applies=True,
        reason="The board chose it.", now=NOW,
    )  # fmt: skip
    found = told(secretary, Subject(), "chosen")
    assert (found.outcome, why(found)) == (Outcome.YES, ["The board chose it."])
    assert ruled(found) == ["It depends on whether we chose it. Somebody has to decide."]
    assert "The board chose it." not in why(told(owner, Subject(), "chosen"))
    event = Event.objects.get(verb="applicability.decided")
    assert b"The board chose it." not in bytes(event.leaf)
    assert not event.disclosures.filter(value__contains="chose").exists()


def test_the_nearest_decision_wins_until_a_day_or_until_it_is_taken_back(
    version: ModelVersion, owner: User, secretary: User
) -> None:
    facts(version, ["eu"], "2e23")
    subject = about(version)
    given: dict[str, Any] = {"actor": secretary, "code": "large", "now": NOW}
    of_project = decide_applicability(
        level=Level.PROJECT, subject_id=version.model.project_id, applies=True, reason="All of it.", **given
    )
    found = told(owner, subject)
    assert (found.outcome, why(found), found.decision) == (Outcome.YES, ["All of it."], of_project)
    of_version = {"level": Level.VERSION, "subject_id": version.pk, **given}
    first = decide_applicability(
        applies=False, reason="Never offered.", until=date(2026, 3, 10), **of_version
    )
    assert told(owner, subject).decision == first
    assert ruled(told(owner, subject))[0].startswith("The training compute: 2e23")
    found = told(owner, about(version, Level.PROJECT))
    assert found.outcome is Outcome.YES, "the decision about the project itself holds for it"
    assert told(owner, about(version, Level.MODEL)).outcome is Outcome.NO, "its only version was decided"
    assert told(owner, subject, at=NOW + timedelta(days=9)).decision == of_project, "the last day has passed"
    second = decide_applicability(applies=True, reason="Offered again.", **of_version)
    assert told(owner, subject).decision == second, "the newest counts"
    take_decision_back(actor=secretary, decision_id=second.pk, now=NOW)
    assert told(owner, subject).decision == first
    with pytest.raises(IllegalTransition):
        take_decision_back(actor=secretary, decision_id=second.pk, now=NOW)
    verbs = Event.objects.filter(verb__startswith="applicability.").order_by("id")
    assert list(verbs.values_list("verb", flat=True)) == [
        "applicability.decided", "applicability.decided", "applicability.decided", "applicability.taken_back",
    ]  # fmt: skip


def test_who_does_not_manage_compliance_decides_nothing_and_a_reason_is_needed(
    version: ModelVersion, owner: User, outsider: User, secretary: User
) -> None:
    given: dict[str, Any] = {
        "code": "large", "level": Level.MODEL, "subject_id": version.model_id, "applies": True, "now": NOW,
    }  # fmt: skip
    with pytest.raises(PermissionDenied):
        decide_applicability(actor=owner, reason="I say so.", **given)
    with pytest.raises(Http404):
        decide_applicability(actor=outsider, reason="I say so.", **given)
    with pytest.raises(Http404):
        decide_applicability(actor=secretary, reason="So.", **{**given, "code": "nowhere"})
    with pytest.raises(Refused, match="Say why"):
        decide_applicability(actor=secretary, reason=" ", **given)
    with pytest.raises(Refused, match="passed already"):
        decide_applicability(actor=secretary, reason="So.", until=date(2026, 3, 1), **given)
    made = decide_applicability(
        actor=secretary, reason="So.", **{**given, "level": Level.ORGANISATION, "subject_id": 0}
    )
    for actor in (owner, outsider):
        with pytest.raises(Http404):
            take_decision_back(actor=actor, decision_id=made.pk, now=NOW)
    assert ApplicabilityOverride.objects.count() == 1
