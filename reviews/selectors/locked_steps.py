"""The steps that one would look for on a request, with the reasons why they are locked, and whom it waits for."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.roles import Role
from reviews.permissions import balloting, releasing
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import ReviewState
from reviews.selectors.steps import Asking, Locked, open_motions, running_in
from reviews.selectors.words import joined


def locked_steps(asking: Asking) -> Iterator[Locked]:
    """Return the steps that one would look for, with why they are locked."""
    yield from _votes(asking)
    yield from _ballots(asking)
    rows = asking.rows
    if rows.request.state == RequestState.IN_REVIEW and not asking.standing.is_asking:
        reasons = _why_not_approved(asking)
        if reasons:
            yield Locked(_("Approve"), tuple(reasons))
    if rows.decision is not None and asking.standing.has_role(Role.RELEASE_MANAGER):
        reason = releasing.why_not_release(asking.actor, rows.decision, asking.now)
        if reason:
            yield Locked(_("Record the release"), (reason,))


def _votes(asking: Asking) -> Iterator[Locked]:
    """Return the votes that a member of a board looks for and may not cast."""
    for found in asking.rows.ballots:
        board = found.ballot.review.board
        if found.ballot.state == "open" and asking.standing.sits_on(board.pk):
            reason = balloting.why_not_vote(asking.actor, found.ballot, asking.now)
            if reason:
                yield Locked(_("Vote for {board}").format(board=board.name), (reason,))


def _ballots(asking: Asking) -> Iterator[Locked]:
    """Return the ballots that a chair or secretary looks for and may not open, unless they may open one."""
    for review in asking.rows.reviews:
        board = review.board_id
        if not (asking.standing.is_secretary_of(board) or asking.standing.is_chair_of(board)):
            continue
        running = running_in(asking.rows, review.pk)
        reasons = [
            balloting.why_not_open_ballot(asking.actor, motion, asking.now, running=running)
            for _said, motion in open_motions(asking.rows)
            if motion.review_id == review.pk
        ]
        found = tuple(dict.fromkeys(reason for reason in reasons if reason))
        if found and None not in reasons:
            yield Locked(_("Open the ballot of {board}").format(board=review.board.name), found)


def _why_not_approved(asking: Asking) -> list[str]:
    """Return what stands between the request and its approval."""
    rows = asking.rows
    waiting = [review.board.name for review in rows.reviews if review.state != ReviewState.CLOSED]
    reasons = []
    if waiting:
        names = joined(waiting)
        reasons.append(_("Not yet: these boards have not closed: {boards}.").format(boards=names))
    if rows.linked.needs_experts:
        reasons.append(_("Not yet: the expert panel is still to be formed."))
    if count := sum(thread.must_be_fixed for thread in asking.threads):
        reasons.append(
            ngettext(
                "{count} finding that must be fixed is open.",
                "{count} findings that must be fixed are open.",
                count,
            ).format(count=count)
        )
    if asking.sees_boards:
        reasons += [
            _("A blocking position is open. Only {person} can clear it, or an override ballot.").format(
                person=thread.first.author
            )
            for thread in asking.threads
            if thread.kind == "block" and thread.is_open
        ]
    return reasons


def otherwise(asking: Asking) -> str:
    """Return whom the request waits for, when it isn't this person."""
    request = asking.rows.request
    sentences = {
        RequestState.DRAFT: _("The request is a draft of {person}."),
        RequestState.SUBMITTED: _("The secretary checks whether the dossier is complete."),
        RequestState.TRIAGE: _("The secretary gives the request to its boards."),
        RequestState.DECIDED: _("The decision waits for its signatures."),
        RequestState.APPROVED: _("The approval is in force. The release manager records the release."),
        RequestState.RELEASED: _("The model was released as approved."),
        RequestState.SUSPENDED: _("The approval is suspended; nothing may be released."),
        RequestState.REJECTED: _("The request was rejected."),
        RequestState.WITHDRAWN: _("The request was withdrawn."),
        RequestState.EXPIRED: _("The approval has expired. A renewal is a new revision."),
        RequestState.SUPERSEDED: _("A newer approval has taken the place of this one."),
    }
    sentence = sentences.get(RequestState(request.state))
    if sentence is not None:
        return sentence.format(person=request.requester.display_name)
    waiting = [review.board.name for review in asking.rows.reviews if review.state != ReviewState.CLOSED]
    return _("Nothing waits for you here. The request waits for: {boards}.").format(boards=joined(waiting))
