"""The one next step of a person on a request, and the steps that are locked with the reasons why."""

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviews.permissions import balloting, drafting, reviewing, triage
from reviews.permissions.chasing import why_not_remind
from reviews.permissions.signing import role_to_sign
from reviews.rules.lifecycle import RequestState
from reviews.selectors import steps_after, steps_panels
from reviews.selectors.addresses import ballot_address, dossier_address, signing_address, triage_address
from reviews.selectors.locked_steps import locked_steps, otherwise
from reviews.selectors.procedure_steps import doubt_steps, exempt_steps
from reviews.selectors.steps import Asking, Step, Steps, open_motions, running_in
from reviews.selectors.talk import Said, SaidKind, of_kind


def steps_for(asking: Asking) -> Steps:
    """Return what the person can do, the most urgent first: what others wait for comes before what is only possible."""
    sources: tuple[Callable[[Asking], Iterator[Step]], ...] = (
        _answer, _draft, _route, exempt_steps, _vote, _sign, steps_panels.panels, steps_after.suspension,
        steps_after.continuing, _affirm, _findings, _open_ballots, _second, _judge_interests, steps_after.conditions,
        steps_after.release, _deliberate,
    )  # fmt: skip
    found = [step for source in sources for step in source(asking)]
    return Steps(
        first=found[0] if found else None,
        more=(*found[1:], *_optional(asking)),
        locked=tuple(locked_steps(asking)),
        otherwise=otherwise(asking),
    )


def _optional(asking: Asking) -> Iterator[Step]:
    """Return what nobody waits for, but this person may do."""
    request, reference = asking.rows.request, asking.reference
    if reviewing.why_not_declare(asking.actor, request, asking.now) is None:
        yield Step(
            _("Say so if you have an interest in this request."),
            _("Declare an interest or recuse yourself"),
            "ban",
            reverse("reviews:interests", args=[reference]),
        )
    yield from doubt_steps(asking)
    yield from _dates(asking)
    yield from steps_panels.appealing(asking)
    yield from steps_after.optional(asking)


def _dates(asking: Asking) -> Iterator[Step]:
    """Return the page of dates, to who may move one."""
    rows = asking.rows
    if rows.request.state != RequestState.IN_REVIEW and all(one.is_settled for one in rows.conditions):
        return
    if why_not_remind(asking.actor, rows.request, asking.now) is None:
        yield Step(
            _("A date is moved with a reason; whom it concerns is told."),
            _("Move a date"),
            "calendar-due",
            reverse("reviews:dates", args=[asking.reference]),
        )


def _answer(asking: Asking) -> Iterator[Step]:
    for thread in asking.threads:
        if "answer" in thread.acts:
            yield Step(
                _("{person} asks about the dossier; the clock stands until you answer.").format(
                    person=thread.first.author
                ),
                _("Answer the question"),
                "message-2",
                f"#{thread.address}",
                thread.due,
            )


def _draft(asking: Asking) -> Iterator[Step]:
    request = asking.rows.request
    if drafting.why_not_edit(asking.actor, request, asking.now) is not None:
        return
    url = dossier_address(request.reference)
    if request.state == RequestState.DRAFT:
        yield Step(_("Fill in the dossier and submit it."), _("Go on with the dossier"), "pencil", url)
    else:
        must_fix = sum(thread.must_be_fixed for thread in asking.threads)
        sentence = ngettext(
            "{count} finding must be fixed. A change of the dossier becomes a new revision.",
            "{count} findings must be fixed. A change of the dossier becomes a new revision.",
            must_fix,
        ).format(count=must_fix)
        yield Step(
            sentence
            if must_fix
            else _(
                "A change of the dossier becomes a new revision; positions on this one are then affirmed again."
            ),
            _("Change the dossier"),
            "pencil",
            url,
        )


def _route(asking: Asking) -> Iterator[Step]:
    request = asking.rows.request
    url = triage_address(request.reference)
    if triage.why_not_check(asking.actor, request, asking.now) is None:
        yield Step(_("Check whether the dossier is complete."), _("Check the dossier"), "checklist", url)
    if triage.why_not_route(asking.actor, request, asking.now) is None:
        yield Step(
            _("Confirm the way of this request, or depart from it."), _("Route the request"), "scale", url
        )


def _vote(asking: Asking) -> Iterator[Step]:
    for found in asking.rows.ballots:
        ballot = found.ballot
        if ballot.state != "open" or balloting.why_not_vote(asking.actor, ballot, asking.now) is not None:
            continue
        if asking.actor.pk in found.positions:
            continue
        last = len(found.count.eligible) - len(found.positions) == 1
        sentence = (
            _("Vote in the ballot of {board}; yours is the last vote out.")
            if last
            else _("Vote in the ballot of {board}.")
        )
        yield Step(
            sentence.format(board=ballot.review.board.name),
            _("Vote on revision {number}").format(number=ballot.revision.number),
            "gavel",
            ballot_address(asking.reference, ballot.number),
            ballot.deadline,
        )


def _sign(asking: Asking) -> Iterator[Step]:
    decision = asking.rows.decision
    if decision is None or decision.status != "to_sign":
        return
    if role_to_sign(asking.actor, decision, asking.now):
        yield Step(
            _("Read the frozen record and sign it, or refuse with a reason."),
            _("Sign the decision"),
            "signature",
            signing_address(asking.reference),
        )


def _affirm(asking: Asking) -> Iterator[Step]:
    for thread in asking.threads:
        if thread.kind == "block" and "affirm" in thread.acts:
            yield Step(
                _("Your blocking position is about an older revision."),
                _("Affirm or clear it"),
                "refresh",
                f"#{thread.address}",
            )
    for review in asking.rows.reviews:
        if reviewing.why_not_take_position(asking.actor, review, asking.now) is not None:
            continue
        own = [
            s for s in of_kind(asking.rows.said, SaidKind.STANCE) if _is_own(s, review.pk, asking.actor.pk)
        ]
        if own and own[-1].revision_id != review.revision_id:
            yield Step(
                _("Your position is about an older revision."),
                _("Affirm your position"),
                "refresh",
                reverse("reviews:position", args=[asking.reference, review.board.slug]),
                inline=True,
            )


def _findings(asking: Asking) -> Iterator[Step]:
    """Return own findings on an older revision, for who found to look whether they are met."""
    newest = asking.rows.revision
    for thread in asking.threads:
        older = newest is not None and thread.first.revision < newest.number
        if thread.finding and thread.is_mine and older and "settle" in thread.acts:
            yield Step(
                _("A newer revision came since your finding."),
                _("See whether the finding is met"),
                "checklist",
                f"#{thread.address}",
            )


def _is_own(said: Said, review_id: int, person_id: int) -> bool:
    return said.review_id == review_id and said.person_id == person_id


def _open_ballots(asking: Asking) -> Iterator[Step]:
    for _said, motion in open_motions(asking.rows):
        running = running_in(asking.rows, motion.review_id)
        if balloting.why_not_open_ballot(asking.actor, motion, asking.now, running=running) is None:
            yield Step(
                _("A motion of {board} was moved and seconded.").format(board=motion.review.board.name),
                _("Open the ballot"),
                "gavel",
                reverse("reviews:open_ballot", args=[asking.reference, motion.pk]),
            )


def _second(asking: Asking) -> Iterator[Step]:
    for said, motion in open_motions(asking.rows):
        if balloting.why_not_second(asking.actor, motion, asking.now) is None:
            yield Step(
                _("{person} moved a motion that needs a seconder.").format(person=said.person),
                _("Read the motion"),
                "users",
                f"#motion-{said.id}",
            )


def _judge_interests(asking: Asking) -> Iterator[Step]:
    standing = asking.standing
    leads = any(standing.is_chair_of(b) or standing.is_secretary_of(b) for b in standing.boards)
    if leads and not standing.conflicts and getattr(asking.rows.request, "has_interests_to_judge", False):
        url = reverse("reviews:interests", args=[asking.reference])
        yield Step(_("An interest was declared and isn't judged yet."), _("Judge the interest"), "scale", url)


def _deliberate(asking: Asking) -> Iterator[Step]:
    for review in asking.rows.reviews:
        board = review.board.name
        if reviewing.why_not_take_position(asking.actor, review, asking.now) is None:
            own = [
                s
                for s in of_kind(asking.rows.said, SaidKind.STANCE)
                if _is_own(s, review.pk, asking.actor.pk)
            ]
            if not own:
                yield Step(
                    _("Read the dossier, ask what is missing, and say where you stand for {board}.").format(
                        board=board
                    ),
                    _("Take a position"),
                    "pencil",
                    reverse("reviews:position", args=[asking.reference, review.board.slug]),
                    review.due_at,
                    inline=True,
                )
        if balloting.why_not_move(asking.actor, review, asking.now) is None:
            url = reverse("reviews:move", args=[asking.reference, review.board.slug])
            yield Step(_("Put a motion to {board}.").format(board=board), _("Move a motion"), "gavel", url)
