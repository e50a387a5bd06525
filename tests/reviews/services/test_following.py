"""Amendments and renewals: requests of their own that begin as it was approved."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.refusal import IllegalTransition, Refused
from reviews.models import Answer, AnswerFile, Decision, ReviewRequest
from reviews.rules.lifecycle import RequestState
from reviews.rules.triage import Procedure, TriageReason
from reviews.selectors.comparison import Comparison
from reviews.selectors.dossier import dossier_of
from reviews.selectors.following import against_approved
from reviews.selectors.revisions import content_of
from reviews.selectors.shown_answer import ShownAnswer
from reviews.selectors.triage import proposal_for
from reviews.services.following import draft_amendment, draft_renewal
from reviews.services.opening import open_ballot
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, route_request
from reviews.tasks import meet_deadlines
from tests.boardrooms import (
    House,
    _value,
    a_house,
    a_motion,
    all_vote,
    approved,
    in_review,
    sign,
    verbs_about,
)
from tests.dossiers import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("standing_approval")]


@pytest.fixture
def house() -> House:
    return a_house()


def amended(house: House) -> tuple[Decision, ReviewRequest]:
    parent = approved(house, in_review(house))
    child = draft_amendment(actor=house.ravi, request_id=parent.request_id, purpose="Other contact.", now=NOW)
    return parent, child


def complete(house: House, child: ReviewRequest, change: str = "minor") -> None:
    """Answer what is asked afresh, and submit."""
    with transaction.atomic():
        while missing := dossier_of(child).problems:
            Answer.objects.bulk_create(
                Answer(request=child, question=p.question.key,
                       value=change if p.question.key == "change" else _value(p.question), updated_at=NOW,
                       updated_by=house.ravi)
                for p in missing
            )  # fmt: skip
        submit_revision(actor=house.ravi, request_id=child.pk, now=NOW)
    child.refresh_from_db()


def changed_answers(page: Comparison) -> list[ShownAnswer]:
    entries = [entry for topic in page.dossier.topics for entry in topic.entries]
    return [entry for entry in entries if isinstance(entry, ShownAnswer) and entry.changed]


def test_an_amendment_begins_with_the_approved_dossier_and_its_files(house: House) -> None:
    parent, child = amended(house)
    assert (child.amends, child.version, child.state) == (parent.request, parent.request.version, "draft")
    frozen = {answer["question"]: answer for answer in content_of(parent.revision)["answers"]}
    for answer in Answer.objects.filter(request=child):
        assert answer.value == frozen[answer.question]["value"]
    for file in AnswerFile.objects.filter(request=child):
        assert file.sha256 in [one["sha256"] for one in frozen[file.question]["files"]]
    assert Answer.objects.filter(request=child).count() > 10
    assert verbs_about(child) == ["request.drafted"]
    parent.request.refresh_from_db()
    assert parent.request.state == RequestState.APPROVED, "what is approved stays as it is"


def test_only_who_asked_for_it_amends_it_and_one_request_of_a_version_is_open_at_a_time(
    house: House,
) -> None:
    parent, _child = amended(house)
    with pytest.raises(PermissionDenied):
        draft_amendment(actor=house.milo, request_id=parent.request_id, purpose="Mine.", now=NOW)
    with pytest.raises(Refused, match="open already"):
        draft_renewal(actor=house.ravi, request_id=parent.request_id, now=NOW)
    with pytest.raises(Refused, match="what shall change"):
        draft_amendment(actor=house.ravi, request_id=parent.request_id, purpose=" ", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewRequest.objects.filter(amends=parent.request).update(renews=parent.request)


def test_a_minor_amendment_is_proposed_as_expedited_and_shown_against_what_was_approved(
    house: House,
) -> None:
    parent, child = amended(house)
    Answer.objects.filter(request=child, question="minors").update(value="possible")
    complete(house, child)
    revision = child.revisions.get()
    proposal = proposal_for(revision)
    assert (proposal.tier, proposal.procedure) == (2, Procedure.EXPEDITED)
    assert proposal.reasons[-1].code == TriageReason.MINOR_AMENDMENT
    assert proposal.reasons[-1].values == {"reference": parent.request.reference}
    page = against_approved(child, "inline")
    assert page is not None
    assert (page.before, page.after) == (parent.revision, revision)
    assert {answer.key for answer in changed_answers(page)} == {"minors", "change", "what_changed"}
    assert against_approved(parent.request, "inline") is None


def test_the_approval_of_an_amendment_supersedes_and_ends_the_older_one_where_its_motion_says_so(
    house: House,
) -> None:
    parent, child = amended(house)
    complete(house, child)
    accept_request(actor=house.sena, request_id=child.pk, now=NOW)
    board = house.boards["ethics"]
    route_request(
        actor=house.sena, request_id=child.pk, tier=2, procedure="full", boards=[board], leading=board,
        override_reason="As the board agreed.", now=NOW,
    )  # fmt: skip
    motion = a_motion(house, house.ethics_review(child), now=NOW)
    motion.ends_older = True
    motion.save(update_fields=["ends_older"])
    ballot = open_ballot(actor=house.sena, motion_id=motion.pk, now=NOW)
    all_vote(house, ballot)
    newer = Decision.objects.get(request=child)
    assert newer.ends_older
    parent.request.refresh_from_db()
    assert parent.request.state == RequestState.APPROVED, "not before it is signed"
    later = NOW + timedelta(minutes=5)
    sign(house, newer, "legal", "lex", now=later)
    sign(house, newer, "chair", "chloe", now=later)
    parent.refresh_from_db()
    assert (parent.request.state, parent.status, parent.ended_at) == ("superseded", "ended", later)
    assert parent.superseded_by == newer


def test_one_click_renews_an_approval_also_when_it_has_expired_and_the_old_one_keeps_its_date(
    house: House,
) -> None:
    parent = approved(house, in_review(house))
    with pytest.raises(PermissionDenied):
        draft_renewal(actor=house.sena, request_id=parent.request_id, now=NOW)
    renewal = draft_renewal(actor=house.ravi, request_id=parent.request_id, now=NOW)
    assert (renewal.renews, renewal.amends) == (parent.request, None)
    assert parent.request.reference in renewal.purpose
    parent.refresh_from_db()
    assert (parent.status, parent.expires_at is not None) == ("in_force", True)
    assert parent.expires_at is not None
    meet_deadlines(parent.expires_at)
    with pytest.raises(IllegalTransition):
        draft_amendment(
            actor=house.ravi, request_id=parent.request_id, purpose="More.", now=parent.expires_at
        )
