"""Exceptions: asked for, approved by legal staff, and what they excuse until their last day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from audit.refusal import IllegalTransition, Refused
from compliance.gates import readiness as ask
from compliance.models import Assessment, ControlException, Finding
from compliance.permissions.exceptions import visible_exceptions
from compliance.services.answers import answer_control
from compliance.services.exceptions import (
    approve_exception,
    ask_for_exception,
    refuse_exception,
    revoke_exception,
)
from compliance.services.reviewing import accept_assessment, submit_assessment
from registry.models import ModelVersion
from tests.compliance.conftest import DUE, NOW, Fill, raised

LATER = NOW + timedelta(days=1)
GATE = "release-readiness:no-critical"


@pytest.mark.both_engines
def test_an_exception_that_legal_approved_opens_the_gate_until_its_last_day(
    finding: Finding, version: ModelVersion, owner: User, reviewer: User, legal: User, helper: User
) -> None:
    accept_assessment(actor=reviewer, assessment_id=finding.assessment_id, now=NOW)
    asked = ask_for_exception(
        actor=owner, assessment_id=finding.assessment_id, number="R03", reason="The supplier is late.",
        instead="A summary.", until=DUE, now=LATER,
    )  # fmt: skip
    with pytest.raises(Refused, match="waits for legal staff already"):
        ask_for_exception(
            actor=owner, assessment_id=finding.assessment_id, number="R03", reason="Again.", instead="",
            until=DUE, now=LATER,
        )  # fmt: skip
    assert not ask(version.pk, [GATE], LATER)[0].met
    with pytest.raises(PermissionDenied, match="approved by legal staff"):
        approve_exception(actor=reviewer, exception_id=asked.pk, reason="", now=LATER)
    approve_exception(actor=legal, exception_id=asked.pk, reason="For a month.", now=LATER)
    assert ask(version.pk, [GATE], LATER)[0].met
    assert ask(version.pk, [GATE], NOW.replace(month=4, day=1))[0].met
    assert not ask(version.pk, [GATE], NOW.replace(month=4, day=2))[0].met
    revoke_exception(actor=legal, exception_id=asked.pk, reason="It came.", now=LATER)
    assert not ask(version.pk, [GATE], LATER)[0].met
    with pytest.raises(IllegalTransition, match="was revoked"):
        approve_exception(actor=legal, exception_id=asked.pk, reason="", now=LATER)


def test_nobody_approves_their_own_exception_and_none_lasts_longer_than_a_year(
    submitted: Assessment, legal: User, helper: User
) -> None:
    def ask_for(until: date, reason: str = "Why.") -> ControlException:
        return ask_for_exception(
            actor=legal,
            assessment_id=submitted.pk,
            number="R03",
            reason=reason,
            instead="",
            until=until,
            now=NOW,
        )

    for until, reason, why in (
        (date(2027, 6, 1), "Why.", "within a year"),
        (date(2026, 3, 1), "Why.", "passed already"),
        (DUE, " ", "Say why"),
    ):
        with pytest.raises(Refused, match=why):
            ask_for(until, reason)
    asked = ask_for(DUE)
    with pytest.raises(PermissionDenied, match="You asked for it"):
        approve_exception(actor=legal, exception_id=asked.pk, reason="", now=NOW)
    with pytest.raises(Http404):
        refuse_exception(actor=helper, exception_id=asked.pk, reason="No.", now=NOW)
    revoke_exception(actor=legal, exception_id=asked.pk, reason="Not needed.", now=NOW)
    assert ControlException.objects.get().state == "revoked"


def test_what_is_only_asked_for_excuses_nothing_yet(
    readiness: Assessment, fill: Fill, owner: User, reviewer: User, legal: User
) -> None:
    fill(readiness)
    answer_control(
        actor=owner, assessment_id=readiness.pk, number="R03", state="not_met", comment="No sheet.", now=NOW
    )
    submit_assessment(actor=owner, assessment_id=readiness.pk, now=NOW)
    asked = ask_for_exception(
        actor=owner, assessment_id=readiness.pk, number="R03", reason="Late.", instead="", until=DUE, now=NOW
    )
    with pytest.raises(Refused, match="nobody does anything about it: R03"):
        accept_assessment(actor=reviewer, assessment_id=readiness.pk, now=LATER)
    approve_exception(actor=legal, exception_id=asked.pk, reason="", now=LATER)
    assert accept_assessment(actor=reviewer, assessment_id=readiness.pk, now=LATER).state == "accepted"


def test_an_exception_excuses_nothing_that_was_found_after_legal_staff_approved_it(
    submitted: Assessment, version: ModelVersion, owner: User, reviewer: User, legal: User, helper: User
) -> None:
    asked = ask_for_exception(
        actor=owner, assessment_id=submitted.pk, number="R03", reason="Late.", instead="", until=DUE, now=NOW
    )
    approve_exception(actor=legal, exception_id=asked.pk, reason="", now=NOW)
    raised(reviewer, submitted, helper, now=LATER)
    accept_assessment(actor=reviewer, assessment_id=submitted.pk, now=LATER)
    assert not ask(version.pk, [GATE], LATER)[0].met, "legal staff didn't know of it"
    again = ask_for_exception(
        actor=owner,
        assessment_id=submitted.pk,
        number="R03",
        reason="This too.",
        instead="",
        until=DUE,
        now=LATER,
    )
    approve_exception(actor=legal, exception_id=again.pk, reason="", now=LATER + timedelta(hours=1))
    assert ask(version.pk, [GATE], LATER + timedelta(hours=2))[0].met


def test_who_may_open_a_checklist_reads_what_excuses_something_in_it(
    submitted: Assessment, opened: Assessment, owner: User, secretary: User, outsider: User, helper: User
) -> None:
    about_all = ask_for_exception(
        actor=secretary,
        assessment_id=opened.pk,
        number="D09",
        reason="No list.",
        instead="",
        until=DUE,
        now=NOW,
    )
    about_version = ask_for_exception(
        actor=secretary,
        assessment_id=submitted.pk,
        number="R03",
        reason="Late.",
        instead="",
        until=DUE,
        now=NOW,
    )
    assert set(visible_exceptions(owner, NOW)) == {about_all, about_version}
    assert not visible_exceptions(outsider, NOW).exists()
    raised(secretary, submitted, helper)
    assert not visible_exceptions(helper, NOW).exists(), "doing something about it opens no checklist"
