"""Tokens by which programs act for a person, and answers that are kept so that a repeated call acts once."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q


class ApiToken(models.Model):
    """A token of a person; of its text only the digest is kept. Revoked, never deleted: events name it."""

    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="api_tokens")
    name = models.CharField(max_length=100)
    start = models.CharField(
        max_length=12, help_text="the first characters, by which the person knows it again"
    )
    sha256 = models.CharField(
        max_length=64, unique=True, help_text="of the text; 256 random bits need no slow hash"
    )
    scopes = models.JSONField(help_text="codes of accounts.rules.scopes.Scope")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_on = models.DateField(null=True, blank=True, help_text="the day (UTC), and no finer")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    is_working = False  # set by whoever reads it for a page

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_expires"),
            models.CheckConstraint(
                condition=Q(revoked_by__isnull=True) | Q(revoked_at__isnull=False),
                name="api_token_revoked_by_somebody_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.start}…"

    def works(self, now: datetime) -> bool:
        """Say whether the token opens anything at the moment, as far as it itself goes."""
        return self.revoked_at is None and now < self.expires_at


class KeptAnswer(models.Model):
    """What a call with an Idempotency-Key was answered; the same call again is answered with it, and acts no more.

    It is written in the transaction of what the call did, so there is no act without its kept answer. The body is
    encrypted (`accounts.cipher`).
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    route = models.CharField(max_length=100, help_text="name of the operation")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="SHA-256 of method, address and body")
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["token", "route", "key"], name="kept_answer_one_for_a_key")
        ]

    def __str__(self) -> str:
        return f"{self.route}: {self.status}"
