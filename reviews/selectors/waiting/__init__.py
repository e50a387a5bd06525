"""What waits for whom in reviews: the sources of "my work" and of the reminders, one for each kind."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.roles import Role
from reminders.waiting import Round, Source, Waiting
from reminders.waiting import register as register_source
from reviews.rules.clocks import DEFAULT_TERMS
from reviews.selectors.waiting import after, answers, ballots, boards, decisions, dossiers, panels, procedures
from reviews.selectors.waiting.rows import Reading, reading_of


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing with what tells it; `days_before` and `reminds` as in `Source`."""

    code: str
    label: StrOrPromise
    tell: Callable[[Reading], Iterator[Waiting]]
    days_before: tuple[int, ...] = (7, 2, 0)
    reminds: bool = True

    def source(self) -> Source:
        """Return it as a source; all kinds of one round share what was read."""

        def read(asked: Round) -> Iterator[Waiting]:
            return self.tell(asked.once(reading_of))

        return Source(self.code, self.label, read, self.days_before, self.reminds)


def in_office(asked: Round, role: Role) -> list[int]:
    """Return who has the role, of those who are asked about; from what this round reads anyway."""
    return sorted(person for person in asked.once(reading_of).office.with_role(role) if asked.asks(person))


KINDS = (
    Kind("request.draft", gettext_lazy("Dossier to finish"), dossiers.drafts),
    Kind("request.triage", gettext_lazy("Request without triage"), dossiers.to_triage),
    Kind("review.question", gettext_lazy("Open question"), answers.open_questions),
    Kind("review.finding", gettext_lazy("Findings to fix"), answers.findings_to_fix),
    Kind("review.finding_check", gettext_lazy("Finding to check"), boards.findings_to_check),
    Kind("review.reader", gettext_lazy("Yours to read first"), boards.readings),
    Kind("review.position", gettext_lazy("Position to take"), boards.positions, reminds=False),
    Kind("review.due", gettext_lazy("Decision of a board due"), boards.reviews_due),
    Kind("review.exemption", gettext_lazy("Exemption to determine"), procedures.to_determine),
    Kind("review.stale", gettext_lazy("Position to affirm"), boards.stale_positions),
    Kind("review.second", gettext_lazy("Motion to second"), boards.motions_to_second, reminds=False),
    Kind("review.motion", gettext_lazy("Motion to put"), boards.motions_to_put),
    Kind("review.interest", gettext_lazy("Interest to judge"), boards.interests),
    Kind("review.opening", gettext_lazy("Ballot to open"), boards.ballots_to_open),
    Kind("review.vote", gettext_lazy("Ballot without your vote"), ballots.votes_due),
    Kind("review.closing", gettext_lazy("Ballot to close"), ballots.ballots_to_close, reminds=False),
    Kind("review.block", gettext_lazy("Blocking position to affirm"), ballots.stale_blocks),
    Kind("review.signature", gettext_lazy("Signature due"), decisions.signatures_due),
    Kind("review.release", gettext_lazy("Release to record"), decisions.releases, (30, 7)),
    Kind("review.ratification", gettext_lazy("Suspension to ratify"), decisions.ratifications),
    Kind("review.panel", gettext_lazy("Panel to form"), panels.panels_to_form),
    Kind("review.appeal", gettext_lazy("Appeal to decide"), panels.appeals_heard),
    Kind(
        "review.provisional", gettext_lazy("Approval that is provisional"), panels.provisional, (14, 7, 2, 0)
    ),
    Kind("review.condition", gettext_lazy("Condition due"), answers.conditions_due),
    Kind("review.condition_overdue", gettext_lazy("Condition overdue"), after.conditions_overdue),
    Kind(
        "review.continuing_report",
        gettext_lazy("Report for a continuing review"),
        after.reports_due,
        (14, 7, 2, 0),
    ),
    Kind("review.continuing", gettext_lazy("Continuing review"), after.continuing_due),
    Kind("incident.report", gettext_lazy("Incident to report"), after.incidents_to_handle),
    Kind("review.verification", gettext_lazy("Verification due"), answers.verifications_due),
    Kind(
        "review.expiry",
        gettext_lazy("Approval about to expire"),
        decisions.expiries,
        DEFAULT_TERMS.expiry_notices,
    ),
)


def register() -> None:
    """Register the sources; called from AppConfig.ready()."""
    for kind in KINDS:
        register_source(kind.source())


def waiting_in(reading: Reading) -> Iterator[tuple[str, Waiting]]:
    """Yield all that waits in what was read, with the code of its kind."""
    for kind in KINDS:
        for thing in kind.tell(reading):
            yield kind.code, thing


def waiting_about(requests: frozenset[int], now: datetime) -> list[tuple[str, Waiting]]:
    """Return what waits for whomsoever in these requests, with the code of its kind; six queries."""
    return [*waiting_in(Reading(now, None, requests))]
