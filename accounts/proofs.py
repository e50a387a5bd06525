"""What people prove themselves with when they sign, what they proved, and what became of wrong answers."""

import json
from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Method(models.TextChoices):
    """What was asked of a person who signed (21 CFR 11.200(a)(1)); stands in the statement that they signed."""

    BOTH = "password and one-time code", _("password and one-time code")
    PASSWORD = "password, within a sitting", _("password, within a sitting that began with both")
    CODE = "one-time code, within a sitting", _("one-time code, within a sitting that began with both")
    PASSKEY = "passkey with user verification", _("passkey, unlocked by PIN or biometrics")


class Passkey(models.Model):
    """A credential that a person registered, with its public key; kept when it is removed, because it signed.

    The registration is an event with the public key: a server that made one up later would have to change the log.
    """

    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="passkeys")
    authenticator = models.OneToOneField(
        "mfa.Authenticator", null=True, blank=True, on_delete=models.SET_NULL, related_name="passkey",
        help_text="by which the person signs in; none once it is removed",
    )  # fmt: skip
    name = models.CharField(max_length=100)
    credential_id = models.CharField(max_length=1364, unique=True, help_text="base64url, without padding")
    public_key = models.BinaryField(help_text="COSE_Key (RFC 9052), as the authenticator gave it")
    rp_id = models.CharField(max_length=253, help_text="the domain for which it was made")
    user_verified = models.BooleanField(help_text="PIN or biometrics were asked at the registration")
    sign_count = models.BigIntegerField(
        default=0, help_text="of the last use; 0 for authenticators that don't count"
    )
    registered_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(sign_count__gte=0), name="passkey_counts_up"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(authenticator__isnull=True),
                name="passkey_removed_opens_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: passkey {self.pk}"


class Confirmation(models.Model):
    """A statement that a person confirmed by proving who they are; rows are only ever added."""

    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    what = models.CharField(max_length=100, help_text="kind of the act, dotted: decision.sign.legal")
    subject = models.CharField(max_length=100, help_text="id of what it is about")
    session_sha256 = models.CharField(max_length=64, blank=True, help_text="of the key of the session")
    method = models.CharField(max_length=40, choices=Method.choices)
    passkey = models.ForeignKey(Passkey, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    statement = models.BinaryField(help_text="canonical JSON; its SHA-256 is the challenge of the passkey")
    statement_sha256 = models.CharField(max_length=64, unique=True)
    assertion = models.BinaryField(
        default=b"", help_text="canonical JSON, base64url inside; empty without a passkey"
    )
    confirmed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["person", "session_sha256", "-confirmed_at"], name="confirmation_of_sitting")
        ]
        constraints = [
            models.CheckConstraint(condition=Q(method__in=Method.values), name="confirmation_method_known"),
            models.CheckConstraint(
                condition=Q(method=Method.PASSKEY.value, passkey__isnull=False)
                | (~Q(method=Method.PASSKEY.value) & Q(passkey__isnull=True)),
                name="confirmation_passkey_is_named",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}: {self.method}"

    @property
    def stated_at(self) -> datetime:
        """The time that stands in the statement: that of the signature."""
        return datetime.fromisoformat(json.loads(bytes(self.statement))["time"])


class SigningChallenge(models.Model):
    """A statement that waits for the passkey: for one person, act, object, passkey and session, once, for minutes."""

    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    passkey = models.ForeignKey(Passkey, on_delete=models.CASCADE, related_name="+")
    what = models.CharField(max_length=100)
    subject = models.CharField(max_length=100)
    session_sha256 = models.CharField(max_length=64)
    statement = models.BinaryField()
    statement_sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(session_sha256=""), name="challenge_of_a_session"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("made_at")), name="challenge_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.what} {self.subject}"

    def is_late(self, now: datetime) -> bool:
        """Say whether the time in which it could be answered is over."""
        return now >= self.expires_at


class SigningAttempts(models.Model):
    """How many answers in a row of a person who signs were wrong; counted before they are judged."""

    person = models.OneToOneField("accounts.User", on_delete=models.PROTECT, related_name="+")
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.person_id}: {self.failures}"


class SigningLock(models.Model):
    """Signing is locked for a person after too many wrong answers, until an administrator unlocks it with a reason."""

    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="signing_locks")
    failures = models.PositiveIntegerField()
    locked_at = models.DateTimeField()
    unlocked_at = models.DateTimeField(null=True, blank=True)
    unlocked_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: whoever runs the server",
    )  # fmt: skip
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(unlocked_at__isnull=True), name="signing_lock_one_standing"
            ),
            models.CheckConstraint(
                condition=Q(unlocked_at__isnull=True, unlocked_by__isnull=True, reason="")
                | (Q(unlocked_at__isnull=False) & ~Q(reason="")),
                name="signing_lock_unlocked_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(unlocked_by__isnull=True) | ~Q(unlocked_by=models.F("person")),
                name="signing_lock_unlocked_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: signing locked {self.locked_at:%Y-%m-%d}"
