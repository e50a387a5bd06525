"""From the owner to the reviewer and back: submit, return with a reason, accept for good."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.canonical import canonical
from audit.refusal import IllegalTransition, Refused
from compliance.models import Assessment
from compliance.permissions import (
    assessment_to_assign,
    assessment_to_fill_in,
    assessment_to_read,
    assessment_to_review,
)
from compliance.rules.completeness import AnswerState, gaps
from compliance.rules.findings import Closing, deciding_day
from compliance.rules.lifecycle import AssessmentEvent, after_event
from compliance.selectors.filled import FilledControl, facts_of, filled_controls, states_counted
from compliance.selectors.findings import excused
from compliance.selectors.frozen_content import frozen_content
from compliance.selectors.words import NO_REVIEWER, gaps_in_words
from compliance.services.recording import issue_later
from records.canonical import digest


@transaction.atomic
def submit_assessment(*, actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Give a complete checklist to its reviewer; raises Refused with everything that lacks."""
    assessment = assessment_to_fill_in(actor, assessment_id, now)
    controls = filled_controls(assessment)
    if lacking := gaps(facts_of(controls)):
        raise Refused(" ".join(gaps_in_words(lacking)))
    if assessment.reviewer_id is None:
        raise Refused(str(NO_REVIEWER))
    _move(assessment, AssessmentEvent.SUBMIT)
    assessment.submitted_at = now
    assessment.save(update_fields=["state", "submitted_at"])
    trail.record(
        "assessment.submitted",
        obj=assessment,
        actor=actor,
        now=now,
        data={"answers": states_counted(controls)},
    )
    return assessment


@transaction.atomic
def return_assessment(*, actor: User, assessment_id: int, reason: str, now: datetime) -> Assessment:
    """Give a checklist back to its owner with what is to be done."""
    assessment = assessment_to_review(actor, assessment_id, now)
    if not reason.strip():
        raise Refused(_("Say what the owner has to do before you return it."))
    _move(assessment, AssessmentEvent.RETURN)
    assessment.returned_at, assessment.return_reason = now, reason.strip()
    assessment.save(update_fields=["state", "returned_at", "return_reason"])
    trail.record("assessment.returned", obj=assessment, actor=actor, now=now, reason=reason.strip())
    return assessment


@transaction.atomic
def accept_assessment(*, actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Accept a checklist and freeze it: its content becomes bytes with a digest, and nothing of it changes any more."""
    assessment = assessment_to_review(actor, assessment_id, now)
    controls = filled_controls(assessment)
    _check_explained(assessment, controls, now)
    _move(assessment, AssessmentEvent.ACCEPT)
    assessment.accepted_at, assessment.accepted_by = now, actor
    assessment.content = canonical(frozen_content(assessment, controls))
    assessment.sha256 = digest(assessment.content)
    assessment.save(update_fields=["state", "accepted_at", "accepted_by", "content", "sha256"])
    trail.record(
        "assessment.accepted", obj=assessment, actor=actor, now=now,
        data={"sha256": assessment.sha256, "answers": states_counted(controls)},
    )  # fmt: skip
    issue_later(assessment, now)
    return assessment


@transaction.atomic
def assign_assessment(
    *, actor: User, assessment_id: int, owner: User | None, reviewer: User | None, now: datetime
) -> Assessment:
    """Name who fills a checklist in and who reviews it; two different people who can sign in."""
    assessment = assessment_to_assign(actor, assessment_id, now)
    if owner is not None and owner == reviewer:
        raise Refused(_("Owner and reviewer are different people. Choose somebody else for one of them."))
    if not assessment.is_editable and (owner is None or reviewer is None):
        raise Refused(_("It is in review: it needs an owner and a reviewer."))
    for person in (owner, reviewer):
        if person is not None and not person.is_active:
            raise Refused(_("{person} can't sign in any more. Choose somebody else.").format(person=person))
    before = (assessment.owner, assessment.reviewer)
    if before == (owner, reviewer):
        return assessment
    assessment.owner, assessment.reviewer = owner, reviewer
    assessment.save(update_fields=["owner", "reviewer"])
    named = {"owner": (before[0], owner), "reviewer": (before[1], reviewer)}
    trail.record(
        "assessment.assigned", obj=assessment, actor=actor, now=now,
        data={key: {"old": _key(old), "new": _key(new)} for key, (old, new) in named.items() if old != new},
    )  # fmt: skip
    return assessment


@transaction.atomic
def download_content(*, actor: User, assessment_id: int, now: datetime) -> Assessment:
    """Return an accepted assessment for its frozen content; each download is an event. Raises Http404 or Refused."""
    assessment = assessment_to_read(actor, assessment_id, now)
    if not assessment.content:
        raise Refused(_("This checklist isn't frozen yet: there is nothing to download."))
    trail.record(
        "assessment.downloaded", obj=assessment, actor=actor, now=now, data={"sha256": assessment.sha256}
    )
    return assessment


def _key(person: User | None) -> str | None:
    return str(person.pseudonym) if person else None


def _move(assessment: Assessment, event: AssessmentEvent) -> None:
    state = after_event(assessment.state, event)
    if state is None:  # the fetch has asked already; this says it once more, in one place for all
        raise IllegalTransition(_("This isn't possible in the state of the checklist."))
    assessment.state = state


def _check_explained(assessment: Assessment, controls: list[FilledControl], now: datetime) -> None:
    """Refuse to accept that something isn't met while nobody does anything about it and nothing excuses it."""
    open_ones = [each.control for each in controls if each.state == AnswerState.NOT_MET]
    if not open_ones:
        return
    found = set(assessment.findings.exclude(closing=Closing.WITHDRAWN).values_list("control_id", flat=True))
    excuses = excused(assessment, deciding_day(now))
    numbers = [each.number for each in open_ones if each.pk not in found and each.number not in excuses]
    if numbers:
        raise Refused(
            _(
                "Not met, and nobody does anything about it: {numbers}. Raise a finding, or have an exception approved."
            ).format(numbers=", ".join(numbers))
        )
