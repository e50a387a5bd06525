"""What applies: by what is known of a version, or because a person decided otherwise, with a reason and an end."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from compliance.models import ApplicabilityOverride
from compliance.rules.applicability import Outcome
from compliance.selectors.applicability import Matrix, Verdict, matrix_of
from compliance.services.applicability import decide_applicability, take_decision_back
from compliance.services.libraries import load_library
from registry.models import ModelVersion
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


def large(matrix: Matrix) -> Verdict:
    (line,) = matrix.lines
    return next(verdict for verdict in line.verdicts if verdict.library.code == "large")


def test_a_version_is_judged_by_what_is_known_of_it_and_each_answer_says_why(
    version: ModelVersion, owner: User, outsider: User
) -> None:
    facts(version, ["eu", "cn"], "3e25")
    told = large(matrix_of(owner, NOW))
    assert told.outcome is Outcome.YES
    assert told.why == [
        "Large and offered in the Union.", "The markets: European Union.", "The training compute: 3e25 FLOP.",
    ]  # fmt: skip
    facts(version, ["eu"], "2e23")
    told = large(matrix_of(owner, NOW))
    assert (told.outcome, told.why) == (
        Outcome.NO, ["The training compute: 2e23 FLOP. It would apply with at least 1e25 FLOP."],
    )  # fmt: skip
    facts(version, ["eu"], None)
    told = large(matrix_of(owner, NOW))
    assert told.outcome is Outcome.UNKNOWN
    assert "Nobody has said the training compute yet" in told.why[0]
    assert [verdict.library.code for verdict in matrix_of(owner, NOW).organisation] == ["board-duties"]
    assert matrix_of(outsider, NOW).lines == []


def test_what_nobody_can_know_but_us_waits_for_a_decision(
    owner: User, secretary: User, database: None
) -> None:
    ours = LARGE.replace("code: large", "code: chosen").replace("to: version", "to: organisation")
    lines = [line for line in ours.splitlines() if "when:" not in line]
    told = "\n".join(lines).replace(
        "reason: {en: Large and offered in the Union.", "depends: {en: we chose it"
    )
    load_library(content=told.encode(), now=NOW)
    found = {verdict.library.code: verdict for verdict in matrix_of(owner, NOW).organisation}["chosen"]
    assert found.outcome is Outcome.UNKNOWN
    assert found.why == ["It depends on whether we chose it. Somebody has to decide."]
    decide_applicability(
        actor=secretary, code="chosen", version_id=None, applies=True, reason="The board chose it.", now=NOW
    )
    found = {verdict.library.code: verdict for verdict in matrix_of(owner, NOW).organisation}["chosen"]
    assert (found.outcome, found.why) == (Outcome.YES, ["The board chose it."])


def test_a_person_decides_otherwise_until_a_day_or_until_it_is_taken_back(
    version: ModelVersion, owner: User, secretary: User
) -> None:
    facts(version, ["eu"], "2e23")
    given: dict[str, Any] = {"actor": secretary, "code": "large", "version_id": version.pk, "now": NOW}
    first = decide_applicability(
        applies=True, reason="The regulator said so.", until=date(2026, 3, 10), **given
    )
    told = large(matrix_of(owner, NOW))
    assert (told.outcome, told.why, told.override) == (Outcome.YES, ["The regulator said so."], first)
    assert large(matrix_of(owner, NOW + timedelta(days=9))).outcome is Outcome.NO, "the last day has passed"
    second = decide_applicability(applies=False, reason="It was withdrawn.", **given)
    assert large(matrix_of(owner, NOW)).override == second, "the newest counts"
    take_decision_back(actor=secretary, decision_id=second.pk, now=NOW)
    assert large(matrix_of(owner, NOW)).override == first
    with pytest.raises(IllegalTransition):
        take_decision_back(actor=secretary, decision_id=second.pk, now=NOW)
    verbs = list(
        Event.objects.filter(verb__startswith="applicability.").order_by("id").values_list("verb", flat=True)
    )
    assert verbs == ["applicability.decided", "applicability.decided", "applicability.taken_back"]


def test_who_does_not_manage_compliance_decides_nothing_and_a_reason_is_needed(
    version: ModelVersion, owner: User, outsider: User, secretary: User
) -> None:
    given: dict[str, Any] = {"code": "large", "version_id": version.pk, "applies": True, "now": NOW}
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
    made = decide_applicability(actor=secretary, reason="So.", **{**given, "version_id": None})
    for actor in (owner, outsider):
        with pytest.raises(Http404):
            take_decision_back(actor=actor, decision_id=made.pk, now=NOW)
    assert ApplicabilityOverride.objects.count() == 1
