"""Words for the codes of the rules: states, kinds, positions, roles. What a page, a letter or a table calls them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.rules.ballot import BallotResult, ClosedBecause, MotionKind, Position
from reviews.rules.boards_together import BoardKind
from reviews.rules.clocks import Procedure
from reviews.rules.interest_match import InterestKind
from reviews.rules.lifecycle import RequestState
from reviews.rules.recusal import SigningRole
from reviews.rules.review_lifecycle import Matter, ReviewState
from reviews.rules.roster import SeatAttribute, SeatRole


@dataclass(frozen=True, slots=True)
class Badge:
    """A state as a page shows it: tone, icon and word; `full` is a solid fill, for what blocks."""

    tone: str
    icon: str
    label: StrOrPromise
    full: bool = False


REQUEST_STATES: dict[str, Badge] = {
    RequestState.DRAFT: Badge("", "pencil", gettext_lazy("Draft")),
    RequestState.SUBMITTED: Badge("note", "inbox", gettext_lazy("Submitted")),
    RequestState.TRIAGE: Badge("note", "hourglass", gettext_lazy("Triage")),
    RequestState.IN_REVIEW: Badge("live", "progress-check", gettext_lazy("In review")),
    RequestState.DECIDED: Badge("live", "signature", gettext_lazy("Signing")),
    RequestState.APPROVED: Badge("good", "check", pgettext_lazy("request", "Approved")),
    RequestState.RELEASED: Badge("good", "package", gettext_lazy("Released")),
    RequestState.SUSPENDED: Badge("bad", "hand-stop", gettext_lazy("Suspended"), full=True),
    RequestState.REJECTED: Badge("bad", "x", gettext_lazy("Rejected")),
    RequestState.WITHDRAWN: Badge("", "door-exit", gettext_lazy("Withdrawn")),
    RequestState.EXPIRED: Badge("", "clock", gettext_lazy("Expired")),
    RequestState.SUPERSEDED: Badge("", "archive", gettext_lazy("Superseded")),
}
REVIEW_STATES: dict[str, Badge] = {
    ReviewState.ASSIGNED: Badge("", "inbox", gettext_lazy("Assigned")),
    ReviewState.READING: Badge("live", "book", gettext_lazy("Reading")),
    ReviewState.QUESTIONS: Badge("warn", "help-circle", gettext_lazy("Questions open")),
    ReviewState.DELIBERATING: Badge("live", "users-group", gettext_lazy("Deliberating")),
    ReviewState.BALLOTING: Badge("live", "gavel", gettext_lazy("Balloting")),
    ReviewState.TABLED: Badge("warn", "user-off", gettext_lazy("Tabled, quorum lost")),
    ReviewState.DEFERRED: Badge("warn", "calendar-due", gettext_lazy("Deferred")),
    ReviewState.CLOSED: Badge("", "lock", gettext_lazy("Closed")),
}
PASSED: dict[str, Badge] = {
    MotionKind.APPROVE: Badge("good", "check", pgettext_lazy("motion", "Passed")),
    MotionKind.APPROVE_WITH_CONDITIONS: Badge("good", "scale", gettext_lazy("Passed, with conditions")),
    MotionKind.RETURN: Badge("warn", "arrow-left", pgettext_lazy("request", "Returned")),
    MotionKind.REJECT: Badge("bad", "x", gettext_lazy("Rejected")),
}
MATTERS: dict[str, StrOrPromise] = {
    Matter.RELEASE: gettext_lazy("The release"),
    Matter.SUSPENSION: gettext_lazy("About the suspension of the approval"),
    Matter.CONTINUING: gettext_lazy("Continuing review of the approval"),
    Matter.CONDITION: gettext_lazy("About the waiver of a condition"),
}
BLOCKED = Badge("bad", "hand-stop", gettext_lazy("Blocked"), full=True)
STOPPED = Badge("", "minus", gettext_lazy("Stopped"))
EXEMPT = Badge("good", "check", pgettext_lazy("a review", "Exempt"))
RESULTS: dict[str, Badge] = {
    BallotResult.PASSED: Badge("good", "check", pgettext_lazy("motion", "Passed")),
    BallotResult.FAILED: Badge("bad", "x", pgettext_lazy("motion", "Did not pass")),
    BallotResult.HELD: Badge("note", "hand-stop", gettext_lazy("Held by a blocking position")),
    BallotResult.TABLED: Badge("warn", "user-off", gettext_lazy("Tabled, quorum lost")),
    BallotResult.STOPPED: STOPPED,
}
POSITIONS: dict[str, Badge] = {
    Position.FOR: Badge("good", "check", pgettext_lazy("vote", "For")),
    Position.AGAINST: Badge("bad", "x", pgettext_lazy("vote", "Against")),
    Position.ABSTAIN: Badge("", "minus", pgettext_lazy("vote", "Abstains")),
}
FINDINGS: dict[str, Badge] = {
    "must_fix": Badge("bad", "alert-triangle", pgettext_lazy("finding", "Must fix")),
    "should_fix": Badge("warn", "alert-circle", pgettext_lazy("finding", "Should fix")),
    "note": Badge("note", "info-circle", pgettext_lazy("finding", "To note")),
}
CONDITION_STATES: dict[str, Badge] = {
    "open": Badge("warn", "circle-dashed", pgettext_lazy("condition", "Open")),
    "partly": Badge("live", "hourglass", gettext_lazy("Reported, to be verified")),
    "met": Badge("good", "check", pgettext_lazy("condition", "Met")),
    "waived": Badge("", "ban", pgettext_lazy("condition", "Waived")),
}
OUTCOMES: dict[str, Badge] = {
    "approved": Badge("good", "check", gettext_lazy("Approved")),
    "approved_with_conditions": Badge("warn", "scale", gettext_lazy("Approved with conditions")),
    "returned": Badge("warn", "arrow-left", gettext_lazy("Returned for revision")),
    "rejected": Badge("bad", "x", gettext_lazy("Rejected")),
    "refused": Badge("bad", "signature", gettext_lazy("Not signed")),
}
MOTION_KINDS: dict[str, StrOrPromise] = {
    MotionKind.APPROVE: gettext_lazy("Approve"),
    MotionKind.APPROVE_WITH_CONDITIONS: gettext_lazy("Approve with these conditions"),
    MotionKind.RETURN: gettext_lazy("Return for revision"),
    MotionKind.REJECT: gettext_lazy("Reject"),
    MotionKind.OVERRIDE: gettext_lazy("Override a blocking position"),
    MotionKind.RATIFY: gettext_lazy("Ratify the suspension"),
    MotionKind.LIFT: gettext_lazy("Lift the suspension"),
    MotionKind.CONTINUE: gettext_lazy("Let the approval go on"),
    MotionKind.WAIVE: gettext_lazy("Waive a condition"),
}
CLOSED_BECAUSE: dict[str, StrOrPromise] = {
    ClosedBecause.ALL_VOTED: gettext_lazy("closed when all had voted"),
    ClosedBecause.DEADLINE: gettext_lazy("closed at its deadline"),
    ClosedBecause.RESULT_CERTAIN: gettext_lazy("closed early, because the result could not change any more"),
    ClosedBecause.QUORUM_LOST: gettext_lazy("tabled, because the quorum was lost in the meeting"),
    ClosedBecause.TABLED: gettext_lazy("tabled by the meeting"),
    ClosedBecause.STOPPED: gettext_lazy("stopped, because the request was decided elsewhere"),
}
SEAT_ROLES: dict[str, StrOrPromise] = {
    SeatRole.CHAIR: pgettext_lazy("seat", "chair"),
    SeatRole.MEMBER: pgettext_lazy("seat", "member"),
    SeatRole.ALTERNATE: pgettext_lazy("seat", "alternate"),
}
SEAT_ATTRIBUTES: dict[str, StrOrPromise] = {
    SeatAttribute.LAY: pgettext_lazy("seat", "lay"),
    SeatAttribute.EXTERNAL: pgettext_lazy("seat", "external"),
    SeatAttribute.NON_TECHNICAL: pgettext_lazy("seat", "non-technical"),
    SeatAttribute.EXPERT: pgettext_lazy("seat", "expert"),
}
RECUSAL_KINDS: dict[str, StrOrPromise] = {
    "requester": gettext_lazy("made the request"),
    "contributor": gettext_lazy("contributed to the request"),
    "line_manager": gettext_lazy("line manager of somebody who works on it"),
    "card_author": gettext_lazy("wrote the model's card"),
    "same_project": gettext_lazy("works on the same project"),
    "same_team": gettext_lazy("in one team with somebody who works on it"),
    "reports_to": gettext_lazy("reports to somebody who works on it"),
    "own": gettext_lazy("own decision"),
    "declared": gettext_lazy("declared an interest"),
    "financial": gettext_lazy("financial interest"),
    "personal": gettext_lazy("personal relation"),
    "professional": gettext_lazy("professional interest"),
    "other": gettext_lazy("other interest"),
}
INTEREST_KINDS: dict[str, StrOrPromise] = {
    InterestKind.ORGANISATION: gettext_lazy("organisation"),
    InterestKind.PROJECT: pgettext_lazy("interest", "project"),
    InterestKind.PERSON: pgettext_lazy("interest", "person"),
}
BOARD_KINDS: dict[str, StrOrPromise] = {
    BoardKind.ETHICS: pgettext_lazy("board", "ethics"),
    BoardKind.LEGAL: pgettext_lazy("board", "legal"),
    BoardKind.SAFETY: pgettext_lazy("board", "safety"),
}
PROCEDURES: dict[str, StrOrPromise] = {
    Procedure.EXEMPT: gettext_lazy("exempt"),
    Procedure.EXPEDITED: gettext_lazy("expedited procedure"),
    Procedure.FULL: gettext_lazy("full procedure"),
    Procedure.EMERGENCY: gettext_lazy("emergency procedure"),
    Procedure.EXPERT: gettext_lazy("full procedure with a second review by experts"),
}
TIERS: dict[int, StrOrPromise] = {
    1: pgettext_lazy("risk", "Low"),
    2: pgettext_lazy("risk", "Medium"),
    3: pgettext_lazy("risk", "High"),
    4: pgettext_lazy("risk", "Highest"),
}
SIGNING_ROLES: dict[str, StrOrPromise] = {
    SigningRole.LEGAL: gettext_lazy("legal staff"),
    SigningRole.CHAIR: gettext_lazy("chair of the leading board"),
}


def joined(words: Iterable[str]) -> str:
    """Return the words as a list, parted by commas of the language."""
    return pgettext("between members of a list", ", ").join(words)


def attributes_in_words(codes: Iterable[str]) -> str:
    """Return the attributes of a seat as a list."""
    return joined(str(SEAT_ATTRIBUTES.get(code, code)) for code in codes)


def role_in_words(role: str, attributes: Iterable[str]) -> str:
    """Return role and attributes of a seat, leaving out the plain "member"."""
    words = [] if role == SeatRole.MEMBER else [str(SEAT_ROLES.get(role, role))]
    return joined(words + [str(SEAT_ATTRIBUTES.get(code, code)) for code in attributes])


def fraction_in_words(numerator: int, denominator: int) -> str:
    """Return a fraction in plain digits, 2/3: signs such as ⅔ are missing in too many fonts, also the record's."""
    return _("all") if numerator == denominator else f"{numerator}/{denominator}"
