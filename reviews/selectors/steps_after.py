"""Steps after a decision: conditions, release, suspension, continuing review, renewal and amendment."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from reviews.permissions import releasing
from reviews.permissions.following import why_not_amend, why_not_renew
from reviews.permissions.incidents import why_not_raise
from reviews.permissions.reconsidering import why_not_take_up
from reviews.rules.lifecycle import RequestState
from reviews.rules.review_lifecycle import Matter
from reviews.selectors.addresses import condition_address, continuing_address, suspension_address
from reviews.selectors.steps import Asking, Step


def conditions(asking: Asking) -> Iterator[Step]:
    """Yield the conditions on which this person reports, or whose report they verify."""
    for condition in asking.rows.conditions:
        url = condition_address(asking.reference, condition.number)
        if condition.owner_id == asking.actor.pk and condition.state == "open":
            sentence = _("You own condition {number}.").format(number=f"C{condition.number}")
            yield Step(sentence, _("Report on the condition"), "checklist", url, by=condition.due)
        if condition.verifier_id == asking.actor.pk and condition.state == "partly":
            sentence = _("A report on condition {number} waits for you.").format(
                number=f"C{condition.number}"
            )
            yield Step(sentence, _("Verify the condition"), "clipboard-check", url, by=condition.due)


def release(asking: Asking) -> Iterator[Step]:
    """Yield the release, to who may record it."""
    decision = asking.rows.decision
    if decision is not None and releasing.why_not_release(asking.actor, decision, asking.now) is None:
        url = reverse("reviews:release", args=[asking.reference])
        yield Step(_("The approval is in force."), _("Record the release"), "package", url)


def suspension(asking: Asking) -> Iterator[Step]:
    """Yield that the leading board takes the suspension up again, to its chair and secretary."""
    if asking.rows.request.state != RequestState.SUSPENDED:
        return
    for review in asking.rows.reviews:
        if review.leading and why_not_take_up(asking.actor, review, Matter.SUSPENSION, asking.now) is None:
            yield Step(
                _("The approval is suspended until the board lifts it by a ballot."),
                _("Let the board take it up"),
                "player-play",
                suspension_address(asking.reference),
            )


def continuing(asking: Asking) -> Iterator[Step]:
    """Yield the report that the open continuing review asks of this person, or the report that the board looks at."""
    review = asking.rows.life.open_review
    if review is None:
        return
    url = continuing_address(asking.reference, review.number)
    if review.state == "asked" and asking.standing.is_asking:
        yield Step(
            _("The board looks at the approval again and asks you for a short report."),
            _("Report to the board"),
            "send",
            url,
            by=review.due,
        )
    elif review.state == "reported" and asking.sees_boards:
        sentence = _("The requester has reported; the board votes whether the approval goes on.")
        yield Step(sentence, _("Read the report"), "book", url, by=review.due)


def _following(asking: Asking) -> Iterator[Step]:
    request, reference = asking.rows.request, asking.reference
    if (
        asking.rows.life.renewal is None
        and why_not_renew(asking.actor, request, asking.now, to_show=True) is None
    ):
        yield Step(
            _("The renewal begins with everything that still holds; the approval keeps its date."),
            _("Renew the approval"),
            "refresh",
            reverse("reviews:renew", args=[reference]),
            posts=True,
        )
    if why_not_amend(asking.actor, request, asking.now, to_show=True) is None:
        yield Step(
            _("Something about what was approved changes: an amendment asks for that alone."),
            _("Ask for an amendment"),
            "pencil",
            reverse("reviews:amend", args=[reference]),
        )


def optional(asking: Asking) -> Iterator[Step]:
    """Yield what nobody waits for, but this person may do about an approval."""
    decision, reference = asking.rows.decision, asking.reference
    if decision is None:
        return
    if decision.approved_at is not None:
        yield from _following(asking)
        if why_not_raise(asking.actor) is None:
            yield Step(
                _("Something went wrong with the model: its clock runs from when it is known."),
                _("Report an incident"),
                "alert-triangle",
                reverse("reviews:raise_incident") + f"?version={asking.rows.request.version_id}",
            )
    if releasing.why_not_suspend(asking.actor, decision, asking.now) is None:
        sentence = _("Stops every release under this approval at once; the board has to ratify it.")
        yield Step(
            sentence, _("Suspend the approval"), "hand-stop", reverse("reviews:suspend", args=[reference])
        )
    if releasing.why_not_withdraw_approval(asking.actor, decision, asking.now) is None:
        url = reverse("reviews:withdraw_approval", args=[reference])
        yield Step(_("Ends the suspended approval for good."), _("Withdraw the approval"), "door-exit", url)
