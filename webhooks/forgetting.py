"""Deliveries are a working memory, the log is the record: what ended long ago is deleted."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from webhooks.models import Attempt, Delivery, DeliveryState, Message

KEPT = timedelta(days=90)
BATCH = 1000


def forget(now: datetime) -> int:
    """Delete deliveries that ended more than ninety days ago, and messages without any; return how many deliveries."""
    gone = 0
    old = Delivery.objects.filter(ended_at__lt=now - KEPT).exclude(state=DeliveryState.PENDING)
    while ids := list(old.order_by("ended_at").values_list("pk", flat=True)[:BATCH]):
        Attempt.objects.filter(delivery__in=ids).delete()
        gone += Delivery.objects.filter(pk__in=ids).delete()[0]
    has_one = Exists(Delivery.objects.filter(message=OuterRef("pk")))
    Message.objects.filter(~has_one, happened_at__lt=now - KEPT).delete()
    return gone
