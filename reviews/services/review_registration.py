"""What lower apps know of boards, ballots and decisions: events, what they vouch for, where they belong, records."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from accounts import parts, second_factor
from accounts.grants import fields_of_grant
from audit import scope, tracking, verbs
from compliance import gates
from records import permissions as records
from reminders import dates
from reviews import models
from reviews.models import ReviewRequest
from reviews.permissions.boards import chairs_a_board
from reviews.permissions.sight import boards_of, may_read_record
from reviews.rules.panels import BoardPurpose
from reviews.selectors import boards_told, waiting
from reviews.selectors.addresses import request_address
from reviews.selectors.dates import board_dates
from reviews.selectors.dossier_facts import facts_of_versions
from reviews.services import event_words

REQUEST = "reviews.reviewrequest"

VERBS: tuple[tuple[str, StrOrPromise, StrOrPromise], ...] = (
    ("board.made", _("Board made"), _("A review board was made.")),
    ("board.granted", _("Board granted"), _("Somebody may keep the board or read what it reviews.")),
    ("board.grant_ended", _("Grant on a board ended"), _("Somebody may no longer keep or read the board.")),
    ("policy.written", _("Policy written"), _("A version of the board's policy was written.")),
    (
        "triage_rules.written",
        _("Rules of triage written"),
        _("A version of the rules of triage was written."),
    ),
    ("seat.given", _("Seat given"), _("Somebody was given a seat on the board.")),
    ("seat.ended", _("Seat ended"), _("A seat on the board was ended.")),
    ("review.assigned", _("Board assigned"), _("The board was given the request to review.")),
    ("review.deliberating", _("Deliberation begun"), _("The board began to deliberate.")),
    ("review.deferred", _("Review put off"), _("A member had the review put off to a day.")),
    ("review.resumed", _("Review resumed"), _("A review that was put off goes on.")),
    ("review.stopped", _("Review stopped"), _("The board's open work was stopped, with a note.")),
    (
        "review.reopened",
        _("Review reopened"),
        _("The decision wasn't signed, so the board deliberates again."),
    ),
    ("comment.made", _("Comment written"), _("Somebody wrote beside an answer of the dossier.")),
    ("comment.settled", _("Comment settled"), _("A thread beside an answer was called settled.")),
    ("comment.reopened", _("Comment taken up again"), _("A thread that was settled was taken up again.")),
    ("finding.made", _("Finding made"), _("A member of a board made a finding.")),
    (
        "finding.resolved",
        _("Finding resolved"),
        _("Its finder or the chair of the board resolved a finding."),
    ),
    ("finding.reopened", _("Finding open again"), _("Its finder or the chair took a finding up again.")),
    ("note.made", _("Note written"), _("Somebody wrote a note that stays out of the review.")),
    ("note.erased", _("Note erased"), _("Somebody erased their private note.")),
    ("question.asked", _("Question asked"), _("The requester was asked; the clock stands until the answer.")),
    ("question.answered", _("Question answered"), _("The requester's side answered a question.")),
    ("question.withdrawn", _("Question withdrawn"), _("A question was withdrawn.")),
    ("interest.declared", _("Interest declared"), _("A member declared an interest.")),
    ("interest.judged", _("Interest judged"), _("A declared interest was found to be a conflict or not.")),
    ("member.recused", _("Member recused"), _("Somebody takes no part in judging the request.")),
    ("position.taken", _("Position taken"), _("A member took a position while the board deliberates.")),
    (
        "position.affirmed",
        _("Position affirmed"),
        _("A member affirmed a position for the present revision."),
    ),
    ("motion.moved", _("Motion moved"), _("A member moved a motion.")),
    ("motion.seconded", _("Motion seconded"), _("Another member seconded the motion.")),
    ("motion.withdrawn", _("Motion withdrawn"), _("A motion was withdrawn before any ballot.")),
    ("ballot.opened", _("Ballot opened"), _("A ballot was opened; motion, roster and policy are frozen.")),
    ("attendance.marked", _("Attendance marked"), _("Somebody arrived or left while a ballot was open.")),
    ("vote.cast", _("Vote cast"), _("A member voted.")),
    ("vote.entered", _("Vote entered by proxy"), _("A vote was entered for a member; both names are kept.")),
    ("ballot.held", _("Ballot held"), _("The motion has its votes, but a blocking position stands.")),
    ("ballot.closed", _("Ballot closed"), _("A ballot was counted and closed.")),
    (
        "block.raised",
        _("Blocking position taken"),
        _("A member blocks: nothing is approved while it stands."),
    ),
    (
        "block.affirmed",
        _("Blocking position affirmed"),
        _("Its holder affirmed it for the present revision."),
    ),
    ("block.cleared", _("Blocking position cleared"), _("Its holder cleared a blocking position.")),
    ("block.overridden", _("Blocking position overridden"), _("A ballot overrode a blocking position.")),
    ("decision.made", _("Decision made"), _("The boards decided; the record of it was frozen.")),
    ("decision.signed", _("Decision signed"), _("Somebody signed the hash of the frozen record.")),
    ("decision.entered_into_force", _("Approval in force"), _("The last signature brought it into force.")),
    ("decision.refused", _("Signature refused"), _("Legal staff or the chair didn't sign, with a reason.")),
    ("decision.withdrawn", _("Approval withdrawn"), _("A suspended approval was withdrawn for good.")),
    ("decision.ended", _("Decision ended"), _("Its date has passed, or the request was withdrawn.")),
    ("request.decided", _("Request decided"), _("The boards' motions together decided the request.")),
    (
        "request.reopened",
        _("Request reopened"),
        _("The request is in review again, because it wasn't signed."),
    ),
    ("request.approved", _("Request approved"), _("All signatures are there; the approval is in force.")),
    ("request.released", _("Version released"), _("The release of the approved digest was recorded.")),
    ("request.suspended", _("Approval suspended"), _("The approval was suspended at once.")),
    ("suspension.ratified", _("Suspension ratified"), _("The board ratified the suspension.")),
    ("suspension.lifted", _("Suspension lifted"), _("The board lifted the suspension.")),
    ("suspension.lapsed", _("Suspension lapsed"), _("The board didn't ratify the suspension in time.")),
    ("request.expired", _("Approval expired"), _("The last day of the approval has passed.")),
    ("request.superseded", _("Request superseded"), _("A newer approval of the same version is in force.")),
    ("request.ended", _("Request ended"), _("The approval was withdrawn.")),
    ("condition.set", _("Condition set"), _("A condition came into being with the decision.")),
    (
        "condition.evidence_added",
        _("Evidence added"),
        _("A file was added to the report on a condition."),
    ),
    ("condition.reported", _("Condition reported"), _("Its owner reported that a condition is met.")),
    (
        "condition_file.downloaded",
        _("Evidence downloaded"),
        _("An auditor downloaded a file that shows how a condition is met."),
    ),
    ("condition.met", _("Condition met"), _("Its verifier found the condition met.")),
    ("condition.returned", _("Condition returned"), _("Its verifier found that something is missing.")),
)

TRACKED: dict[type[Any], tuple[str, ...]] = {
    models.Board: (
        "slug", "name_en", "name_zh", "kind", "closed_at", "purpose", "formed_for", "country", "subdivision",
        "time_zone",
    ),
    models.BoardReview: ("request", "board", "round", "leading", "state", "matter", "revision", "passed"),
    models.Triage: ("request", "revision", "proposed", "tier", "procedure", "ground", "leading", "override_reason"),
    models.Notice: ("request", "text", "questions"),
    models.Deferral: ("review", "person", "reason", "until"),
    models.Policy: ("board", "version", "content", "sha256"),
    models.TriageRuleSet: ("version", "content", "sha256"),
    models.Seat: ("board", "person", "role", "attributes", "since", "until", "alternate"),
    models.Comment: (
        "request", "question_key", "quote", "audience", "finding", "answers", "act", "text", "author", "settled_at",
        "settled_by",
    ),
    models.Question: ("request", "number", "quote", "text", "due_at", "answer", "answered_at", "withdrawn_at"),
    models.Note: ("request", "readers", "author"),
    models.Recusal: ("request", "person", "kind", "reason"),
    models.Declaration: ("request", "person", "kind", "text", "disclosed", "is_conflict"),
    models.Stance: ("review", "revision", "person", "position", "reason"),
    models.Motion: (
        "review", "kind", "text", "revision", "suspension", "report", "condition", "ends_older", "moved_by",
        "seconded_by", "withdrawn_at", "continues",
    ),
    models.MotionCondition: ("motion", "number", "text", "owner", "due", "verifier", "blocks_release"),
    models.Ballot: (
        "review", "motion", "number", "kind", "text", "conditions", "ends_older", "revision_sha256", "policy",
        "policy_sha256", "procedure", "state", "deadline", "opening", "closing", "result", "because",
        "meeting",
    ),
    models.BallotSeat: (
        "ballot", "person", "role", "attributes", "sits_for", "sits_by", "delegation", "present", "recused",
        "recusal_kind", "recusal_reason",
    ),
    models.Vote: ("ballot", "seat", "position", "reason", "revision_sha256", "cast_at", "entered_by"),
    models.Block: ("review", "holder", "text", "state"),
    models.Decision: (
        "request", "number", "outcome", "status", "basis", "provisional", "revision_sha256", "manifest_sha256",
        "valid_from", "valid_until", "expires_at", "next_review", "ends_older", "approved_at", "record",
        "superseded_by",
    ),
    models.Refusal: ("decision", "role", "person", "on_behalf_of", "reason", "record"),
    models.Release: ("decision", "manifest_sha256", "where", "released_by"),
    models.Suspension: (
        "decision", "from_state", "reason", "suspended_by", "condition", "missed_at", "ratify_by", "ratified_at",
        "ratified_ballot", "ended_at", "ended_by", "ending", "ending_ballot",
    ),
    models.Signature: ("decision", "role", "signer", "on_behalf_of", "statement", "statement_sha256", "confirmation"),
    models.Condition: (
        "decision", "number", "text", "owner", "due", "verifier", "blocks_release", "state", "waived_ballot",
    ),
    models.ConditionReport: ("condition", "text", "reported_by", "accepted", "judged_by"),
    models.ConditionFile: ("report", "name", "sha256", "size"),
}  # fmt: skip


def register() -> None:
    """Register all of it; called from AppConfig.ready()."""
    for name, label, sentence in VERBS:
        verbs.register(name, label, sentence)
    verbs.leave_as_is("condition_file.downloaded", "board.granted", "board.grant_ended", "attendance.marked")
    for model, fields in TRACKED.items():
        tracking.track(model, list(fields))
    for grant in (models.BoardUserGrant, models.BoardGroupGrant):
        tracking.track(grant, fields_of_grant(grant))
    event_words.register()
    _register_places()
    records.register(REQUEST, may_read_record, address=_address)
    waiting.register()
    dates.register(board_dates)
    parts.register(boards_told.seats_in_words)
    second_factor.register(chairs_a_board)
    gates.register_boards(
        gates.Boards(
            boards_of, boards_told.board_names, boards_told.given_up, boards_told.heads, boards_told.speech
        )
    )
    gates.register_dossiers(facts_of_versions)


def _address(request_id: str) -> str:
    """Return the page of the request."""
    reference = ReviewRequest.objects.filter(pk=request_id).values_list("reference", flat=True).first()
    return request_address(reference) if reference else ""


def _register_places() -> None:
    scope.register("reviews.board", lambda board: scope.Place(board=board.pk))
    for name in ("policy", "seat"):
        scope.register(f"reviews.{name}", lambda row: scope.Place(board=row.board_id))
    scope.register("reviews.boardreview", _place_of_review)
    for name in ("question", "stance", "motion", "ballot", "block"):
        scope.register(f"reviews.{name}", lambda row: _place_of_review(row.review))
    scope.register(
        "reviews.note", lambda _note: scope.Place()
    )  # not even the story of its request tells of it
    scope.register("reviews.vote", lambda vote: _place_of_review(vote.ballot.review))
    for name in ("comment", "declaration", "recusal", "decision"):
        scope.register(f"reviews.{name}", lambda row: _place_in(row.request))
    for name in ("signature", "condition"):
        scope.register(f"reviews.{name}", lambda row: _place_in(row.decision.request))


def _place_of_review(review: models.BoardReview) -> scope.Place:
    """Return where the review stands; what a panel does belongs to all boards of its request, as to no single one."""
    board = review.board_id if review.board.purpose == BoardPurpose.STANDING else None
    return scope.Place(project=review.request.project_id, board=board, root=(REQUEST, review.request_id))


def _place_in(request: ReviewRequest) -> scope.Place:
    return scope.Place(project=request.project_id, root=(REQUEST, request.pk))
