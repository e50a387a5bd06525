"""The page where a dossier is written: topics with progress, the questions of one, and what is left to do."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import get_language

from accounts.models import User
from imprimatur.dossier.questionnaire import Topic, TopicProgress
from reviews.models import Answer, Notice, ReviewRequest, Revision
from reviews.permissions import drafting
from reviews.rules.triage import Proposal, propose
from reviews.selectors.dossier import Dossier, dossier_of, triage_facts
from reviews.selectors.dossier_words import gap_in_words
from reviews.selectors.gaps import Gap, Gaps, gaps_of
from reviews.selectors.question_field import QuestionField, fields_of
from reviews.selectors.renewal import Renewal, renewal_of
from reviews.selectors.shown_proposals import shown_proposals
from reviews.selectors.triage import rules_in_force
from reviews.selectors.triage_words import in_words
from reviews.selectors.words import BOARD_KINDS, PROCEDURES, TIERS, joined

NAMED = 4


@dataclass(frozen=True, slots=True)
class TopicLink:
    """A line of the list of topics: number, title, how far it has come, and how many answers are proposed."""

    progress: TopicProgress
    title: str
    is_current: bool
    proposed: int = 0

    @property
    def topic(self) -> Topic:
        """Return the topic."""
        return self.progress.topic


@dataclass(frozen=True, slots=True)
class Change:
    """An answer that was saved lately."""

    at: datetime
    number: str
    topic: str
    who: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: its key, its number, and the topic to open."""

    key: str
    number: str
    topic: str


@dataclass(frozen=True, slots=True)
class Route:
    """The way that the rules would propose now, in words."""

    tier: str
    procedure: str
    boards: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Everything that the page shows besides the questions; `why_not` locks the button to submit."""

    request: ReviewRequest
    number: int
    topics: tuple[TopicLink, ...]
    topic: Topic
    title: str
    fields: tuple[QuestionField, ...]
    previous: TopicLink | None
    following: TopicLink | None
    gaps: Gaps
    notes: tuple[str, ...]
    why_not: str | None
    why_not_edit: str | None
    why_not_withdraw: str | None
    route: Route
    changes: tuple[Change, ...]
    notice: Notice | None
    last: Revision | None
    saved: str
    renewal: Renewal | None

    @property
    def asked(self) -> int:
        """Return how many questions are asked."""
        return sum(link.progress.asked for link in self.topics)

    @property
    def answered(self) -> int:
        """Return how many of them are answered."""
        return sum(link.progress.answered for link in self.topics)

    @property
    def bar(self) -> tuple[int, int]:
        """Return how wide the bar is filled and how wide its gap is, of 480: answered, and required but missing."""
        total = max(self.asked, 1)
        return 480 * self.answered // total, 480 * len(self.gaps.answers) // total

    @property
    def named(self) -> list[Place]:
        """Return the first answers that are missing."""
        return self._places([problem.question.key for problem in self.gaps.answers[:NAMED]])

    @property
    def noticed(self) -> list[Place]:
        """Return the answers that the notice is about."""
        return self._places(self.notice.questions if self.notice else [])

    def _places(self, keys: Sequence[str]) -> list[Place]:
        places = {
            question.key: Place(question.key, question.number, link.topic.key)
            for link in self.topics
            for question in link.topic.questions
        }
        return [places[key] for key in keys if key in places]

    @property
    def unnamed(self) -> int:
        """Return how many more are missing."""
        return max(0, len(self.gaps.answers) - NAMED)

    @property
    def to_take(self) -> int:
        """Return how many questions of the topic have a proposal and no answer."""
        return sum(bool(field.proposals) and not field.is_given for field in self.fields)

    @property
    def asks_why(self) -> bool:
        """Say whether a submission has to say what changed."""
        return self.last is not None


def draft_page(actor: User, request: ReviewRequest, topic_key: str, now: datetime) -> DraftPage:
    """Return the page at the topic; an unknown key is the first one with something missing."""
    dossier = dossier_of(request)
    last = Revision.objects.filter(request=request).order_by("number").last()
    topic = chosen_topic(dossier, topic_key)
    proposals = shown_proposals(request, dossier, actor, now)
    links = topic_links(dossier, topic, proposals)
    place = [link.topic.key for link in links].index(topic.key)
    gaps = gaps_of(request, dossier, last)
    return DraftPage(
        request=request,
        number=(last.number if last else 0) + 1,
        topics=links,
        topic=topic,
        title=topic.title.in_language(get_language() or "en"),
        fields=tuple(fields_of(dossier, topic.key, proposals)),
        previous=links[place - 1] if place else None,
        following=links[place + 1] if place + 1 < len(links) else None,
        gaps=gaps,
        notes=tuple(gap_in_words(gap) for gap in gaps.others if gap != Gap.WHY),
        why_not=drafting.why_not_submit(actor, request, now),
        why_not_edit=drafting.why_not_edit(actor, request, now),
        why_not_withdraw=drafting.why_not_withdraw(actor, request, now),
        route=_route(propose(triage_facts(dossier, request.version), rules_in_force()[1])),
        changes=tuple(_changes(dossier)),
        notice=_notice(last),
        last=last,
        renewal=renewal_of(request, dossier),
        saved=" ".join(
            f"{key}:{answer.version}"
            for key, answer in dossier.answers.items()
            if answer.updated_by_id == actor.pk
        ),
    )


def chosen_topic(dossier: Dossier, key: str) -> Topic:
    """Return the topic of this key if it asks something, else the first one with something missing."""
    asked = [progress for progress in dossier.progress if progress.asked]
    found = [progress for progress in asked if progress.topic.key == key]
    missing = [progress for progress in asked if not progress.is_complete]
    return (found or missing or asked)[0].topic


def topic_links(dossier: Dossier, current: Topic, proposals: Collection[str] = ()) -> tuple[TopicLink, ...]:
    """Return the topics that ask something; `proposals` are the questions that have one."""
    language = get_language() or "en"
    given = {key for key, value in dossier.given.answers.items() if value is not None}
    offered = {question.key for question in dossier.asked} & set(proposals) - given
    return tuple(
        TopicLink(
            progress,
            progress.topic.title.in_language(language),
            progress.topic.key == current.key,
            sum(question.key in offered for question in progress.topic.questions),
        )
        for progress in dossier.progress
        if progress.asked
    )


def _notice(last: Revision | None) -> Notice | None:
    """Return the notice with which the last revision came back, if it did."""
    return Notice.objects.filter(revision=last).select_related("made_by").first() if last else None


def _route(proposal: Proposal) -> Route:
    return Route(
        tier=str(TIERS[proposal.tier]),
        procedure=str(PROCEDURES[proposal.procedure]),
        boards=joined(str(BOARD_KINDS[kind]) for kind in proposal.boards),
        reasons=tuple(in_words(reason) for reason in proposal.reasons),
    )


def _changes(dossier: Dossier) -> Sequence[Change]:
    topics = {
        question.key: topic.key for topic in dossier.questionnaire.topics for question in topic.questions
    }
    numbers = {question.key: question.number for question in dossier.questionnaire.questions}
    latest: list[Answer] = sorted(
        dossier.answers.values(), key=lambda answer: answer.updated_at, reverse=True
    )
    return [
        Change(
            answer.updated_at,
            numbers[answer.question],
            topics[answer.question],
            answer.updated_by.display_name,
        )
        for answer in latest[:4]
        if answer.question in numbers
    ]
