"""The secretary returns, accepts and routes; who has a part in a request does none of it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from reviews.models import Board, BoardReview, Notice, Recusal, Revision, Triage
from reviews.rules.lifecycle import RequestState
from reviews.selectors.triage import proposal_for, reasons_in_words
from reviews.services.boards import make_board, seat_person
from reviews.services.drafting import add_contributor, attach_manifest
from reviews.services.submission import submit_revision
from reviews.services.triage import accept_request, return_request, route_request
from reviews.services.withdrawal import withdraw_request
from tests.dossiers import MANIFEST, NOW, a_draft, a_version, fill, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

POLICY = {
    "quorum": {"kind": "majority_of_seats"}, "ballot_days": 3,
    "threshold": {"numerator": 1, "denominator": 2, "strict": True, "of": "present_and_eligible"},
}  # fmt: skip


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


@pytest.fixture
def secretary() -> User:
    return person("Sena Secretary", Role.SECRETARY)


@pytest.fixture
def boards() -> dict[str, Board]:
    administrator = person("Adam Administrator", Role.ADMINISTRATOR)
    return {
        kind: make_board(
            actor=administrator, slug=kind, name_en=kind.title(), name_zh="委员会", kind=kind, policy=POLICY, now=NOW
        )
        for kind in ("ethics", "safety", "legal")
    }  # fmt: skip


@pytest.fixture
def revision(requester: User) -> Revision:
    return submitted(requester, a_version(requester, channel="api"), answers={"personal_data": "personal"})


def route(revision: Revision, actor: User, *boards: Board, reason: str = "", **other: object) -> Triage:
    proposal = proposal_for(revision)
    chosen: dict[str, object] = {"tier": proposal.tier, "procedure": proposal.procedure.value} | other
    return route_request(
        actor=actor, request_id=revision.request_id, boards=boards, leading=boards[0], override_reason=reason, now=NOW,
        **chosen,  # type: ignore[arg-type]
    )  # fmt: skip


def state(revision: Revision) -> str:
    revision.request.refresh_from_db()
    return revision.request.state


def test_a_returned_request_is_a_draft_with_all_gaps_in_one_notice(
    revision: Revision, secretary: User
) -> None:
    notice = return_request(
        actor=secretary,
        request_id=revision.request_id,
        text="Say more.",
        questions=["need", "unknown"],
        now=NOW,
    )
    assert (notice.text, notice.questions, notice.revision) == ("Say more.", ["need"], revision)
    assert state(revision) == RequestState.DRAFT
    with pytest.raises(IllegalTransition):
        return_request(actor=secretary, request_id=revision.request_id, text="And more.", now=NOW)
    assert Notice.objects.count() == 1
    assert Event.objects.filter(verb="request.sent_back").count() == 1


def test_a_notice_says_something(revision: Revision, secretary: User) -> None:
    with pytest.raises(Refused):
        return_request(actor=secretary, request_id=revision.request_id, text=" ", now=NOW)
    assert state(revision) == RequestState.SUBMITTED


def test_the_proposed_route_needs_no_reason(
    revision: Revision, secretary: User, boards: dict[str, Board]
) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    triage = route(revision, secretary, boards["ethics"], boards["legal"])
    assert state(revision) == RequestState.IN_REVIEW
    assert (revision.request.tier, revision.request.procedure) == (2, "full")
    assert set(triage.boards.all()) == {boards["ethics"], boards["legal"]}
    assert reasons_in_words(triage.proposed) == [
        "The training data contains data about people.", "People outside the organisation use it.",
    ]  # fmt: skip
    leading = BoardReview.objects.get(request=revision.request, leading=True)
    assert (leading.board, leading.requested_at) == (boards["ethics"], revision.request.created_at)
    assert Event.objects.filter(verb="request.routed").count() == 1


@pytest.mark.parametrize(
    ("kinds", "other"),
    [(["ethics"], {}), (["ethics", "legal"], {"tier": 1}), (["ethics", "legal"], {"procedure": "expedited"})],
)
def test_another_route_needs_a_reason_that_is_kept(
    revision: Revision, secretary: User, boards: dict[str, Board], kinds: list[str], other: dict[str, Any]
) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    chosen = [boards[kind] for kind in kinds]
    with pytest.raises(Refused):
        route(revision, secretary, *chosen, **other)
    assert state(revision) == RequestState.TRIAGE
    assert not Triage.objects.exists()
    triage = route(revision, secretary, *chosen, reason="As agreed with legal.", **other)
    assert triage.override_reason == "As agreed with legal."
    assert triage.proposed["boards"] == ["ethics", "legal"]


def test_a_route_has_boards_and_one_of_them_leads(
    revision: Revision, secretary: User, boards: dict[str, Board]
) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    common = {"tier": 2, "procedure": "full", "override_reason": "x", "now": NOW}
    for chosen in ([], [boards["safety"]]):
        with pytest.raises(Refused):
            route_request(
                actor=secretary,
                request_id=revision.request_id,
                boards=chosen,
                leading=boards["ethics"],
                **common,  # type: ignore[arg-type]
            )
    with pytest.raises(Refused):
        route(revision, secretary, boards["ethics"], reason="x", tier=5)
    assert not BoardReview.objects.exists()


def test_nothing_is_routed_before_it_was_accepted(
    revision: Revision, secretary: User, boards: dict[str, Board]
) -> None:
    with pytest.raises(IllegalTransition):
        route(revision, secretary, boards["ethics"], boards["legal"])
    assert state(revision) == RequestState.SUBMITTED


@pytest.mark.parametrize(
    "part", ["requester", "contributor", "manager of the requester", "manager of a contributor"]
)
def test_who_has_a_part_does_no_triage_although_a_secretary(part: str, boards: dict[str, Board]) -> None:
    secretary = person("Sena Secretary", Role.SECRETARY, Role.RESEARCHER)
    requester, contributor = person("Ravi Requester", Role.RESEARCHER), person("Cora Contributor")
    if part == "requester":
        requester = secretary
    elif part == "contributor":
        contributor = secretary
    else:
        managed = requester if part == "manager of the requester" else contributor
        managed.line_manager = secretary
        managed.save()
    request = a_draft(requester)
    add_contributor(actor=requester, request_id=request.pk, person=contributor, now=NOW)
    fill(request, requester)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=NOW)
    revision = submit_revision(actor=requester, request_id=request.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        accept_request(actor=secretary, request_id=request.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        return_request(actor=secretary, request_id=request.pk, text="No.", now=NOW)
    other = person("Sun Secretary", Role.SECRETARY)
    accept_request(actor=other, request_id=request.pk, now=NOW)
    with pytest.raises(PermissionDenied):
        route(revision, secretary, boards["ethics"])
    assert state(revision) == RequestState.TRIAGE


@pytest.mark.parametrize("role", [Role.LEGAL, Role.SAFETY_LEAD])
def test_other_staff_do_no_triage(revision: Revision, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        accept_request(actor=person("Stan Staff", role), request_id=revision.request_id, now=NOW)
    assert state(revision) == RequestState.SUBMITTED


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.AUDITOR, Role.ADMINISTRATOR, Role.RELEASE_MANAGER])
def test_who_does_not_see_the_request_finds_nothing(revision: Revision, role: Role) -> None:
    with pytest.raises(Http404):
        accept_request(actor=person("Oto Outsider", role), request_id=revision.request_id, now=NOW)
    assert state(revision) == RequestState.SUBMITTED


def test_routing_screens_the_boards_for_conflicts(
    requester: User, secretary: User, boards: dict[str, Board]
) -> None:
    administrator = User.objects.get(display_name="Adam Administrator")
    manager = person("Mia Manager")
    requester.line_manager = manager
    requester.save()
    seat_person(
        actor=administrator,
        board_id=boards["ethics"].pk,
        person_id=manager.pk,
        role="member",
        attributes=[],
        now=NOW,
    )
    revision = submitted(requester)
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    route(revision, secretary, boards["ethics"])
    recusal = Recusal.objects.get()
    assert (recusal.person, recusal.kind) == (manager, "line_manager")


def test_a_withdrawn_request_stays_withdrawn_and_its_boards_stop(
    revision: Revision, requester: User, secretary: User, boards: dict[str, Board]
) -> None:
    accept_request(actor=secretary, request_id=revision.request_id, now=NOW)
    route(revision, secretary, boards["ethics"], boards["legal"])
    with pytest.raises(PermissionDenied):
        withdraw_request(actor=secretary, request_id=revision.request_id, now=NOW)
    withdraw_request(actor=requester, request_id=revision.request_id, reason="The plan changed.", now=NOW)
    assert state(revision) == RequestState.WITHDRAWN
    assert set(BoardReview.objects.values_list("state", flat=True)) == {"closed"}
    with pytest.raises(IllegalTransition):
        withdraw_request(actor=requester, request_id=revision.request_id, now=NOW)
    assert Event.objects.filter(verb="request.withdrawn").count() == 1


def test_after_a_withdrawal_the_version_can_be_asked_for_anew(requester: User) -> None:
    first = a_draft(requester)
    withdraw_request(actor=requester, request_id=first.pk, now=NOW)
    assert a_draft(requester, first.version).reference == "IMP-2026-0002"
