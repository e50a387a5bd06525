"""Tags of compliance's pages: states as icon and word."""

from datetime import date
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from compliance.models import Assessment, Evidence
from compliance.rules.calendar import Mark
from compliance.rules.standing import Counted, Standing
from compliance.selectors.applicability_words import OUTCOMES, why
from compliance.selectors.check_list import WHICH, Which
from compliance.selectors.happening_words import HAPPENED
from compliance.selectors.reuse import period_of_check, stale_badges
from compliance.selectors.verdicts import Verdict
from compliance.selectors.words import (
    ACTION_STATES,
    ASSESSMENT_STATES,
    EXCEPTION_STATES,
    EXPIRED,
    MARKS,
    SCHEDULE_STATES,
    SEVERITIES,
    STANDINGS,
    Badge,
)

register = template.Library()


def _badge(entry: Badge, *, chip: bool) -> dict[str, Any]:
    tone, icon, label = entry
    return {"tone": tone, "icon_name": icon, "label": label, "chip": chip}


@register.simple_tag
def happening(code: str) -> str:
    """What happened that opened a checklist."""
    return str(HAPPENED[code])


@register.inclusion_tag("compliance/components/badge.html")
def assessment_state(state: str, *, chip: bool = False) -> dict[str, Any]:
    """The state of a checklist."""
    return _badge(ASSESSMENT_STATES[state], chip=chip)


@register.inclusion_tag("compliance/components/badge.html")
def schedule_state(state: str, *, chip: bool = False) -> dict[str, Any]:
    """The state of a schedule."""
    return _badge(SCHEDULE_STATES[state], chip=chip)


@register.inclusion_tag("compliance/components/badge.html")
def severity(code: str, *, chip: bool = False) -> dict[str, Any]:
    """How severe a finding is."""
    return _badge(SEVERITIES[code], chip=chip)


@register.inclusion_tag("compliance/components/badge.html")
def action_state(state: str, *, chip: bool = False) -> dict[str, Any]:
    """The state of an action."""
    return _badge(ACTION_STATES[state], chip=chip)


@register.inclusion_tag("compliance/components/badge.html")
def exception_state(state: str, *, over: bool = False, chip: bool = False) -> dict[str, Any]:
    """The state of an exception; an approved one whose last day is over is said so."""
    return _badge(EXPIRED if over and state == "approved" else EXCEPTION_STATES[state], chip=chip)


@register.inclusion_tag("compliance/components/badge.html")
def badge(entry: Badge, *, chip: bool = False) -> dict[str, Any]:
    """A state that is given as tone, icon and words."""
    return _badge(entry, chip=chip)


@register.inclusion_tag("compliance/components/stale.html")
def stale_marks(assessment: Assessment, file: Evidence, today: date) -> dict[str, Any]:
    """Why a file may show nothing any more: expired, or older than the time between two runs."""
    return {"badges": stale_badges(file, period_of_check(assessment), today)}


@register.inclusion_tag("compliance/components/badge.html")
def outcome(verdict: Verdict, *, chip: bool = False) -> dict[str, Any]:
    """Whether a library applies, as icon and word; a person's decision is said so."""
    return _badge(_outcome(verdict), chip=chip)


@register.inclusion_tag("compliance/components/mark.html")
def outcome_sign(verdict: Verdict) -> dict[str, Any]:
    """The same as a cell of the matrix; the word is for screen readers."""
    tone, icon, label = _outcome(verdict)
    return {"tone": tone, "icon_name": icon, "label": label}


def _outcome(verdict: Verdict) -> Badge:
    tone, icon, label = OUTCOMES[verdict.outcome]
    if verdict.decision is None:
        return tone, icon, label
    return tone, "user-check", _("{outcome}, by decision").format(outcome=label)


@register.inclusion_tag("compliance/components/badge.html")
def ruled_outcome(verdict: Verdict) -> dict[str, Any]:
    """What the rule would have said without a person's decision."""
    return _badge(OUTCOMES[verdict.settled.ruled], chip=False)


@register.filter
def reasons(verdict: Verdict) -> str:
    """Why it applies or doesn't, as one text."""
    return " ".join(why(verdict))


@register.inclusion_tag("compliance/components/mark.html")
def mark_sign(mark: Mark) -> dict[str, Any]:
    """How a check counts: the icon in its tint; its word for screen readers."""
    tone, icon, label = MARKS[mark]
    return {"tone": tone, "icon_name": icon, "label": label}


@register.inclusion_tag("compliance/components/key.html")
def mark_key(mark: Mark) -> dict[str, Any]:
    """The sign of a mark in a legend, without a word."""
    tone, icon, _label = MARKS[mark]
    return {"tone": tone, "icon_name": icon}


@register.inclusion_tag("compliance/components/standing.html")
def standing_cell(counted: Counted) -> dict[str, Any]:
    """How the controls of a library stand for a project."""
    tone, label = STANDINGS[counted.standing] if counted.standing else ("", "")
    return {"tone": tone, "label": label, "met": counted.met, "applicable": counted.applicable}


@register.inclusion_tag("compliance/components/standing.html")
def standing_key(standing: Standing) -> dict[str, Any]:
    """An entry of the legend."""
    tone, label = STANDINGS[standing]
    return {"tone": tone, "label": label, "applicable": None}


@register.filter
def which_word(which: Which) -> str:
    """The word for a filter of the list of checks."""
    return str(WHICH[which])


@register.filter
def mark_tone(mark: Mark) -> str:
    """The tone of a mark, for a state in a calendar."""
    return MARKS[mark][0].split()[0].replace("plan", "")


@register.filter
def mark_icon(mark: Mark) -> str:
    """The icon of a mark."""
    return MARKS[mark][1] or "circle-dashed"


@register.filter
def mark_word(mark: Mark) -> str:
    """The word of a mark."""
    return str(MARKS[mark][2])


@register.filter
def month_word(value: date) -> str:
    """A month with its year."""
    return date_format(value, pgettext("pattern of a month with year, in Django's letters", "F Y"))


@register.filter
def month_short(value: date) -> str:
    """A month in a narrow column."""
    return date_format(value, pgettext("pattern of a short month, in Django's letters", "M"))
