"""Panels that have to be formed, appeals that are heard, and approvals that are provisional until their full review."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from reminders.waiting import Waiting
from reviews.models import ReviewRequest
from reviews.rules.appeals import AppealState
from reviews.rules.clocks import Procedure
from reviews.rules.explaining import DateKind
from reviews.rules.lifecycle import RequestState
from reviews.selectors.addresses import request_address
from reviews.selectors.waiting.approvals import leading_of
from reviews.selectors.waiting.procedures import policies_of
from reviews.selectors.waiting.rows import Reading
from reviews.selectors.waiting.why import why_of
from reviews.selectors.waiting.wording import title_of


def panels_to_form(reading: Reading) -> Iterator[Waiting]:
    """Yield the secretaries of the leading board where an appeal, or a listed activity, has no panel yet."""
    asked_for = [row for row in reading.request_rows if _lacks_experts(row)]
    for row in asked_for:
        policy, _version = policies_of(reading).at(leading_of(row), reading.now)
        if policy.procedure(Procedure.EXPERT).panel_minimum:
            yield from _to_keepers(
                reading, row, row.pk, "reviews.reviewrequest", row.state_since, None,
                _("Outside experts review this a second time: form their panel."),
                reverse("reviews:form_panel", args=[row.reference]),
            )  # fmt: skip
    for row in reading.request_rows:
        if row.leading and row.appeal_state == AppealState.FILED:
            yield from _to_keepers(
                reading, row, row.appeal_id, "reviews.appeal", row.appeal_since, row.appeal_due,
                _("The requester appealed: form a panel of people who took no part."),
                reverse("reviews:form_appeal_panel", args=[row.reference, row.appeal_number]),
            )  # fmt: skip


def _lacks_experts(row: Any) -> bool:  # noqa: ANN401 (a row with what was annotated)
    expert = row.state == RequestState.IN_REVIEW and row.procedure == Procedure.EXPERT
    return bool(expert and row.leading and not row.has_experts)


def _to_keepers(
    reading: Reading,
    row: Any,  # noqa: ANN401 (a row with what was annotated)
    key: int,
    label: str,
    since: datetime,
    due: datetime | None,
    needs: str,
    url: str,
) -> Iterator[Waiting]:
    for person in sorted(reading.office.keepers_of(row.leading)):
        if person != row.requester_id and reading.asks(person):
            waits = Waiting(
                person_id=person, object_type=label, object_id=str(key), since=since, due=due, title=title_of(row),
                needs=needs, act=_("Form the panel"), url=url, root=str(row.pk), short=_("panel to be formed"),
                one_of=_("Secretary"),
            )  # fmt: skip
            yield replace(waits, **why_of(DateKind.APPEAL, row, key, reading.now)) if due else waits


def appeals_heard(reading: Reading) -> Iterator[Waiting]:
    """Yield the chair of a panel that hears the appeal of a suspension, until it lifts or upholds it.

    A panel that reviews a rejected request has what every board has: positions, motions, ballots.
    """
    for row in reading.request_rows:
        if row.appeal_state != AppealState.HEARD or not row.appeal_panel:
            continue
        chair = reading.office.chair_of(row.appeal_panel)
        if chair is not None and reading.asks(chair):
            yield Waiting(
                person_id=chair, object_type="reviews.appeal", object_id=str(row.appeal_id), since=row.appeal_since,
                due=row.appeal_due, title=title_of(row),
                needs=_("The panel lifts the suspension or upholds it: put a motion."),
                act=_("Read the appeal"),
                url=reverse("reviews:show_appeal", args=[row.reference, row.appeal_number]), root=str(row.pk),
                short=_("word of the appeal panel"), one_of=_("Appeal panel"),
                **why_of(DateKind.APPEAL, row, row.appeal_id, reading.now),
            )  # fmt: skip


def provisional(reading: Reading) -> Iterator[Waiting]:
    """Yield the requester and the secretaries where a full review has to be over before an approval ends."""
    for row in reading.request_rows:
        if not row.decision_provisional or not row.full_review or row.decision_until is None:
            continue
        if row.decision_status != "in_force" or row.decision_until <= reading.now:
            continue
        for person in _concerned(reading, row):
            yield Waiting(
                person_id=person, object_type="reviews.decision", object_id=str(row.decision_id),
                since=row.decision_in_force or row.decision_at, due=row.decision_until, title=title_of(row),
                needs=_("The approval is provisional: it ends unless the full review {reference} passes.").format(
                    reference=row.full_review
                ),
                act=_("Look at the full review"), url=request_address(row.full_review),
                holds_up=_("Without that nothing may be released from then on."), root=str(row.pk),
                short=_("full review before the approval ends"),
                **why_of(DateKind.EXPIRY, row, row.decision_id, reading.now),
            )  # fmt: skip


def _concerned(reading: Reading, row: ReviewRequest) -> list[int]:
    found = {row.requester_id, *reading.office.keepers_of(leading_of(row).pk)}
    return sorted(person for person in found if reading.asks(person))
