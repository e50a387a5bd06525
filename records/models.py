"""Records: what was frozen, where its sealing stands, and which bytes were issued."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RecordState(models.TextChoices):
    """Where a record stands between decision and seal."""

    FROZEN = "frozen", _("frozen, waiting for signatures")
    PENDING = "pending", _("being sealed")
    SEALED = "sealed", _("sealed")
    FAILED = "failed", _("could not be sealed")


class SealCertificate(models.Model):
    """A certificate with which records were sealed, kept with its chain so that old records stay
    verifiable.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    chain = models.TextField(help_text="PEM: the seal's certificate first, the root last")
    first_used_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.sha256[:16]


class Record(models.Model):
    """One record of one decision; the context never changes, the file is written once."""

    kind = models.CharField(max_length=40)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    reference = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    outcome = models.CharField(max_length=40)
    code = models.CharField(max_length=16, unique=True)
    context = models.BinaryField(help_text="canonical JSON, exactly the bytes that are hashed and embedded")
    context_sha256 = models.CharField(max_length=64)
    signatures = models.BinaryField(default=b"[]", help_text="canonical JSON of the signature lines")
    state = models.CharField(max_length=10, choices=RecordState.choices, default=RecordState.FROZEN)
    failure = models.TextField(default="", blank=True)
    frozen_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    base_size = models.PositiveIntegerField(default=0, help_text="bytes before the seal was added")
    base_sha256 = models.CharField(max_length=64, default="", blank=True)
    file_sha256 = models.CharField(max_length=64, default="", blank=True)
    file_size = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    signer = models.ForeignKey(SealCertificate, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        ordering = ["frozen_at", "id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="record_object")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RecordState.values), name="record_state_known"),
            models.CheckConstraint(
                condition=Q(state="sealed", sealed_at__isnull=False, signer__isnull=False, file_size__gt=0)
                & ~Q(file_sha256="")
                & ~Q(base_sha256="")
                | ~Q(state="sealed") & Q(sealed_at__isnull=True, file_sha256="", base_sha256=""),
                name="record_sealed_with_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state="failed") & ~Q(failure="") | ~Q(state="failed") & Q(failure=""),
                name="record_failed_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["file_sha256"], condition=~Q(file_sha256=""), name="record_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.state})"
