"""What the page of the search offers, and the number of a request in any form in which people write it."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_stubs_ext import StrOrPromise

from accounts.models import User
from reviews.models import ReviewRequest
from reviews.permissions.sight import visible_to
from reviews.rules.reference import parse_reference
from reviews.selectors.search import Kind

KINDS: dict[str, StrOrPromise] = {
    Kind.ALL.value: pgettext_lazy("what is searched", "All"),
    Kind.REQUESTS.value: _("Requests"),
    Kind.ANSWERS.value: _("Answers"),
    Kind.DECISIONS.value: _("Decisions"),
    Kind.PEOPLE.value: _("People"),
}


def kind_of(text: str) -> Kind:
    """Return the kind that the address names, or all."""
    return Kind(text) if text in KINDS else Kind.ALL


def by_number(user: User, query: str, now: datetime) -> str:
    """Return the reference of the request whose number this is, as people say it, if they may see it, else ""."""
    reference = parse_reference(query, now.year)
    found = visible_to(user, now).filter(reference=reference) if reference else ReviewRequest.objects.none()
    return found.values_list("reference", flat=True).first() or ""
