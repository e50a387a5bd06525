"""Short forms for tests: people with roles, a project with a version, a dossier filled in and submitted."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile

from accounts.models import User
from accounts.roles import Role
from imprimatur.dossier.questionnaire import Question, QuestionType
from registry.models import ModelVersion, Project
from registry.services import VersionFacts, found_project, register_model, register_version
from reviews.models import ReviewRequest, Revision
from reviews.selectors.dossier import dossier_of
from reviews.services.answers import save_answer
from reviews.services.drafting import attach_manifest, draft_request
from reviews.services.evidence import add_file
from reviews.services.submission import submit_revision

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MANIFEST = ("a" * 64 + "  config.json\n" + "b" * 64 + "  weights.safetensors\n").encode()
PASSWORD = "a long password of tests"


def person(name: str, *roles: Role, **fields: Any) -> User:
    """Return somebody active with these roles."""
    user = User.objects.create_user(
        f"{name.lower().replace(' ', '.')}@example.org", PASSWORD, display_name=name, **fields
    )
    for role in roles:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user


def a_project(founder: User, name: str = "Harbor", now: datetime = NOW) -> Project:
    """Return a project that the founder may contribute to."""
    return found_project(actor=founder, name=name, now=now)


def a_version(
    founder: User, *, project: Project | None = None, name: str = "Harbor-7B", number: str = "2.1", now: datetime = NOW,
    **facts: Any,
) -> ModelVersion:  # fmt: skip
    """Return a version, by default used internally, trained from the start with little compute."""
    project = project or Project.objects.filter(created_by=founder).first() or a_project(founder, now=now)
    model = project.models.filter(name=name).first() or register_model(
        actor=founder, project_id=project.pk, name=name, now=now
    )
    given: dict[str, Any] = {
        "channel": "internal",
        "modalities": ["text"],
        "parameters": 7_000_000_000,
    } | facts
    given.setdefault("training_compute_flop", Decimal("4.2e22"))
    return register_version(actor=founder, model=model, facts=VersionFacts(number=number, **given), now=now)


def a_draft(
    requester: User, version: ModelVersion | None = None, *, now: datetime = NOW, **given: Any
) -> ReviewRequest:
    """Return a draft without answers, of the short first version of the questions unless another is given."""
    version = version or a_version(requester, now=now)
    given.setdefault("questions", "2026-1")
    given.setdefault("purpose", "Release to the port office as an assistant")
    return draft_request(actor=requester, version_id=version.pk, now=now, **given)


def fill(
    request: ReviewRequest,
    actor: User,
    answers: Mapping[str, str | list[str]] | None = None,
    *,
    now: datetime = NOW,
) -> None:
    """Answer every question that is required, with the least worrying choice where nothing else is given."""
    given = dict(answers or {})
    while missing := dossier_of(request).problems:
        for problem in missing:
            question = problem.question
            if question.type == QuestionType.FILE:
                _give_file(request, actor, question.key, now)
                continue
            default = {
                QuestionType.MARKDOWN: f"What is asked in {question.number} was looked into.",
                QuestionType.NUMBER: "1", QuestionType.DATE: "2026-10-01",
                QuestionType.ROWS: json.dumps([a_row(question)]),
            }.get(question.type) or question.options[0].code  # fmt: skip
            _say(request, actor, question.key, given.pop(question.key, default), now)
    for key, value in given.items():
        _say(request, actor, key, value, now)
    while missing := dossier_of(request).problems:
        fill(request, actor, now=now)


def a_row(question: Question, **cells: str) -> dict[str, str]:
    """Return a row with what is required in it."""
    return {
        column.key: column.options[0].code if column.options else f"{column.text.en} 1"
        for column in question.columns
        if column.required
    } | cells


def _say(request: ReviewRequest, actor: User, key: str, value: str | list[str], now: datetime) -> None:
    present = request.answers.filter(question=key).first()
    save_answer(
        actor=actor, request_id=request.pk, question=key, raw=[value] if isinstance(value, str) else value,
        version=present.version if present else 0, now=now,
    )  # fmt: skip


def _give_file(request: ReviewRequest, actor: User, key: str, now: datetime) -> None:
    add_file(
        actor=actor,
        request_id=request.pk,
        question=key,
        upload=ContentFile(b"what was tried", "report.txt"),
        now=now,
    )


def submitted(
    requester: User, version: ModelVersion | None = None, *, answers: Mapping[str, str | list[str]] | None = None,
    now: datetime = NOW, **given: Any,
) -> Revision:  # fmt: skip
    """Return the first revision of a request that was drafted, filled in and submitted."""
    request = a_draft(requester, version, now=now, **given)
    fill(request, requester, answers, now=now)
    attach_manifest(actor=requester, request_id=request.pk, text=MANIFEST, now=now)
    return submit_revision(actor=requester, request_id=request.pk, now=now)
