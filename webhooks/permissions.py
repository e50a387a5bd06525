"""Who may see webhooks: administrators; to everybody else these pages don't exist."""

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.permissions import is_administrator, require_administrator
from webhooks.models import Delivery, Endpoint, EndpointState

MOST = 50  # endpoints; each event of the log looks through them


def endpoints_visible_to(actor: User) -> QuerySet[Endpoint]:
    """Return the endpoints that the person may open; removed ones are gone."""
    found = Endpoint.objects.exclude(state=EndpointState.REMOVED)
    return found if is_administrator(actor) else found.none()


def endpoint_to_administer(actor: User, endpoint_id: int, *, locked: bool = False) -> Endpoint:
    """Return the endpoint; absent, removed and forbidden look the same (Http404)."""
    require_administrator(actor)
    rows = endpoints_visible_to(actor)
    if locked:
        rows = rows.select_for_update(no_key=True)
    endpoint = rows.filter(pk=endpoint_id).first()
    if endpoint is None:
        raise Http404
    return endpoint


def delivery_of(endpoint: Endpoint, delivery_id: int, *, locked: bool = False) -> Delivery:
    """Return a delivery of an endpoint that the person may administer, or raise Http404."""
    rows = endpoint.deliveries.select_related("message")
    if locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    delivery = rows.filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404
    return delivery


def why_not_add() -> str | None:
    """Return why no further endpoint can be added, or None."""
    if Endpoint.objects.exclude(state=EndpointState.REMOVED).count() >= MOST:
        return _("There are {count} endpoints already. Remove one that nobody needs.").format(count=MOST)
    return None


def why_not_send(endpoint: Endpoint) -> str | None:
    """Return why nothing can be sent to the endpoint now, or None."""
    if not endpoint.is_on:
        return _("The endpoint is off. Switch it on first.")
    return None
