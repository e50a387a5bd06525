"""Tags of the record's page: the state of its seal and its outcome, as icon and word."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from records.models import Record, RecordState
from records.progress import sealing_of
from records.words import WORDS

register = template.Library()

_TONES = {
    RecordState.FROZEN: ("live", "refresh"),
    RecordState.CERTIFIED: ("note", "lock"),
    RecordState.SEALING: ("live", "refresh"),
    RecordState.SEALED: ("good", "shield-check"),
}


@register.inclusion_tag("records/components/record_state.html")
def record_state(record: Record) -> dict[str, object]:
    """Show where the sealing stands; for pages of other apps too."""
    if record.failure:
        return {"tone": "bad", "icon": "alert-triangle", "label": _("does not go on")}
    tone, icon = _TONES[RecordState(record.state)]
    return {"tone": tone, "icon": icon, "label": RecordState(record.state).label}


@register.inclusion_tag("records/components/sealing.html")
def sealing(record: Record, *, wide: bool = False) -> dict[str, object]:
    """Show how far the record is, looking again by itself; for pages of other apps too."""
    return {"sealing": sealing_of(record), "wide": wide}


@register.simple_tag
def outcome_word(record: Record) -> SafeString:
    """Write the outcome out in the reader's language."""
    return format_html("{}", WORDS["outcome"].get(record.outcome, record.outcome))
