"""What is said of panels: why somebody can't be chosen, what a panel is for."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from django_stubs_ext import StrOrPromise

from reviews.rules.appeals import AppealOutcome, AppealState
from reviews.rules.panels import BoardPurpose, NotForPanel
from reviews.rules.provisional import EmergencyGround

REASONS: Mapping[str, StrOrPromise] = {
    NotForPanel.INACTIVE: _("this account is deactivated"),
    NotForPanel.ADMINISTRATOR: _("an administrator doesn't vote"),
    NotForPanel.RECUSED: _("is recused from this request"),
    NotForPanel.HAS_A_PART: _("has a part in this request, or a conflict by the board's rules"),
    NotForPanel.FORMS_IT: _("you form the panel, so you don't sit on it"),
    NotForPanel.ON_REVIEWING_BOARD: _("sits on a board that reviews this request, or voted on it"),
    NotForPanel.NOT_OUTSIDE: _("works on the project, in the requester's team, or reports to who asks"),
    NotForPanel.VOTED: _("voted on this request, or entered a vote"),
    NotForPanel.SUSPENDED_IT: _("suspended the approval"),
    NotForPanel.SIGNED_IT: _("signed the decision, or refused to"),
}

PURPOSES: Mapping[str, StrOrPromise] = {
    BoardPurpose.STANDING: _("board"),
    BoardPurpose.EXPERTS: _("expert panel"),
    BoardPurpose.APPEAL: _("appeal panel"),
}

APPEAL_STATES: Mapping[str, StrOrPromise] = {
    AppealState.FILED: _("waits for its panel"),
    AppealState.HEARD: _("the panel reviews it"),
    AppealState.DECIDED: _("decided"),
    AppealState.ENDED: _("ended without a decision"),
}

APPEAL_OUTCOMES: Mapping[str, StrOrPromise] = {
    AppealOutcome.APPROVED: _("approved"),
    AppealOutcome.APPROVED_WITH_CONDITIONS: _("approved with conditions"),
    AppealOutcome.RETURNED: _("returned for revision"),
    AppealOutcome.REJECTED: _("rejected again; this is final"),
    AppealOutcome.LIFTED: _("the suspension is lifted"),
    AppealOutcome.UPHELD: _("the suspension is upheld"),
}

GROUNDS: Mapping[str, StrOrPromise] = {
    EmergencyGround.ACTIVE_HARM: _("active harm"),
    EmergencyGround.CRITICAL_FIX: _("critical fix"),
}


def reasons_in_words(reasons: Iterable[NotForPanel]) -> str:
    """Return why somebody can't be chosen, in one line."""
    return pgettext("between reasons", "; ").join(str(REASONS[reason]) for reason in reasons)
