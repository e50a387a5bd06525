"""Tags of the record's page: the state of its seal and its outcome, as icon and word."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from records.models import Record, RecordState
from records.words import WORDS

register = template.Library()

_TONES = {
    RecordState.FROZEN: ("note", "lock"),
    RecordState.PENDING: ("live", "refresh"),
    RecordState.SEALED: ("good", "shield-check"),
    RecordState.FAILED: ("bad", "alert-triangle"),
}


@register.inclusion_tag("records/components/record_state.html")
def record_state(record: Record) -> dict[str, object]:
    """Show where the sealing stands; for pages of other apps too."""
    tone, icon = _TONES[RecordState(record.state)]
    return {"tone": tone, "icon": icon, "label": RecordState(record.state).label}


@register.simple_tag
def outcome_word(record: Record) -> SafeString:
    """Write the outcome out in the reader's language."""
    return format_html("{}", WORDS["outcome"].get(record.outcome, record.outcome))
