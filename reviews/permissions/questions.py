"""Who looks after the questions of dossiers: administrators."""

from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Role, has_role
from reviews.models import QuestionnaireDraft
from reviews.permissions.reasons import WrongPerson


def why_not_manage_questions(actor: User) -> str | None:
    """Return why the person may not read, change and publish versions of the questions; None if they may."""
    if has_role(actor, Role.ADMINISTRATOR):
        return None
    return WrongPerson(_("The questions of dossiers are looked after by administrators."))


def questions_draft(actor: User, draft_id: int, *, to_change: bool = False) -> QuestionnaireDraft:
    """Return the draft, locked when it is to be changed; raises Http404 for everybody but administrators."""
    rows = QuestionnaireDraft.objects.select_related("made_by", "changed_by")
    if to_change:
        rows = QuestionnaireDraft.objects.select_for_update()
    draft = rows.filter(pk=draft_id).first()
    if draft is None or why_not_manage_questions(actor) is not None:
        raise Http404
    return draft
