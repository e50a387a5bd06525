"""How versions and drafts of the questions are told."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import get_language
from ninja import Field

from accounts.api.fields import Address, Out, PersonOut, Sha256, page_address, person_out
from reviews.rules.questionnaire_changes import Change, ChangedQuestion
from reviews.selectors.questions_page import (
    DraftPage,
    DraftQuestion,
    DraftTopic,
    ShownTopic,
    VersionLine,
    drafts,
    version_lines,
)


class QuestionnaireLineOut(Out):
    """A version of the questions."""

    version: str = Field(examples=["2026-2"])
    sha256: Sha256
    shipped: bool = Field(description="With the product; else the organisation published it.")
    based_on: str = Field(description="Empty for shipped ones.", examples=["2026-1"])
    why: str = Field(examples=["Asks for the licence of every data set."])
    published_at: datetime | None
    published_by: PersonOut | None
    questions: int = Field(examples=[34])
    requests: int = Field(description="So many requests answer it.", examples=[12])
    is_used: bool = Field(description="New requests are asked it.")
    is_retired: bool
    address: Address


class DraftLineOut(Out):
    """A draft of the next version."""

    id: int = Field(examples=[3])
    based_on: str = Field(examples=["2026-2"])
    changed_at: datetime
    changed_by: PersonOut


class QuestionnairesOut(Out):
    """The versions, the newest first, and the drafts, the last changed first."""

    items: list[QuestionnaireLineOut]
    drafts: list[DraftLineOut]


class ChangedQuestionOut(Out):
    """A question that differs."""

    key: str = Field(examples=["licence"])
    change: Change
    number: str = Field(description="As it is now, or was last.", examples=["2.3"])
    text: str = Field(examples=["Which licence?"])


class VersionChangesOut(Out):
    """What differs from the version before."""

    before: str = Field(description="Empty for the first version.", examples=["2026-1"])
    items: list[ChangedQuestionOut]


class DraftQuestionOut(Out):
    """A question of a draft."""

    place: int = Field(examples=[3])
    key: str = Field(examples=["licence"])
    text: str = Field(examples=["Which licence?"])
    type: str = Field(examples=["text"])
    required: bool
    change: Change | None = Field(description="Against the version that the draft was made from.")
    faults: list[str] = Field(examples=[[]])


class DraftTopicOut(Out):
    """A topic of a draft."""

    place: int = Field(examples=[2])
    key: str = Field(examples=["data"])
    title: str = Field(examples=["Training data"])
    questions: list[DraftQuestionOut]
    faults: list[str] = Field(examples=[[]])


class ShownQuestionOut(Out):
    """A question as researchers would see it."""

    number: str = Field(examples=["2.3"])
    key: str = Field(examples=["licence"])
    text: str = Field(examples=["Which licence?"])
    when: str = Field(description="When it is asked; empty: always.", examples=["1.2 = No"])


class ShownTopicOut(Out):
    """A topic as researchers would see it."""

    number: int = Field(examples=[2])
    title: str = Field(examples=["Training data"])
    questions: list[ShownQuestionOut]


class ShownDraftOut(Out):
    """A draft as researchers would see it, in one language."""

    topics: list[ShownTopicOut]


class DraftOut(DraftLineOut):
    """A draft with its questions and everything that keeps it from being published."""

    changes: int = Field(
        description="Is sent with each change, so that none is overwritten unseen.", examples=[3]
    )
    topics: list[DraftTopicOut]
    removed: list[str] = Field(description="Keys that are gone.", examples=[["old_question"]])
    faults: int = Field(description="How many there are in all.", examples=[0])
    other_faults: list[str] = Field(description="Of no topic.", examples=[[]])
    unasked: list[str] = Field(
        description="Keys at which rules of triage look, and that it doesn't ask.", examples=[[]]
    )
    address: Address


def _line(line: VersionLine) -> QuestionnaireLineOut:
    own = line.own
    return QuestionnaireLineOut(
        version=line.version, sha256=line.sha256, shipped=own is None, based_on=own.based_on if own else "",
        why=own.why if own else "", published_at=own.published_at if own else None,
        published_by=person_out(own.published_by) if own else None, questions=line.questions, requests=line.requests,
        is_used=line.is_used, is_retired=line.is_retired,
        address=page_address("reviews:questions_version", line.version),
    )  # fmt: skip


def versions_out() -> QuestionnairesOut:
    """Return all versions and drafts."""
    return QuestionnairesOut(
        items=[_line(line) for line in version_lines()],
        drafts=[
            DraftLineOut(
                id=one.pk, based_on=one.based_on, changed_at=one.changed_at, changed_by=person_out(one.changed_by)
            )
            for one in drafts()
        ],
    )  # fmt: skip


def changes_out(before: str, found: Sequence[ChangedQuestion]) -> VersionChangesOut:
    """Return what differs, in the language that is active."""
    language = get_language() or "en"
    return VersionChangesOut(
        before=before,
        items=[
            ChangedQuestionOut(
                key=one.question.key, change=one.change, number=one.question.number,
                text=one.question.text.in_language(language),
            )
            for one in found
        ],
    )  # fmt: skip


def shown_out(topics: Sequence[ShownTopic], language: str) -> ShownDraftOut:
    """Return the topics of a preview in this language."""
    return ShownDraftOut(
        topics=[
            ShownTopicOut(
                number=topic.number, title=topic.title,
                questions=[
                    ShownQuestionOut(
                        number=one.field.question.number, key=one.field.question.key, when=one.when,
                        text=one.field.question.text.in_language(language),
                    )
                    for one in topic.questions
                ],
            )
            for topic in topics
        ]
    )  # fmt: skip


def draft_out(page: DraftPage) -> DraftOut:
    """Return the draft as its page lists it."""
    draft = page.draft
    return DraftOut(
        id=draft.pk, based_on=draft.based_on, changed_at=draft.changed_at, changed_by=person_out(draft.changed_by),
        changes=draft.changes, topics=[_topic(topic) for topic in page.topics],
        removed=[question.key for question in page.removed], faults=page.faults, other_faults=list(page.others),
        unasked=list(page.unasked), address=page_address("reviews:questions_draft", draft.pk),
    )  # fmt: skip


def _topic(topic: DraftTopic) -> DraftTopicOut:
    return DraftTopicOut(
        place=topic.place, key=topic.key, title=topic.title, questions=[_question(one) for one in topic.questions],
        faults=list(topic.problems),
    )  # fmt: skip


def _question(one: DraftQuestion) -> DraftQuestionOut:
    return DraftQuestionOut(
        place=one.place, key=one.key, text=one.text, type=one.kind, required=one.is_required, change=one.change,
        faults=list(one.problems),
    )  # fmt: skip
