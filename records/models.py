"""Records: what was frozen, where its sealing stands, which bytes were issued; and the certificates of their keys."""

from cryptography import x509
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from records.rules.sealing import SealingState


class RecordState(models.TextChoices):
    """Where a record stands between decision and seal."""

    FROZEN = SealingState.FROZEN.value, _("frozen, being printed")
    CERTIFIED = SealingState.CERTIFIED.value, _("certified, waiting for signatures")
    SEALING = SealingState.SEALING.value, _("being sealed")
    SEALED = SealingState.SEALED.value, _("sealed")


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
    failure = models.TextField(
        default="", blank=True, help_text="why it doesn't go on, for people; it goes on from its state"
    )
    frozen_at = models.DateTimeField()
    sealed_at = models.DateTimeField(null=True, blank=True)
    base_size = models.PositiveIntegerField(default=0, help_text="bytes before the first signature")
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
                | ~Q(state="sealed") & Q(sealed_at__isnull=True, file_sha256=""),
                name="record_sealed_with_its_file",
            ),
            models.CheckConstraint(
                condition=Q(state="frozen", base_sha256="")
                | Q(state="certified") & ~Q(base_sha256="")
                | Q(state__in=["sealing", "sealed"]),
                name="record_certified_with_its_print",
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | Q(failure=""), name="record_sealed_without_failure"
            ),
            models.UniqueConstraint(
                fields=["file_sha256"], condition=~Q(file_sha256=""), name="record_file_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} ({self.state})"


class RecordStep(models.Model):
    """One signature of a record: expected since it was frozen, asked for, and at last made; each keeps its revision.

    In the order of signing: the system (where people sign), each person, the seal. A person's `line` is what they
    confirmed; it never changes, and nobody is asked for it again when the file has to wait.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="steps")
    place = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=20, help_text="its field in the file")
    title = models.CharField(max_length=200, blank=True, help_text="whose, in the language of the record")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    line = models.BinaryField(default=b"", help_text="canonical JSON of what the person confirmed")
    asked_at = models.DateTimeField(null=True, blank=True, help_text="when the person confirmed it")
    done_at = models.DateTimeField(null=True, blank=True)
    level = models.CharField(max_length=20, default="", blank=True, help_text="of PAdES")
    certificate = models.ForeignKey(
        Certificate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    stamped_by = models.TextField(
        default="", blank=True, help_text="PEM: what the authority of the time is trusted by"
    )
    file_sha256 = models.CharField(max_length=64, default="", blank=True, help_text="the file with it")
    file_size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["record", "place"]
        constraints = [
            models.UniqueConstraint(fields=["record", "place"], name="record_step_place_once"),
            models.UniqueConstraint(fields=["record", "field"], name="record_step_field_once"),
            models.CheckConstraint(
                condition=Q(person__isnull=True, asked_at__isnull=True)
                | Q(person__isnull=False, asked_at__isnull=False),
                name="record_step_asked_of_a_person",
            ),
            models.CheckConstraint(
                condition=Q(done_at__isnull=True, certificate__isnull=True, file_sha256="", level="")
                | Q(done_at__isnull=False, certificate__isnull=False, file_size__gt=0)
                & ~Q(file_sha256="") & ~Q(level=""),
                name="record_step_done_with_its_file",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.field} of {self.record_id}"


from records.attestation import rows  # noqa: E402, F401  (tables of a module of their own)
