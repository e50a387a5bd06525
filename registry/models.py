"""Projects, their AI models, the versions of these, and the manifests that name a version's bytes."""

from collections.abc import Iterable
from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.grants import GroupGrant, UserGrant
from registry.vocabulary import Channel, Market, Modality, Relation


class Project(models.Model):
    """A container of models: who may see it and who may contribute is granted here, not on single requests."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        permissions = [("contribute_project", "May register versions and draft requests")]

    def __str__(self) -> str:
        return self.name


class ProjectUserGrant(UserGrant):
    """A person's permission on a project."""

    content_object = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="user_grants")

    class Meta(UserGrant.Meta):
        pass


class ProjectGroupGrant(GroupGrant):
    """A group's permission on a project."""

    content_object = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="group_grants")

    class Meta(GroupGrant.Meta):
        pass


class AIModel(models.Model):
    """A model under one name; what is reviewed and released are its versions."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="models")
    name = models.CharField(max_length=120)
    description = models.TextField(blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["project", "name"], name="model_name_once_a_project")]

    def __str__(self) -> str:
        return self.name


class ModelVersion(models.Model):
    """One version of a model with the facts that the rules of triage rely on."""

    model = models.ForeignKey(AIModel, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=40)
    summary = models.CharField(max_length=200, blank=True, help_text="what it is for, in a few words")
    modalities = models.JSONField(default=list, help_text="codes of Modality")
    base_model = models.CharField(max_length=200, blank=True)
    relation = models.CharField(max_length=20, choices=Relation, default=Relation.NONE)
    parameters = models.PositiveBigIntegerField(null=True, blank=True)
    training_compute_flop = models.DecimalField(
        max_digits=40, decimal_places=0, null=True, blank=True, validators=[MinValueValidator(Decimal(0))],
        help_text="total floating-point operations of training, base model included",
    )  # fmt: skip
    licence = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=20, choices=Channel)
    markets = models.JSONField(default=list, help_text="codes of Market")
    manifest = models.ForeignKey(
        "registry.Manifest", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    created_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="version_number_once_a_model"),
            models.CheckConstraint(
                condition=Q(training_compute_flop__isnull=True) | Q(training_compute_flop__gte=0),
                name="version_compute_not_negative",
            ),
            models.CheckConstraint(condition=Q(channel__in=Channel.values), name="version_channel_known"),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.number}"

    @property
    def compute_in_words(self) -> str:
        """Return the training compute as people write it, "4.2e22"; empty when it isn't known."""
        return "" if self.training_compute_flop is None else scientific(self.training_compute_flop)

    @property
    def parameters_in_words(self) -> str:
        """Return the number of parameters, from a million on in billions or millions: "7 B", "350 M"."""
        if self.parameters is None or self.parameters < 10**6:
            return "" if self.parameters is None else str(self.parameters)
        units = (("T", 10**12), ("B", 10**9), ("M", 10**6))
        sign, size = next(unit for unit in units if self.parameters >= unit[1])
        return f"{Decimal(self.parameters) / size:.3g} {sign}"

    @property
    def modality_labels(self) -> list[str]:
        """Return the modalities in words."""
        return _labels(Modality, self.modalities)

    @property
    def market_labels(self) -> list[str]:
        """Return the markets in words."""
        return _labels(Market, self.markets)


class Manifest(models.Model):
    """The bytes of a version, as `sha256sum` text sorted by path; never edited, a new one takes its place."""

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="manifests")
    text = models.BinaryField(help_text="canonical text; its SHA-256 is the digest")
    sha256 = models.CharField(max_length=64)
    file_count = models.PositiveIntegerField()
    total_size = models.PositiveBigIntegerField(
        null=True, blank=True, help_text="bytes; sha256sum text has none"
    )
    added_at = models.DateTimeField()
    added_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["sha256"], name="manifest_sha256")]
        constraints = [models.CheckConstraint(condition=Q(file_count__gt=0), name="manifest_not_empty")]

    def __str__(self) -> str:
        return self.sha256[:16]


class CardAuthor(models.Model):
    """Somebody whom the model's card names as an author, as it stands there: who wrote it doesn't judge the version."""

    version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="card_authors")
    name = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    source_name = models.CharField(max_length=255, help_text="name of the file")
    place = models.CharField(max_length=200, blank=True, help_text='where in it: "line 12, Authors"')
    read_at = models.DateTimeField()
    read_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "name", "email"], name="card_author_once"),
            models.CheckConstraint(condition=~Q(name="") | ~Q(email=""), name="card_author_is_somebody"),
        ]

    def __str__(self) -> str:
        return self.name or self.email


def scientific(number: Decimal) -> str:
    """Return a large number as people write it, "3.1e25", exact to two places."""
    if number < 10**6:
        return f"{number:f}"
    mantissa, _sign, exponent = f"{number:.2e}".partition("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def _labels(choices: type[models.TextChoices], codes: Iterable[str]) -> list[str]:
    known = dict(choices.choices)
    return [str(known.get(code, code)) for code in codes]
