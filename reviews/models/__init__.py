"""What reviews remember."""

from reviews.models.assignment import Assignment
from reviews.models.ballot import Ballot, BallotSeat, Block, Vote
from reviews.models.board import Board, BoardGroupGrant, BoardUserGrant, Policy, Seat
from reviews.models.calendar import ClosingDay, Reckoning
from reviews.models.condition import Condition, ConditionFile, ConditionReport
from reviews.models.decision import Decision, Refusal, Release, Signature, Suspension
from reviews.models.dossier import Answer, AnswerFile, Revision
from reviews.models.letter import Letter, LetterTemplate
from reviews.models.look import Look
from reviews.models.motion import Motion, MotionCondition
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
    "Answer",
    "AnswerFile",
    "Assignment",
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
    "Contributor",
    "Decision",
    "Declaration",
    "Deferral",
    "Letter",
    "LetterTemplate",
    "Look",
    "Motion",
    "MotionCondition",
    "Note",
    "Notice",
    "Policy",
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
