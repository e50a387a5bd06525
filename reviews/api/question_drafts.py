"""Versions and drafts of the questions of dossiers: drafted, changed, published, used, retired; for administrators."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from accounts.api.bodies import FileBody
from accounts.api.fields import Flag, Id, In, Whole
from accounts.api.rooms import Room
from accounts.api.visit import sent_file, tell, who
from accounts.models import User
from accounts.rules.scopes import Scope
from audit.refusal import Refused
from imprimatur.cards.stated import CardFault
from imprimatur.dossier.questionnaire_file import QuestionnaireInvalid, read_questionnaire
from imprimatur.dossier.questionnaire_source import LARGEST, plain, read_source, to_yaml
from registry.card_words import doubt_in_words
from reviews.api.dossier import BYTES
from reviews.api.questions_told import (
    DraftOut,
    QuestionnairesOut,
    ShownDraftOut,
    VersionChangesOut,
    changes_out,
    draft_out,
    shown_out,
    versions_out,
)
from reviews.permissions.questions import questions_draft, why_not_manage_questions
from reviews.permissions.reasons import require
from reviews.rules.questionnaire_changes import compare
from reviews.rules.questionnaire_edits import NoSuchPlace, moved, part_of, with_question, with_topic
from reviews.selectors.questionnaires import UnknownQuestionnaire, questionnaire
from reviews.selectors.questions_page import draft_questions_page, faults_at, preview, version_before
from reviews.services import questionnaires as services

room = Room("Questions of dossiers")
YAML = "application/yaml"
VersionName = Annotated[str, Field(max_length=20, examples=["2026-2"])]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Changes = Annotated[Whole, Field(description="`changes` of the draft that was read.", examples=[3])]
Key = Annotated[str, StringConstraints(pattern="^[a-z][a-z0-9_]{0,39}$")]
TopicTitle = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Place = Annotated[int, Field(ge=1, le=1000, description="Place, counted from 1.", examples=[1])]


class ChangesQuery(Schema):
    """What the writer saw."""

    changes: Annotated[int, Field(ge=0, le=10**9, description="`changes` of the draft that was read.")]


class LanguageQuery(Schema):
    """In which language."""

    language: Literal["en", "zh-hans"] = "en"


class MarkIn(In):
    """Why a version is taken for use, or retired."""

    why: Why = Field(examples=["The trial with three teams went well."])


class DraftTopicIn(In):
    """A topic without its questions."""

    changes: Changes
    key: Key = Field(examples=["data"])
    title_en: TopicTitle = Field(examples=["Training data"])
    title_zh: TopicTitle = Field(examples=["训练数据"])


class QuestionIn(In):
    """A question, as it stands in a file of questions."""

    changes: Changes
    question: dict[str, Any] = Field(
        examples=[
            {"key": "licence", "type": "text", "text": {"en": "Which licence?", "zh": "采用哪种许可证？"}}
        ]
    )


class QuestionMoveIn(In):
    """What is moved, and where to."""

    changes: Changes
    topic: Whole = Field(description="Place of the topic, from 1.", examples=[2])
    question: Whole = Field(0, description="Place of the question in it; 0: the whole topic.", examples=[3])
    to: Literal["up", "down", "out"]


class PublicationIn(In):
    """What changed, and whether new requests are asked it from now on."""

    changes: Changes
    why: Why = Field(examples=["Asks for the licence of every data set."])
    take_for_use: Flag = True


def _administers(request: HttpRequest) -> tuple[User, datetime]:
    """Return who looks after the questions and the moment; refuses everybody else."""
    user, now = who(request)
    require(why_not_manage_questions(user))
    return user, now


def _known(version: str) -> str:
    try:
        return questionnaire(version).version
    except UnknownQuestionnaire:
        raise Http404 from None


def _draft(user: User, draft_id: int) -> DraftOut:
    return draft_out(draft_questions_page(questions_draft(user, draft_id)))


@room.get("/questionnaires", QuestionnairesOut, Scope.ORGANISATION_READ)
def list_questionnaires(request: HttpRequest) -> QuestionnairesOut:
    """List the versions of the questions, the newest first, and the drafts of the next."""
    _administers(request)
    return versions_out()


@room.get("/questionnaires/{version}/changes", VersionChangesOut, Scope.ORGANISATION_READ)
def read_questionnaire_changes(request: HttpRequest, version: VersionName) -> VersionChangesOut:
    """Read what differs in a version from the one before it."""
    _administers(request)
    before = version_before(_known(version))
    return changes_out(before, compare(questionnaire(before), questionnaire(version)) if before else ())


@room.post("/questionnaires/{version}/drafts", DraftOut, Scope.ORGANISATION_WRITE, status=201, takes=None)
def draft_questionnaire(request: HttpRequest, version: VersionName) -> DraftOut:
    """Copy a version to a draft; nobody is asked it until it is published."""
    user, now = _administers(request)
    made = services.draft_questions(actor=user, version=_known(version), now=now)
    tell(request, "Location", f"/api/v1/question-drafts/{made.pk}")
    return _draft(user, made.pk)


@room.post("/questionnaires/{version}/use", QuestionnairesOut, Scope.ORGANISATION_WRITE)
def use_questionnaire(request: HttpRequest, version: VersionName, given: MarkIn) -> QuestionnairesOut:
    """Ask new requests this version from now on, also one that was retired."""
    user, now = _administers(request)
    services.take_for_use(actor=user, version=_known(version), why=given.why, now=now)
    return versions_out()


@room.post("/questionnaires/{version}/retirement", QuestionnairesOut, Scope.ORGANISATION_WRITE)
def retire_questionnaire(request: HttpRequest, version: VersionName, given: MarkIn) -> QuestionnairesOut:
    """Retire a version; requests that began with it keep it."""
    user, now = _administers(request)
    services.retire_version(actor=user, version=_known(version), why=given.why, now=now)
    return versions_out()


@room.get("/question-drafts/{draft_id}", DraftOut, Scope.ORGANISATION_READ)
def read_question_draft(request: HttpRequest, draft_id: Id) -> DraftOut:
    """Read a draft: its topics and questions, what is wrong with them, and what differs from its version."""
    return _draft(who(request)[0], draft_id)


@room.get("/question-drafts/{draft_id}/preview", ShownDraftOut, Scope.ORGANISATION_READ)
def preview_question_draft(request: HttpRequest, draft_id: Id, asked: Query[LanguageQuery]) -> ShownDraftOut:
    """Read a draft as researchers would see it, once it has no faults."""
    draft = questions_draft(who(request)[0], draft_id)
    try:
        read = read_questionnaire(draft.content)
    except QuestionnaireInvalid:
        raise Refused(_("This draft has faults. Put them right to see how it looks.")) from None
    return shown_out(preview(read, asked.language), asked.language)


@room.get("/question-drafts/{draft_id}/file", bytes, Scope.ORGANISATION_READ, gives=BYTES)
def read_question_draft_file(request: HttpRequest, draft_id: Id) -> HttpResponse:
    """Download a draft as YAML, as it may be sent again."""
    draft = questions_draft(who(request)[0], draft_id)
    name = f'attachment; filename="questions-draft-{draft.pk}.yaml"'
    return HttpResponse(to_yaml(draft.content), content_type=BYTES, headers={"Content-Disposition": name})


@room.put(
    "/question-drafts/{draft_id}/file",
    DraftOut,
    Scope.ORGANISATION_WRITE,
    takes=FileBody((YAML,), lambda: LARGEST),
)
def replace_question_draft(request: HttpRequest, draft_id: Id, asked: Query[ChangesQuery]) -> DraftOut:
    """Let a draft be what a file of YAML says; the body is the file. What is wrong with it is named by its lines."""
    user, now = who(request)
    source = sent_file(request).read(LARGEST + 1)
    services.replace_draft(actor=user, draft_id=draft_id, changes=asked.changes, source=source, now=now)
    return _draft(user, draft_id)


@room.post("/question-drafts/{draft_id}/topics", DraftOut, Scope.ORGANISATION_WRITE, status=201)
def add_topic(request: HttpRequest, draft_id: Id, given: DraftTopicIn) -> DraftOut:
    """Put a topic at the end of a draft."""
    return _with_topic(request, draft_id, 0, given)


@room.put("/question-drafts/{draft_id}/topics/{topic}", DraftOut, Scope.ORGANISATION_WRITE)
def change_topic(request: HttpRequest, draft_id: Id, topic: Place, given: DraftTopicIn) -> DraftOut:
    """Change key and title of a topic of a draft; its questions stay."""
    return _with_topic(request, draft_id, topic, given)


def _with_topic(request: HttpRequest, draft_id: int, topic: int, given: DraftTopicIn) -> DraftOut:
    said = {"key": given.key, "title": {"en": given.title_en, "zh": given.title_zh}}
    return _changed(request, draft_id, given.changes, lambda content: with_topic(content, topic, said))


@room.post(
    "/question-drafts/{draft_id}/topics/{topic}/questions", DraftOut, Scope.ORGANISATION_WRITE, status=201
)
def add_question(request: HttpRequest, draft_id: Id, topic: Place, given: QuestionIn) -> DraftOut:
    """Put a question at the end of a topic."""
    return _with_question(request, draft_id, topic, 0, given)


@room.put("/question-drafts/{draft_id}/topics/{topic}/questions/{place}", DraftOut, Scope.ORGANISATION_WRITE)
def change_question(
    request: HttpRequest, draft_id: Id, topic: Place, place: Place, given: QuestionIn
) -> DraftOut:
    """Put a question in the place of another one; with faults it is refused, and they are named."""
    return _with_question(request, draft_id, topic, place, given)


def _with_question(
    request: HttpRequest, draft_id: int, topic: int, question: int, given: QuestionIn
) -> DraftOut:
    draft = questions_draft(who(request)[0], draft_id)
    said = _as_in_a_file(given.question)
    try:
        place = question or 1 + len(part_of(draft.content, topic).get("questions") or [])
        wrong = faults_at(with_question(draft.content, topic, question, said), f"{topic}.{place}")
    except NoSuchPlace:
        raise Http404 from None
    if wrong:
        raise Refused(" ".join(wrong))
    return _changed(
        request, draft_id, given.changes, lambda content: with_question(content, topic, question, said)
    )


def _as_in_a_file(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data as if a file said them: numbers are texts, and what no file may hold is refused."""
    try:
        found: dict[str, Any] = plain(read_source(to_yaml(given).encode()))
    except CardFault as fault:
        raise Refused(doubt_in_words(fault.doubt)) from None
    return found


def _changed(
    request: HttpRequest, draft_id: int, changes: int, change: Callable[[dict[str, Any]], Mapping[str, Any]]
) -> DraftOut:
    user, now = who(request)
    try:
        services.change_draft(actor=user, draft_id=draft_id, changes=changes, change=change, now=now)
    except NoSuchPlace:
        raise Http404 from None
    return _draft(user, draft_id)


@room.post("/question-drafts/{draft_id}/move", DraftOut, Scope.ORGANISATION_WRITE)
def move_question(request: HttpRequest, draft_id: Id, given: QuestionMoveIn) -> DraftOut:
    """Move a topic or a question of a draft up, down, or out of it."""
    return _changed(
        request,
        draft_id,
        given.changes,
        lambda content: moved(content, given.topic, given.question, given.to),
    )


@room.post("/question-drafts/{draft_id}/publication", QuestionnairesOut, Scope.ORGANISATION_WRITE)
def publish_question_draft(request: HttpRequest, draft_id: Id, given: PublicationIn) -> QuestionnairesOut:
    """Publish a draft as the next version, which never changes again; the draft is gone."""
    user, now = who(request)
    services.publish_draft(
        actor=user, draft_id=draft_id, changes=given.changes, why=given.why, take_for_use=given.take_for_use,
        now=now,
    )  # fmt: skip
    return versions_out()


@room.delete("/question-drafts/{draft_id}", Scope.ORGANISATION_WRITE)
def discard_question_draft(request: HttpRequest, draft_id: Id) -> None:
    """Throw a draft away."""
    user, now = who(request)
    services.discard_draft(actor=user, draft_id=draft_id, now=now)
