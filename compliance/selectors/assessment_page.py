"""What the page of a checklist shows to one person."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from audit.selectors import Filter, events
from audit.telling import Told, tell
from compliance.models import Assessment
from compliance.models.assessment import AnswerChoice
from compliance.models.boards import board_names
from compliance.permissions import why_not_answer, why_not_in_review, why_not_manage, why_not_review
from compliance.permissions.findings import why_not_add, why_not_take_part
from compliance.rules.completeness import Progress, gaps, progress
from compliance.rules.lifecycle import AssessmentState
from compliance.selectors.filled import FilledControl, facts_of, filled_controls
from compliance.selectors.findings import Discussed, discussed
from compliance.selectors.last_run import Last, last_answers
from compliance.selectors.late import Escalation, escalation_of_check
from compliance.selectors.library_page import Served, served_with
from compliance.selectors.words import ANSWERS, GAPS, NO_REVIEWER, Badge, Due, gaps_in_words, waiting_in_words

STORY = 20  # events
NOTHING = Discussed((), (), ())


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers that can be chosen."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A control on the page: `status` is tone, icon and words of what it lacks or that it is complete.

    `serves` are controls of other libraries that the same evidence serves, `last` is the answer of the last run,
    `discussed` what was found, excused and said about it.
    """

    filled: FilledControl
    choices: list[Choice]
    status: Badge
    answered: Badge
    serves: list[Served]
    last: Last | None
    discussed: Discussed

    @property
    def number(self) -> str:
        """Return the number of the control."""
        return self.filled.control.number


@dataclass(frozen=True, slots=True)
class AssessmentPage:
    """The page of a checklist. Each `why_not…` is the reason why this person can't, or None."""

    assessment: Assessment
    fields: list[Field]
    progress: Progress
    lacking: list[str]
    due: Due
    about: str
    is_owner: bool
    is_reviewer: bool
    why_not_answer: str | None
    why_not_submit: list[str]
    why_not_review: str | None
    why_not_manage: str | None
    why_not_add: str | None
    why_not_take_part: str | None
    story: list[Told]
    escalation: Escalation | None

    @property
    def is_accepted(self) -> bool:
        """Say whether it is frozen."""
        return self.assessment.state == AssessmentState.ACCEPTED

    @property
    def share(self) -> int:
        """Return how many of 100 units of the bar are complete."""
        return self.progress.complete * 100 // max(1, self.progress.total)

    @property
    def begun_share(self) -> int:
        """Return how many of 100 units of the bar are begun."""
        return self.progress.begun * 100 // max(1, self.progress.total)


def assessment_page(
    user: User, assessment: Assessment, now: datetime, *, with_story: bool = True
) -> AssessmentPage:
    """Return the page; with the story also what evidence serves besides, the last run, findings and comments."""
    controls, frozen = filled_controls(assessment), assessment.state == AssessmentState.ACCEPTED
    serves = served_with(assessment.library.code) if with_story and not frozen else {}
    last = _last(assessment, controls) if with_story else {}
    said = discussed(assessment) if with_story else {}
    lacking = gaps_in_words(gaps(facts_of(controls)))
    return AssessmentPage(
        assessment=assessment,
        fields=[
            _field(
                filled,
                serves.get(filled.control.number, []),
                last.get(filled.control.number),
                said.get(filled.control.number, NOTHING),
            )
            for filled in controls
        ],
        progress=progress(facts_of(controls)),
        lacking=lacking,
        due=waiting_in_words(assessment.state, assessment.due, assessment.submitted_at, now),
        about=_about(assessment),
        is_owner=assessment.owner_id == user.pk,
        is_reviewer=assessment.reviewer_id == user.pk,
        why_not_answer=why_not_answer(user, assessment),
        why_not_submit=_why_not_submit(user, assessment, lacking),
        why_not_review=_why_not_review(user, assessment),
        why_not_manage=why_not_manage(user),
        why_not_add=why_not_add(user, assessment),
        why_not_take_part=why_not_take_part(user, assessment),
        story=_story(assessment) if with_story else [],
        escalation=escalation_of_check(assessment, now) if with_story else None,
    )


def _last(assessment: Assessment, controls: list[FilledControl]) -> dict[str, Last]:
    """Return what was answered the last time, as long as it can still be taken over."""
    if not assessment.is_editable:
        return {}
    return last_answers(assessment, [filled.control for filled in controls])


def _story(assessment: Assessment) -> list[Told]:
    """Return what happened to the checklist as a whole; its answers and files stand on the page themselves."""
    own = Filter(object_type="compliance.assessment", object_id=str(assessment.pk))
    return tell(events(own).order_by("-id")[:STORY])


def _why_not_review(user: User, assessment: Assessment) -> str | None:
    """Return the reason; a frozen checklist needs no look at who filled it in."""
    if assessment.state == AssessmentState.ACCEPTED:
        return why_not_in_review(assessment)
    return why_not_review(user, assessment)


def _why_not_submit(user: User, assessment: Assessment, lacking: list[str]) -> list[str]:
    if reason := why_not_answer(user, assessment):
        return [reason]
    return [*lacking, *([] if assessment.reviewer_id else [str(NO_REVIEWER)])]


def _about(assessment: Assessment) -> str:
    if assessment.board:
        return board_names().get(assessment.board, "")
    return str(assessment.version or assessment.project or "")


def _field(filled: FilledControl, serves: list[Served], last: Last | None, said: Discussed) -> Field:
    choices = [Choice(value, str(label), value == filled.state) for value, label in AnswerChoice.choices]
    return Field(
        filled, choices, GAPS[filled.gap], ANSWERS.get(filled.state, ANSWERS[""]), serves, last, said
    )
