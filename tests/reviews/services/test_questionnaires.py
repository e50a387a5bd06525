"""Versions of the questions: drafted, published once and for all, taken for use, retired; drafts go on with the new."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from django.http import Http404

from accounts.models import User
from accounts.roles import Role
from audit.models import Event
from audit.refusal import IllegalTransition, Refused
from records.canonical import digest
from reviews.models import Answer, QuestionnaireDraft, QuestionnaireMark, QuestionnaireVersion
from reviews.selectors.dossier import dossier_of
from reviews.selectors.questionnaires import current, in_use, questionnaire, retired
from reviews.selectors.renewal import Renewal, renewal_of
from reviews.services.answers import save_answer
from reviews.services.questionnaires import (
    StaleDraft,
    change_draft,
    discard_draft,
    draft_questions,
    publish_draft,
    retire_version,
    take_for_use,
)
from reviews.services.renewing import renew_questions
from tests.dossiers import NOW, a_draft, a_version, person, submitted

pytestmark = [pytest.mark.django_db, pytest.mark.both_engines]

SHIPPED = current().version
NEW = {
    "key": "colour",
    "text": {"en": "Which colour?", "zh": "什么颜色？"},
    "type": "markdown",
    "required": True,
}


@pytest.fixture(autouse=True)
def _forget_versions() -> Iterator[None]:
    yield
    questionnaire.cache_clear()


@pytest.fixture
def admin() -> User:
    return person("Ada Admin", Role.ADMINISTRATOR)


@pytest.fixture
def requester() -> User:
    return person("Ravi Requester", Role.RESEARCHER)


def asks_more(content: dict[str, Any]) -> Mapping[str, Any]:
    """The first topic asks one more question, and its first one in other words; the last topic is gone."""
    first, *others = content["topics"]
    reworded = first["questions"][0] | {"text": {"en": "Which right, and whose?", "zh": "什么权利？归谁？"}}
    first = first | {"questions": [reworded, *first["questions"][1:], NEW]}
    return content | {"topics": [first, *others[:-1]]}


def changed(admin: User, draft: QuestionnaireDraft, change: Any = asks_more) -> QuestionnaireDraft:
    return change_draft(actor=admin, draft_id=draft.pk, changes=draft.changes, change=change, now=NOW)


def published(admin: User, *, take: bool = True, change: Any = asks_more) -> QuestionnaireVersion:
    draft = changed(admin, draft_questions(actor=admin, version=SHIPPED, now=NOW), change)
    return publish_draft(
        actor=admin, draft_id=draft.pk, changes=draft.changes, why="More.", take_for_use=take, now=NOW
    )


def verbs() -> list[str]:
    return list(Event.objects.order_by("id").values_list("verb", flat=True))


def test_a_draft_is_published_as_the_next_version_and_new_requests_are_asked_it(
    admin: User, requester: User
) -> None:
    before = a_draft(requester, a_version(requester), questions=SHIPPED)
    version = published(admin)
    assert version.version == f"{SHIPPED}.1"
    assert version.sha256 == digest(bytes(version.content))
    assert questionnaire(version.version).question("colour") is not None
    assert not QuestionnaireDraft.objects.exists()
    assert in_use().version == version.version
    assert a_draft(requester, a_version(requester, number="3"), questions="").questionnaire == version.version
    before.refresh_from_db()
    assert before.questionnaire == SHIPPED
    assert [verb for verb in verbs() if verb.startswith("questionnaire")] == [
        "questionnaire.drafted", "questionnaire.draft_changed", "questionnaire.published",
    ]  # fmt: skip
    assert published(admin, take=False).version == f"{SHIPPED}.2"
    assert in_use().version == version.version


def test_a_published_version_and_what_is_said_of_it_never_change(admin: User) -> None:
    version = published(admin)
    for act in (
        lambda: QuestionnaireVersion.objects.filter(pk=version.pk).update(why="x"),
        lambda: QuestionnaireVersion.objects.filter(pk=version.pk).delete(),
        lambda: QuestionnaireMark.objects.update(kind="retired"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_a_faulty_draft_is_kept_but_not_published(admin: User) -> None:
    draft = draft_questions(actor=admin, version=SHIPPED, now=NOW)
    draft = changed(admin, draft, lambda content: content | {"topics": [{"key": "x"}]})
    with pytest.raises(Refused, match="faults"):
        publish_draft(actor=admin, draft_id=draft.pk, changes=1, why="More.", take_for_use=True, now=NOW)
    assert not QuestionnaireVersion.objects.exists()
    assert QuestionnaireDraft.objects.get().changes == 1


def test_nothing_is_published_that_changes_nothing_or_says_no_reason(admin: User) -> None:
    draft = draft_questions(actor=admin, version=SHIPPED, now=NOW)
    for why in ("The same.", "  "):
        with pytest.raises(Refused):
            publish_draft(actor=admin, draft_id=draft.pk, changes=0, why=why, take_for_use=True, now=NOW)
    assert not QuestionnaireVersion.objects.exists()


def test_two_administrators_on_one_draft_do_not_overwrite_each_other(admin: User) -> None:
    draft = draft_questions(actor=admin, version=SHIPPED, now=NOW)
    changed(admin, draft)
    with pytest.raises(StaleDraft):
        changed(admin, draft, lambda content: content | {"topics": []})
    with pytest.raises(StaleDraft):
        publish_draft(actor=admin, draft_id=draft.pk, changes=0, why="x", take_for_use=True, now=NOW)
    draft.refresh_from_db()
    assert len(draft.content["topics"]) > 1
    same = changed(admin, draft, lambda content: content)
    assert same.changes == 1
    assert verbs().count("questionnaire.draft_changed") == 1


def test_only_administrators_look_after_questions(admin: User, requester: User) -> None:
    draft = draft_questions(actor=admin, version=SHIPPED, now=NOW)
    with pytest.raises(PermissionDenied):
        draft_questions(actor=requester, version=SHIPPED, now=NOW)
    with pytest.raises(PermissionDenied):
        retire_version(actor=requester, version=SHIPPED, why="x", now=NOW)
    with pytest.raises(Http404):
        changed(requester, draft)
    with pytest.raises(Http404):
        discard_draft(actor=requester, draft_id=draft.pk, now=NOW)
    discard_draft(actor=admin, draft_id=draft.pk, now=NOW)
    assert not QuestionnaireDraft.objects.exists()
    with pytest.raises(Refused):
        draft_questions(actor=admin, version="1999-1", now=NOW)


def test_the_version_in_use_is_not_retired_and_a_retired_one_comes_back(admin: User) -> None:
    version = published(admin).version
    with pytest.raises(Refused):
        retire_version(actor=admin, version=version, why="Old.", now=NOW)
    retire_version(actor=admin, version=SHIPPED, why="Old.", now=NOW)
    assert retired() == {SHIPPED}
    take_for_use(actor=admin, version=SHIPPED, why="Back.", now=NOW)
    assert (in_use().version, retired()) == (SHIPPED, set())
    assert verbs()[-2:] == ["questionnaire.retired", "questionnaire.taken_for_use"]


def other_option(content: dict[str, Any]) -> Mapping[str, Any]:
    """As `asks_more`, and a choice has other options."""
    content = dict(asks_more(content))
    for topic in content["topics"]:
        for question in topic["questions"]:
            if question["key"] == "opt_outs":
                for option in question["options"]:
                    option["code"] = f"new_{option['code']}"
    return content


def test_a_draft_goes_on_with_the_new_questions_and_keeps_the_answers_that_fit(
    admin: User, requester: User
) -> None:
    request = a_draft(requester, questions=SHIPPED)
    option = next(iter(questionnaire(SHIPPED).question("opt_outs").options)).code  # type: ignore[union-attr]
    for key, value in (("need", "A reason."), ("opt_outs", option), ("stop_signal", "Within an hour.")):
        save_answer(actor=requester, request_id=request.pk, question=key, raw=[value], version=0, now=NOW)
    assert renewal_of(request, dossier_of(request)) is None
    version = published(admin, change=other_option).version
    told = renewal_of(request, dossier_of(request))
    gone = len(questionnaire(SHIPPED).topics[-1].questions)
    assert told == Renewal(version, added=1, changed=2, removed=gone, emptied=1)
    renewed = renew_questions(actor=requester, request_id=request.pk, now=NOW)
    request.refresh_from_db()
    assert (request.questionnaire, renewed.emptied) == (version, ("opt_outs",))
    assert dict(Answer.objects.values_list("question", "value")) == {
        "need": "A reason.", "opt_outs": None, "stop_signal": "Within an hour.",
    }  # fmt: skip
    assert verbs().count("request.questions_renewed") == 1
    with pytest.raises(Refused):
        renew_questions(actor=requester, request_id=request.pk, now=NOW)


def test_what_was_submitted_keeps_its_questions(admin: User, requester: User) -> None:
    request = submitted(requester).request
    began_with = request.questionnaire
    published(admin)
    assert renewal_of(request, dossier_of(request)) is None
    with pytest.raises(IllegalTransition):
        renew_questions(actor=requester, request_id=request.pk, now=NOW)
    request.refresh_from_db()
    assert request.questionnaire == began_with
