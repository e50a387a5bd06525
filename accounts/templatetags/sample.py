"""What only a sample shows: the invented people, and the code of the one who is signed in."""

from django import template
from django.conf import settings
from django.template.context import Context

from accounts.models import User
from accounts.sample_cast import cast_context, code_context

register = template.Library()


@register.inclusion_tag("accounts/components/sample_code.html", takes_context=True)
def sample_code(context: Context) -> dict[str, object]:
    """What the signed-in invented person would type at a signature; empty for real people and outside a sample."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if not settings.SAMPLE or not isinstance(person, User) or not person.is_sample:
        return {"person": None}
    return {"person": person}


@register.inclusion_tag("accounts/components/sample_code_part.html")
def code_now(person: User) -> dict[str, object]:
    """The code that the person's app would show now."""
    return code_context(person)


@register.inclusion_tag("accounts/components/sample_cast.html")
def sample_cast() -> dict[str, object]:
    """The invented people of the sign-in page."""
    return cast_context()
