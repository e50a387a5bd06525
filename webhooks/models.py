"""Endpoints, the messages for them, and how each delivery went."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class EndpointState(models.TextChoices):
    """Whether an endpoint gets messages; a removed one stays as a row, for the log, without its secrets."""

    ENABLED = "enabled", pgettext_lazy("webhook endpoint", "on")
    DISABLED = "disabled", pgettext_lazy("webhook endpoint", "off")
    REMOVED = "removed", pgettext_lazy("webhook endpoint", "removed")


class OffBecause(models.TextChoices):
    """Why an endpoint is off."""

    BY_HAND = "by_hand", _("An administrator switched it off.")
    GONE = "gone", _("The receiver answered 410: it is gone for good.")
    FAILING = "failing", _("For three days no message came through.")


class Endpoint(models.Model):
    """An address outside that is told what happens. The secret is readable with FIELD_KEY only."""

    url = models.CharField(max_length=1000)
    description = models.CharField(max_length=200)
    types = models.JSONField(default=list, help_text="names of the types that it gets")
    state = models.CharField(max_length=10, choices=EndpointState.choices, default=EndpointState.ENABLED)
    off_because = models.CharField(max_length=10, choices=OffBecause.choices, blank=True)
    off_since = models.DateTimeField(null=True, blank=True)
    secret = models.TextField(blank=True, help_text="encrypted; empty when removed")
    former_secret = models.TextField(blank=True, help_text="encrypted; signs beside the new one until then")
    former_until = models.DateTimeField(null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0, help_text="attempts in a row that failed")
    failing_since = models.DateTimeField(null=True, blank=True)
    rests_until = models.DateTimeField(null=True, blank=True, help_text="nothing is sent before")
    busy_until = models.DateTimeField(
        null=True, blank=True, help_text="an attempt is under way, or its worker died"
    )
    last_accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=EndpointState.values), name="endpoint_state_known"),
            models.CheckConstraint(
                condition=Q(state="enabled", off_because="", off_since__isnull=True)
                | Q(state="disabled", off_because__in=OffBecause.values, off_since__isnull=False)
                | Q(state="removed", secret="", former_secret="", off_since__isnull=False),
                name="endpoint_off_has_a_reason",
            ),
            models.CheckConstraint(condition=~Q(url=""), name="endpoint_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.description

    @property
    def is_on(self) -> bool:
        """Whether it gets messages."""
        return self.state == EndpointState.ENABLED


class Message(models.Model):
    """What happened, as it is sent: the same id and the same bytes for every endpoint and every attempt."""

    uid = models.CharField(max_length=40, unique=True)
    type = models.CharField(max_length=60)
    body = models.TextField(help_text="JSON")
    event = models.CharField(max_length=36, blank=True, help_text="id of the event of the log; empty: none")
    happened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.uid} ({self.type})"


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", pgettext_lazy("webhook delivery", "on its way")
    DELIVERED = "delivered", pgettext_lazy("webhook delivery", "delivered")
    FAILED = "failed", pgettext_lazy("webhook delivery", "failed")
    DROPPED = "dropped", pgettext_lazy("webhook delivery", "not sent, the endpoint is off")


class Delivery(models.Model):
    """A message on its way to an endpoint. `turn` grows with each plan to try; a job of an older turn does nothing."""

    endpoint = models.ForeignKey(Endpoint, on_delete=models.PROTECT, related_name="deliveries")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    turn = models.PositiveIntegerField(default=1)
    tries = models.PositiveIntegerField(default=0, help_text="that failed since it was sent, or sent again")
    next_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="delivery_newest"),
            models.Index(fields=["endpoint", "state", "-id"], name="delivery_state"),
            models.Index(fields=["ended_at"], name="delivery_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "message"], name="delivery_once"),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_known"),
            models.CheckConstraint(
                condition=Q(state="pending", ended_at__isnull=True, next_at__isnull=False)
                | ~Q(state="pending") & Q(ended_at__isnull=False, next_at__isnull=True),
                name="delivery_pending_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} to {self.endpoint_id} ({self.state})"


class Attempt(models.Model):
    """One attempt: what was sent, and what came back, cut to its first bytes."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="attempts")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField()
    outcome = models.CharField(max_length=20)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    address = models.CharField(max_length=60, blank=True, help_text="IP address to which it went")
    sent = models.JSONField(default=list, help_text="headers of the request: [name, value]")
    received = models.JSONField(default=list, help_text="headers of the answer: [name, value]")
    answer = models.TextField(blank=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["delivery", "number"], name="attempt_number_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: attempt {self.number} ({self.outcome})"


class Clock(models.Model):
    """Up to which moment dates have been looked at for a type that no event of the log tells of."""

    type = models.CharField(max_length=60, primary_key=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.type}: {self.until}"
