"""An endpoint of webhooks with a delivery that failed, for the addresses that are about them."""

from datetime import datetime

from accounts.models import User
from webhooks.models import Delivery, DeliveryState
from webhooks.services.endpoints import add_endpoint
from webhooks.services.sending import send_test


def about_webhooks(administrator: User, now: datetime) -> dict[str, int]:
    """Return the ids of both."""
    endpoint, _secret = add_endpoint(
        actor=administrator,
        url="https://hooks.example.org/",
        description="Pipeline",
        chosen=["request.approved"],
        now=now,
    )
    delivery = send_test(actor=administrator, endpoint_id=endpoint.pk, now=now)
    Delivery.objects.filter(pk=delivery.pk).update(state=DeliveryState.FAILED, ended_at=now, next_at=None)
    return {"endpoint_id": endpoint.pk, "delivery_id": delivery.pk}
