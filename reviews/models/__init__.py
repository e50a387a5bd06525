"""What reviews remember."""

from reviews.models.appeal import Appeal
from reviews.models.assignment import Assignment
from reviews.models.attendance import Attendance, AttendanceSpan
from reviews.models.ballot import Ballot, BallotSeat, Block, Vote
from reviews.models.board import Board, BoardGroupGrant, BoardUserGrant, Policy, Seat
from reviews.models.calendar import ClosingDay, Reckoning
from reviews.models.condition import Condition, ConditionFile, ConditionReport
from reviews.models.continuing import ContinuingReport, ContinuingReview
from reviews.models.decision import Decision, Refusal, Release, Signature, Suspension
from reviews.models.delegation import Delegation
from reviews.models.dossier import Answer, AnswerFile, Revision
from reviews.models.incident import IncidentClass, IncidentEntry, IncidentFile, IncidentFiling, IncidentReport
from reviews.models.interest import DisclosedInterest, Disclosure, NothingToDeclare
from reviews.models.letter import Letter, LetterTemplate
from reviews.models.look import Look
from reviews.models.meeting import AgendaItem, Meeting, MeetingNotice, MeetingSeries
from reviews.models.minutes import Minutes, MinutesPart, MinutesVersion
from reviews.models.motion import Motion, MotionCondition
from reviews.models.papers import Papers
from reviews.models.procedure import Determination, ProcedureChange
from reviews.models.proposal import Proposal
from reviews.models.questionnaire import QuestionnaireDraft, QuestionnaireMark, QuestionnaireVersion
from reviews.models.request import Contributor, ReferenceCounter, ReviewRequest
from reviews.models.review import (
    BoardReview,
    ClockSpan,
    Declaration,
    Deferral,
    Recusal,
    Stance,
)
from reviews.models.search import SearchEntry
from reviews.models.talk import Comment, Note, Question
from reviews.models.triage import Notice, Triage, TriageRuleSet

__all__ = [
    "AgendaItem",
    "Answer",
    "AnswerFile",
    "Appeal",
    "Assignment",
    "Attendance",
    "AttendanceSpan",
    "Ballot",
    "BallotSeat",
    "Block",
    "Board",
    "BoardGroupGrant",
    "BoardReview",
    "BoardUserGrant",
    "ClockSpan",
    "ClosingDay",
    "Comment",
    "Condition",
    "ConditionFile",
    "ConditionReport",
    "ContinuingReport",
    "ContinuingReview",
    "Contributor",
    "Decision",
    "Declaration",
    "Deferral",
    "Delegation",
    "Determination",
    "DisclosedInterest",
    "Disclosure",
    "IncidentClass",
    "IncidentEntry",
    "IncidentFile",
    "IncidentFiling",
    "IncidentReport",
    "Letter",
    "LetterTemplate",
    "Look",
    "Meeting",
    "MeetingNotice",
    "MeetingSeries",
    "Minutes",
    "MinutesPart",
    "MinutesVersion",
    "Motion",
    "MotionCondition",
    "Note",
    "NothingToDeclare",
    "Notice",
    "Papers",
    "Policy",
    "ProcedureChange",
    "Proposal",
    "Question",
    "QuestionnaireDraft",
    "QuestionnaireMark",
    "QuestionnaireVersion",
    "Reckoning",
    "Recusal",
    "ReferenceCounter",
    "Refusal",
    "Release",
    "ReviewRequest",
    "Revision",
    "SearchEntry",
    "Seat",
    "Signature",
    "Stance",
    "Suspension",
    "Triage",
    "TriageRuleSet",
    "Vote",
]
