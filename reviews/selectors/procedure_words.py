"""The words for procedures: as what somebody determines, on which grounds a request is exempt, where a doubt leads."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from reviews.rules.clocks import Procedure
from reviews.rules.exemption import Capacity, ExemptionGround

CAPACITIES: dict[str, StrOrPromise] = {
    Capacity.CHAIR: pgettext_lazy("capacity", "chair"),
    Capacity.MEMBER: pgettext_lazy("capacity", "member"),
    Capacity.SECRETARY: pgettext_lazy("capacity", "secretary"),
}
GROUNDS: dict[str, StrOrPromise] = {
    ExemptionGround.INTERNAL: _("used inside the organisation only"),
    ExemptionGround.NO_PERSONAL_DATA: _("no personal data"),
    ExemptionGround.NO_EXTERNAL_USERS: _("no users from outside"),
    ExemptionGround.NO_CHANGE_OF_WEIGHTS: _("no change of the weights"),
}
PROCEDURE_NAMES: dict[str, StrOrPromise] = {
    Procedure.EXEMPT: pgettext_lazy("procedure", "Exempt"),
    Procedure.EXPEDITED: pgettext_lazy("procedure", "Expedited"),
    Procedure.FULL: pgettext_lazy("procedure", "Full"),
    Procedure.EMERGENCY: pgettext_lazy("procedure", "Emergency"),
    Procedure.EXPERT: pgettext_lazy("procedure", "Second review by experts"),
}
"""The names of procedures as headings and choices."""
