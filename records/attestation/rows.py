"""What was attested of which decision, how that stands now, every status list, and the public keys of both."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """How a decision stands that was attested; all but the first stand in the status list (imprimatur.status_list)."""

    VALID = "valid", _("valid")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("withdrawn")
    SUPERSEDED = "superseded", _("ended by a newer decision")
    EXPIRED = "expired", _("expired")


class AttestationKey(models.Model):
    """A public key that signs, or signed, attestations and status lists; published for good."""

    key_id = models.CharField(max_length=64, unique=True, help_text="SHA-256 of its SubjectPublicKeyInfo")
    pem = models.TextField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True, help_text="from then on it signed nothing any more")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="attestation_key_ends_later"
            )
        ]

    def __str__(self) -> str:
        return self.key_id[:16]


class Attested(models.Model):
    """A decision that is attested, under a name that stays and says nothing; and how it stands now."""

    uid = models.UUIDField(unique=True)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=40)
    manifest_sha256 = models.CharField(max_length=64)
    valid_until = models.DateTimeField()
    standing = models.CharField(max_length=10, choices=Standing.choices, default=Standing.VALID)
    reason = models.CharField(max_length=40, blank=True, help_text="a code, docs/attestations.md")
    since = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["manifest_sha256"], name="attested_manifest")]
        constraints = [
            models.UniqueConstraint(fields=["object_type", "object_id"], name="attested_once"),
            models.CheckConstraint(condition=Q(standing__in=Standing.values), name="attested_standing_known"),
            models.CheckConstraint(
                condition=Q(standing="valid", reason="") | (~Q(standing="valid") & ~Q(reason="")),
                name="attested_ended_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.standing})"


class Attestation(models.Model):
    """A statement that was signed about a decision; the newest one counts, the others stay where they are."""

    attested = models.ForeignKey(Attested, on_delete=models.PROTECT, related_name="attestations")
    number = models.PositiveIntegerField(help_text="counted in the decision")
    occasion = models.CharField(max_length=30, help_text="why it was made")
    content = models.BinaryField(help_text="Sigstore bundles, a line for each signature")
    payload_sha256 = models.CharField(max_length=64)
    keys = models.JSONField(help_text="ids of the keys that signed it, sorted")
    issued_at = models.DateTimeField()

    class Meta:
        ordering = ["attested", "number"]
        constraints = [
            models.UniqueConstraint(fields=["attested", "number"], name="attestation_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="attestation_number_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.attested_id}: {self.number}"


class StandingChange(models.Model):
    """How an attested decision stood from when on: the history of its state."""

    attested = models.ForeignKey(Attested, on_delete=models.PROTECT, related_name="changes")
    standing = models.CharField(max_length=10, choices=Standing.choices)
    reason = models.CharField(max_length=40, blank=True)
    since = models.DateTimeField()

    class Meta:
        ordering = ["attested", "id"]

    def __str__(self) -> str:
        return f"{self.attested_id}: {self.standing}"


class StatusList(models.Model):
    """A status list as it was signed; its number only grows, which a trigger holds, too."""

    list_id = models.UUIDField()
    number = models.PositiveBigIntegerField(unique=True)
    content = models.BinaryField(help_text="Sigstore bundles, a line for each signature")
    payload_sha256 = models.CharField(max_length=64)
    entries_sha256 = models.CharField(
        max_length=64, help_text="of what it says of decisions: unchanged or not"
    )
    entries = models.PositiveIntegerField()
    keys = models.JSONField(help_text="ids of the keys that signed it, sorted")
    issued_at = models.DateTimeField()
    next_update = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(condition=Q(number__gte=1), name="status_list_number_from_one"),
            models.CheckConstraint(
                condition=Q(next_update__gt=F("issued_at")), name="status_list_holds_for_a_time"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)
