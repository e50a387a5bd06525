"""The progress of the sample, where it is shown."""

from django import template

from desk.selectors.sample import sample_progress as progress_now

register = template.Library()


@register.inclusion_tag("desk/components/sample_progress.html")
def sample_progress() -> dict[str, object]:
    """Show how far the sample has come; nothing when it is made, or outside a sample."""
    return {"progress": progress_now()}
