"""Why somebody keeps out of a request, in words: to themself, and to who leads the board."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from reviews.models import Recusal
from reviews.rules.recusal import ConflictReason

TO_SELF: dict[str, StrOrPromise] = {
    ConflictReason.REQUESTER: _("You made this request, so others judge it."),
    ConflictReason.CONTRIBUTOR: _("You contributed to this request, so others judge it."),
    ConflictReason.LINE_MANAGER: _(
        "You are the line manager of somebody who works on this request, so others judge it."
    ),
    ConflictReason.CARD_AUTHOR: _("You wrote the model's card, so others judge this request."),
    ConflictReason.SAME_PROJECT: _("You work on the project of this request, so others judge it."),
    ConflictReason.SAME_TEAM: _(
        "You are in one team with somebody who works on this request, so others judge it."
    ),
    ConflictReason.REPORTS_TO: _("Your line manager works on this request, so others judge it."),
    ConflictReason.DECLARED: _("You are recused from this request."),
}
"""Why the person keeps out, told to themself."""

_SELF_IN_DETAIL: dict[str, StrOrPromise] = {
    ConflictReason.CARD_AUTHOR: _(
        "The model's card names “{author}” as an author ({where}), and that is you, so others judge this request."
    ),
    ConflictReason.SAME_PROJECT: _("You work on the project “{project}”, so others judge this request."),
    ConflictReason.SAME_TEAM: _(
        "You are in the team “{team}” with somebody who works on this request, so others judge it."
    ),
}
_OTHERS_IN_DETAIL: dict[str, StrOrPromise] = {
    ConflictReason.REQUESTER: _("Made the request."),
    ConflictReason.CONTRIBUTOR: _("Contributed to the request."),
    ConflictReason.LINE_MANAGER: _("Line manager of somebody who works on the request."),
    ConflictReason.CARD_AUTHOR: _("The model's card names “{author}” as an author: {where}."),
    ConflictReason.SAME_PROJECT: _(
        "May contribute to the project “{project}”, or worked on a dossier of it."
    ),
    ConflictReason.SAME_TEAM: _("Is in the team “{team}” with somebody who works on the request."),
    ConflictReason.REPORTS_TO: _("Reports to somebody who works on the request."),
}


def why_recused(recusal: Recusal, *, to_self: bool) -> StrOrPromise:
    """Return why the screen recused the person, with what it found; "" for a recusal that somebody made.

    What a rule found is for the person and for who leads the board; others see the kind of the reason. Reads the
    request's project if it isn't loaded.
    """
    if recusal.made_by_id is not None:
        return ""
    in_detail = (_SELF_IN_DETAIL if to_self else _OTHERS_IN_DETAIL) if recusal.detail else {}
    words = in_detail.get(recusal.kind) or (TO_SELF if to_self else _OTHERS_IN_DETAIL).get(recusal.kind, "")
    return format_lazy(words, **_named(recusal)) if words else ""


def _named(recusal: Recusal) -> dict[str, str]:
    found = recusal.detail
    project = (
        recusal.request.version.model.project.name if recusal.kind == ConflictReason.SAME_PROJECT else ""
    )
    return {
        "project": project,
        "team": str(found.get("team", "")),
        "author": str(found.get("author", "")),
        "where": ", ".join(str(found[key]) for key in ("file", "place") if found.get(key)),
    }
