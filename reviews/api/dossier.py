"""A dossier while it is written: answers one by one, files, what files state, and submitting it as a revision."""

from datetime import datetime
from typing import Annotated, Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language
from ninja import Field, Query
from pydantic import StringConstraints

from accounts.api.bodies import FileBody
from accounts.api.fields import Id, In, Out, PersonOut, Sha256, WordsOrNone, person_out
from accounts.api.problems import Code
from accounts.api.rooms import Room
from accounts.api.visit import sent_file, tell, version_seen, version_tag
from accounts.rules.scopes import Scope
from audit.uploads import largest
from imprimatur.dossier.answers import rows_as_sent
from reviews.api.faults import gaps_told
from reviews.api.requests import Reference, found_request
from reviews.api.told import RevisionOut, revision_out
from reviews.models import Answer, AnswerFile, ReviewRequest, Revision
from reviews.permissions.drafting import why_not_edit
from reviews.permissions.reasons import WrongPerson, require
from reviews.selectors.dossier import dossier_of
from reviews.selectors.gaps import gaps_of
from reviews.selectors.questionnaires import questionnaire
from reviews.selectors.revisions import content_of
from reviews.services.answers import save_answer
from reviews.services.evidence import add_file, open_dossier_file, remove_file
from reviews.services.submission import submit_revision

room = Room("Dossiers")
BYTES = "application/octet-stream"
Cell = Annotated[str, StringConstraints(max_length=20_000)]
Value = Cell | list[Cell] | list[dict[str, Cell | list[Cell]]] | None
QuestionKey = Annotated[str, Field(pattern="^[a-z0-9_-]{1,60}$", examples=["data_rights"])]


class AnswerOut(Out):
    """An answer; `value` is text, a list of codes, rows as objects, or null for none; version 0: never answered."""

    question: str = Field(examples=["data_rights"])
    value: Value = Field(examples=["yes"])
    version: int = Field(examples=[3])
    updated_at: datetime | None
    updated_by: PersonOut | None


class AnswerIn(In):
    """The answer: text, number or day as text; a code or codes of options; rows as objects by column; null: none."""

    value: Value = Field(examples=["yes"])


class FileOut(Out):
    """A file given with an answer."""

    id: int = Field(examples=[21])
    question: str = Field(examples=["evaluation"])
    name: str = Field(examples=["evaluation.pdf"])
    sha256: Sha256
    size: int = Field(description="In bytes.", examples=[48213])


class ProgressOut(Out):
    """How far a topic has come."""

    topic: str = Field(examples=["data"])
    title: str = Field(examples=["Training data"])
    asked: int = Field(examples=[9])
    answered: int = Field(examples=[7])
    missing: int = Field(examples=[1])


class GapOut(Out):
    """Something that keeps the dossier from being submitted; without a question it concerns the whole."""

    fault: str = Field(examples=["missing"])
    words: str = Field(examples=["An answer is required."])
    question: str | None = Field(examples=["data_rights"])
    number: str | None = Field(examples=["3.2"])
    topic: str | None = Field(examples=["data"])
    address: str = Field(examples=["/requests/IMP-2026-0008/dossier/?topic=data#q-data_rights"])


class DossierOut(Out):
    """The dossier as it stands now, not yet frozen."""

    questionnaire: str = Field(examples=["2026-2"])
    why_not_edit: str | None = Field(
        description="Why this person can't change it now; null: they can.", examples=[None]
    )
    asked: list[str] = Field(
        description="Questions that are asked, given the answers so far.", examples=[["data_rights"]]
    )
    answers: list[AnswerOut]
    files: list[FileOut]
    progress: list[ProgressOut]
    gaps: list[GapOut]


class NamedQuery(In):
    """Name of the file that is sent."""

    name: Annotated[
        str, Field(min_length=1, max_length=255, description="Name of the file.", examples=["report.pdf"])
    ]


class RevisionIn(In):
    """What changed since the last revision; from the second one on it has to be said."""

    why: WordsOrNone = Field("", examples=["Answers the questions of the ethics board"])


class RevisionContentOut(RevisionOut):
    """A revision with what it froze, as canonical JSON whose SHA-256 is `sha256`."""

    content: dict[str, Any] = Field(examples=[{"schema": "imprimatur/revision/v1"}])


@room.get("/requests/{reference}/dossier", DossierOut, Scope.REQUESTS_READ)
def read_dossier(request: HttpRequest, reference: Reference) -> DossierOut:
    """Read the dossier as it is being written, with everything that is missing.

    It is for those who write it; what was submitted is in its revisions.
    """
    user, found, now = found_request(request, reference)
    why_not = why_not_edit(user, found, now)
    if isinstance(why_not, WrongPerson):
        require(why_not)
    dossier = dossier_of(found)
    last = Revision.objects.filter(request=found).order_by("number").last()
    language = get_language() or "en"
    return DossierOut(
        questionnaire=found.questionnaire, why_not_edit=str(why_not) if why_not else None,
        asked=[question.key for question in dossier.asked],
        answers=[answer_out(answer) for answer in dossier.answers.values()],
        files=[_file(file) for files in dossier.files.values() for file in files],
        progress=[
            ProgressOut(
                topic=one.topic.key, title=one.topic.title.in_language(language), asked=one.asked,
                answered=one.answered, missing=one.missing,
            )
            for one in dossier.progress
        ],
        gaps=[GapOut(**gap) for gap in gaps_told(found, gaps_of(found, dossier, last))],
    )  # fmt: skip


def answer_out(answer: Answer) -> AnswerOut:
    """Return the answer."""
    return AnswerOut(
        question=answer.question, value=answer.value, version=answer.version, updated_at=answer.updated_at,
        updated_by=person_out(answer.updated_by),
    )  # fmt: skip


def _file(file: AnswerFile) -> FileOut:
    return FileOut(id=file.pk, question=file.question, name=file.name, sha256=file.sha256, size=file.size)


@room.put("/requests/{reference}/answers/{question}", AnswerOut, Scope.REQUESTS_WRITE, names_version=True)
def put_answer(
    request: HttpRequest, reference: Reference, question: QuestionKey, given: AnswerIn
) -> AnswerOut:
    """Answer a question of the dossier.

    `If-Match` names the version of the answer that you saw, so that nobody's text is overwritten unseen; without it
    there must be no answer yet. The value that stands there already, sent again, changes nothing.
    """
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    if questionnaire(found.questionnaire).question(question) is None:
        raise Http404
    saved = save_answer(
        actor=user, request_id=found.pk, question=question, raw=_raw(given.value),
        version=version_seen(request, lambda: _present(found, question)), now=now,
    )  # fmt: skip
    if saved is None:
        tell(request, "ETag", version_tag(0))
        return AnswerOut(question=question, value=None, version=0, updated_at=None, updated_by=None)
    tell(request, "ETag", version_tag(saved.version))
    return answer_out(saved)


def _raw(value: Any) -> list[str]:  # noqa: ANN401  (JSON)
    """Return the value as a form would send it."""
    if value is None:
        return []
    if isinstance(value, str):
        return [value]
    return [rows_as_sent(value)] if any(isinstance(one, dict) for one in value) else list(value)


def _present(found: ReviewRequest, question: str) -> int:
    present = Answer.objects.filter(request=found, question=question).first()
    return present.version if present else 0


@room.post(
    "/requests/{reference}/answers/{question}/files", FileOut, Scope.REQUESTS_WRITE, status=201,
    takes=FileBody((BYTES,), largest),
)  # fmt: skip
def add_answer_file(
    request: HttpRequest,
    reference: Reference,
    question: QuestionKey,
    asked: Query[NamedQuery],  # noqa: ARG001
) -> FileOut:
    """Give a file with an answer; the body is the file."""
    user, found, now = found_request(request, reference)
    require(why_not_edit(user, found, now))
    if questionnaire(found.questionnaire).question(question) is None:
        raise Http404
    return _file(
        add_file(actor=user, request_id=found.pk, question=question, upload=sent_file(request), now=now)
    )


@room.get("/requests/{reference}/files/{file_id}", bytes, Scope.REQUESTS_READ, gives=BYTES)
def read_answer_file(request: HttpRequest, reference: Reference, file_id: Id) -> HttpResponseBase:
    """Download a file of the dossier."""
    user, found, now = found_request(request, reference)
    file, content = open_dossier_file(actor=user, request_id=found.pk, file_id=file_id, now=now)
    return FileResponse(content, as_attachment=True, filename=file.name, content_type=BYTES)


@room.delete("/requests/{reference}/files/{file_id}", Scope.REQUESTS_WRITE)
def remove_answer_file(request: HttpRequest, reference: Reference, file_id: Id) -> None:
    """Take a file out of the dossier; a revision that froze it keeps it."""
    user, found, now = found_request(request, reference)
    remove_file(actor=user, request_id=found.pk, file_id=file_id, now=now)


@room.post(
    "/requests/{reference}/revisions", RevisionOut, Scope.REQUESTS_WRITE, status=201, tells=(Code.INCOMPLETE,)
)
def submit(request: HttpRequest, reference: Reference, given: RevisionIn) -> RevisionOut:
    """Submit the dossier: it is frozen as the next revision, or everything that is missing is named at once."""
    user, found, now = found_request(request, reference)
    revision = submit_revision(actor=user, request_id=found.pk, why=given.why, now=now)
    tell(request, "Location", f"/api/v1/requests/{reference}/revisions/{revision.number}")
    return revision_out(revision)


@room.get("/requests/{reference}/revisions/{number}", RevisionContentOut, Scope.REQUESTS_READ)
def read_revision(request: HttpRequest, reference: Reference, number: Id) -> HttpResponse | dict[str, Any]:
    """Read a revision with all that it froze."""
    _user, found, _now = found_request(request, reference)
    revision = Revision.objects.filter(request=found, number=number).first()
    if revision is None:
        raise Http404
    return revision_out(revision).model_dump() | {"content": content_of(revision)}
