"""Records: what was frozen, where its sealing stands, which bytes were issued; and the certificates of their keys."""

from cryptography import x509
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class RecordState(models.TextChoices):
    """Where a record stands between decision and seal."""

    FROZEN = "frozen", _("frozen, waiting for signatures")
    PENDING = "pending", _("being sealed")
    SEALED = "sealed", _("sealed")
    FAILED = "failed", _("could not be sealed")


class Purpose(models.TextChoices):
    """What a certificate is for."""

    ROOT = "root", _("root authority")
    ISSUING = "issuing", _("issuing authority")
    SYSTEM = "system", _("system that certifies records")
    SEAL = "seal", _("seal of the organisation")
    PERSON = "person", _("signature of a person")


class Origin(models.TextChoices):
    """Where a certificate comes from."""

    ISSUED = "issued", _("issued here")
    BROUGHT = "brought", _("brought along")


class RevocationReason(models.TextChoices):
    """Why a certificate was revoked (RFC 5280, 5.3.1); the codes are those of a revocation list."""

    UNSPECIFIED = "unspecified", _("not said")
    KEY_COMPROMISE = "keyCompromise", _("somebody else may have the key")
    CA_COMPROMISE = "cACompromise", _("somebody else may have the key of the authority")
    AFFILIATION_CHANGED = "affiliationChanged", _("the person left, or the name changed")
    SUPERSEDED = "superseded", _("another one took its place")
    CESSATION = "cessationOfOperation", _("it isn't needed any more")
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn", _("the right to sign was taken away")


class Certificate(models.Model):
    """A certificate with which records are signed, or its authority; kept with its chain, so that old records verify.

    In use is the one that was neither replaced (`retired_at`) nor revoked. What its dates say is another question.
    """

    sha256 = models.CharField(primary_key=True, max_length=64)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    origin = models.CharField(max_length=10, choices=Origin.choices, default=Origin.ISSUED)
    person = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.PROTECT, related_name="certificates"
    )
    issuer = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="issued",
        help_text="the authority whose lists we keep; empty: a root, or one of another house",
    )  # fmt: skip
    serial = models.CharField(max_length=40, help_text="hexadecimal, lower case")
    name = models.CharField(max_length=300, help_text="common name")
    chain = models.TextField(help_text="PEM: its own certificate first, the root last")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    issued_at = models.DateTimeField(help_text="or brought")
    retired_at = models.DateTimeField(null=True, blank=True, help_text="another one took its place")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revocation = models.CharField(max_length=30, choices=RevocationReason.choices, default="", blank=True)

    class Meta:
        ordering = ["-issued_at", "sha256"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="certificate_purpose_known"),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="certificate_origin_known"),
            models.CheckConstraint(
                condition=Q(purpose="person", person__isnull=False)
                | ~Q(purpose="person") & Q(person__isnull=True),
                name="certificate_of_a_person_or_of_none",
            ),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revocation="")
                | Q(revoked_at__isnull=False, revocation__in=RevocationReason.values),
                name="certificate_revoked_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(valid_from__lt=F("valid_until")), name="certificate_begins_before_it_ends"
            ),
            models.UniqueConstraint(fields=["issuer", "serial"], name="certificate_serial_once"),
            models.UniqueConstraint(
                fields=["purpose"], name="certificate_one_in_use",
                condition=Q(origin="issued", person__isnull=True, retired_at__isnull=True, revoked_at__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["person"], name="certificate_one_of_a_person",
                condition=Q(retired_at__isnull=True, revoked_at__isnull=True),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.name} ({self.sha256[:16]})"

    def loaded(self) -> x509.Certificate:
        """Return the certificate itself."""
        return x509.load_pem_x509_certificate(self.chain.encode())

    @property
    def is_in_use(self) -> bool:
        """Say whether it was neither replaced nor revoked, whatever its dates say."""
        return self.retired_at is None and self.revoked_at is None


class RevocationList(models.Model):
    """A list of what an authority revoked, as it was signed; the newest is handed out, the older ones are evidence."""

    issuer = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="lists")
    number = models.PositiveBigIntegerField(help_text="grows with each list of the same authority")
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    entries = models.PositiveIntegerField(help_text="certificates in it")
    content = models.BinaryField(help_text="DER")

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], name="revocation_list_number_once"),
            models.CheckConstraint(
                condition=Q(this_update__lt=F("next_update")), name="revocation_list_begins_before_it_ends"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuer_id[:16]}, {self.number}"


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
    signer = models.ForeignKey(Certificate, null=True, blank=True, on_delete=models.PROTECT)

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


from records.attestation import rows  # noqa: E402, F401  (tables of a module of their own)
