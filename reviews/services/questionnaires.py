"""Looking after the questions: a version is copied to a draft, changed, published, taken for use, retired."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from imprimatur.cards.stated import CardFault
from imprimatur.dossier import shipped
from imprimatur.dossier.questionnaire_file import QuestionnaireInvalid, read_questionnaire
from imprimatur.dossier.questionnaire_source import plain, read_source
from records.canonical import canonical, digest
from registry.card_words import doubt_in_words
from reviews.models import QuestionnaireDraft, QuestionnaireMark, QuestionnaireVersion
from reviews.permissions.questions import questions_draft, why_not_manage_questions
from reviews.permissions.reasons import require
from reviews.selectors.questionnaire_words import problem_in_words
from reviews.selectors.questionnaires import (
    UnknownQuestionnaire,
    content_of,
    in_use,
    questionnaire,
    retired,
)

MOST_DRAFTS = 20


class StaleDraft(Refused):
    """Somebody else changed the draft in the meantime; nothing was written."""


class FaultySource(Refused):
    """The file holds no questions; `faults` say in words what is wrong, each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = faults


@transaction.atomic
def draft_questions(*, actor: User, version: str, now: datetime) -> QuestionnaireDraft:
    """Copy a version to a draft of the next."""
    require(why_not_manage_questions(actor))
    if QuestionnaireDraft.objects.count() >= MOST_DRAFTS:
        raise Refused(_("There are twenty drafts already. Discard one first."))
    try:
        content = plain(content_of(version))
    except UnknownQuestionnaire:
        raise Refused(_("There is no such version of the questions.")) from None
    draft = QuestionnaireDraft.objects.create(
        based_on=version, content=content, made_at=now, made_by=actor, changed_at=now, changed_by=actor
    )
    trail.record("questionnaire.drafted", obj=draft, actor=actor, now=now, data={"based_on": version})
    return draft


@transaction.atomic
def change_draft(
    *,
    actor: User,
    draft_id: int,
    changes: int,
    change: Callable[[dict[str, Any]], Mapping[str, Any]],
    now: datetime,
) -> QuestionnaireDraft:
    """Replace the draft's content by what `change` makes of it; `changes` is the count that the writer saw.

    A draft may be faulty, it is published only without faults. Raises StaleDraft. The same again leaves no event.
    """
    draft = questions_draft(actor, draft_id, to_change=True)
    if changes != draft.changes:
        raise StaleDraft(
            _("Somebody else changed this draft in the meantime. Load the page again, then make your change.")
        )
    content = plain(change(dict(draft.content)))
    if content == plain(draft.content):
        return draft
    draft.content, draft.changes, draft.changed_at, draft.changed_by = content, draft.changes + 1, now, actor
    draft.save()
    trail.record(
        "questionnaire.draft_changed", obj=draft, actor=actor, now=now,
        data={"based_on": draft.based_on, "sha256": digest(canonical(content))},
    )  # fmt: skip
    return draft


def replace_draft(
    *, actor: User, draft_id: int, changes: int, source: bytes, now: datetime
) -> QuestionnaireDraft:
    """Let the draft be what a file of YAML says; raises FaultySource, and what `change_draft` raises."""
    draft = questions_draft(actor, draft_id)
    try:
        content = read_source(source)
        read_questionnaire({**content, "version": draft.based_on})
    except CardFault as fault:
        raise FaultySource([doubt_in_words(fault.doubt)]) from None
    except QuestionnaireInvalid as invalid:
        raise FaultySource([problem_in_words(each) for each in invalid.found]) from None
    whole = {**plain(content), "version": draft.based_on}
    return change_draft(actor=actor, draft_id=draft_id, changes=changes, change=lambda _old: whole, now=now)


@transaction.atomic
def discard_draft(*, actor: User, draft_id: int, now: datetime) -> None:
    """Throw the draft away."""
    draft = questions_draft(actor, draft_id, to_change=True)
    trail.record(
        "questionnaire.draft_discarded", obj=draft, actor=actor, now=now, gone=[draft],
        data={"based_on": draft.based_on},
    )  # fmt: skip
    draft.delete()


@transaction.atomic
def publish_draft(
    *, actor: User, draft_id: int, changes: int, why: str, take_for_use: bool, now: datetime
) -> QuestionnaireVersion:
    """Make the draft the next version, which never changes again; `why` says what changed.

    Raises Refused while the draft is faulty or says the same as the version it was made from, and StaleDraft.
    """
    draft = questions_draft(actor, draft_id, to_change=True)
    if changes != draft.changes:
        raise StaleDraft(
            _("Somebody else changed this draft in the meantime. Look at it again, then publish.")
        )
    if not why.strip():
        raise Refused(_("Say what changed, and why."))
    number = _next_number(draft.based_on)
    content = plain({**draft.content, "version": number})
    try:
        asked = read_questionnaire(content)
    except QuestionnaireInvalid:
        raise Refused(
            _("This draft has faults, so it can't be published. They are listed above it.")
        ) from None
    if asked.topics == questionnaire(draft.based_on).topics:
        raise Refused(_("Nothing differs from version {version}.").format(version=draft.based_on))
    stored = canonical(content)
    try:
        with transaction.atomic():
            version = QuestionnaireVersion.objects.create(
                version=number, content=stored, sha256=digest(stored), based_on=draft.based_on, why=why.strip(),
                published_at=now, published_by=actor,
            )  # fmt: skip
    except IntegrityError:  # another draft took the number in the same moment
        raise Refused(
            _("Somebody published version {version} in the same moment. Publish this draft again.").format(
                version=number
            )
        ) from None
    marks = []
    if take_for_use:
        mark = QuestionnaireMark.objects.create(version=number, kind="used", made_at=now, made_by=actor)
        marks.append(mark)
    trail.record(
        "questionnaire.published", obj=version, actor=actor, now=now, reason=why.strip(), also=marks, gone=[draft],
        data={"version": number, "sha256": version.sha256, "based_on": draft.based_on, "used": take_for_use},
    )  # fmt: skip
    draft.delete()
    return version


def _next_number(based_on: str) -> str:
    """Return the next number of the organisation's own after a shipped version: 2026-1.3 after 2026-1.2."""
    shipped = based_on.partition(".")[0]
    own = QuestionnaireVersion.objects.filter(version__startswith=f"{shipped}.").values_list(
        "version", flat=True
    )
    return f"{shipped}.{1 + max((int(version.partition('.')[2]) for version in own), default=0)}"


@transaction.atomic
def take_for_use(*, actor: User, version: str, why: str, now: datetime) -> QuestionnaireMark:
    """Let new requests be asked this version from now on, also one that was retired."""
    require(why_not_manage_questions(actor))
    _check_known(version)
    if in_use().version == version:
        raise Refused(_("New requests are asked this version already."))
    return _mark(actor, version, "used", "questionnaire.taken_for_use", why, now)


@transaction.atomic
def retire_version(*, actor: User, version: str, why: str, now: datetime) -> QuestionnaireMark:
    """Take the version out of what drafts are made from and moved to; requests that began with it keep it."""
    require(why_not_manage_questions(actor))
    _check_known(version)
    if in_use().version == version:
        raise Refused(_("New requests are asked this version. Take another one for use first."))
    if version in retired():
        raise Refused(_("This version is retired already."))
    return _mark(actor, version, "retired", "questionnaire.retired", why, now)


def _mark(actor: User, version: str, kind: str, verb: str, why: str, now: datetime) -> QuestionnaireMark:
    if not why.strip():
        raise Refused(_("Say why."))
    mark = QuestionnaireMark.objects.create(
        version=version, kind=kind, why=why.strip(), made_at=now, made_by=actor
    )
    trail.record(verb, obj=mark, actor=actor, now=now, reason=why.strip(), data={"version": version})
    return mark


def _check_known(version: str) -> None:
    if (
        version not in shipped.versions()
        and not QuestionnaireVersion.objects.filter(version=version).exists()
    ):
        raise Refused(_("There is no such version of the questions."))
