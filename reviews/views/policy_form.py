"""The form of a policy as pages use it: filled from a preset that the address names, or from the present policy."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reviews.forms.policies import PolicyForm
from reviews.forms.policy_groups import groups_of
from reviews.rules.policy import BoardPolicy
from reviews.rules.policy_presets import PRESETS, policy_of_preset
from reviews.views.acting import sent

DEFAULTS = "defaults"


@dataclass(frozen=True, slots=True)
class Beginning:
    """Something that a policy can begin from; `code` is what the address says."""

    code: str
    name: str
    about: str
    chosen: bool


def policy_form(request: HttpRequest, present: BoardPolicy) -> PolicyForm:
    """Return the form; `present` fills it unless a preset was chosen."""
    code = (request.POST if request.method == "POST" else request.GET).get("preset", "")
    if code in PRESETS:
        return PolicyForm(sent(request), policy=policy_of_preset(code), preset=code)
    if code == DEFAULTS:
        return PolicyForm(sent(request), policy=BoardPolicy(), preset=code)
    return PolicyForm(sent(request), policy=present)


def policy_context(form: PolicyForm, *, first: bool = False) -> dict[str, Any]:
    """Return what the template of the form needs: its groups, and what it can begin from; `first`: of a new board."""
    chosen = form["preset"].value() or ""
    chinese = (get_language() or "").startswith("zh")
    presets = [
        Beginning(
            preset.code,
            preset.name_zh if chinese else preset.name_en,
            preset.about_zh if chinese else preset.about_en,
            preset.code == chosen,
        )
        for preset in PRESETS.values()
    ]
    ours = Beginning(
        DEFAULTS,
        _("The defaults of this software"),
        _("Nothing is taken from a rule."),
        chosen == DEFAULTS or (first and not chosen),
    )
    last = Beginning("", _("The rules in force"), _("Their last version, to be changed."), not chosen)
    beginnings = [ours, *presets] if first else [last, *presets, ours]
    return {"groups": groups_of(form), "presets": beginnings}
