"""Libraries of controls: texts that ship with the product, each version kept for the assessments that used it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from compliance.rules.library_file import Confidence, Trigger


class TriggerChoice(models.TextChoices):
    """What makes an assessment of a library without any schedule, in words."""

    NONE = Trigger.NONE, _("schedules only")
    VERSION_CREATED = Trigger.VERSION_CREATED, _("each new model version")


class Origin(models.TextChoices):
    """Where a library comes from, in words."""

    SHIPPED = "shipped", _("ships with the product")
    IMPORTED = "imported", _("imported")


class ConfidenceChoice(models.TextChoices):
    """How sure we are of a source, in words."""

    READ = Confidence.READ, _("primary text read")
    SECOND_HAND = Confidence.SECOND_HAND, _("second-hand")
    MEMORY = Confidence.MEMORY, _("from memory")
    OURS = Confidence.OURS, _("our own default")


def in_language(en: str, zh: str) -> str:
    """Return the text in the language of the page, or the other one where there is only that."""
    return zh if zh and (get_language() or "en").startswith("zh") else en or zh


class Library(models.Model):
    """One version of a library; never edited, an update is a new version."""

    code = models.SlugField(max_length=60)
    framework = models.SlugField(max_length=60, help_text="several libraries may serve one framework")
    version = models.PositiveIntegerField()
    name_en = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=200)
    summary_en = models.TextField(blank=True)
    summary_zh = models.TextField(blank=True)
    trigger = models.CharField(max_length=20, choices=TriggerChoice, default=Trigger.NONE, blank=True)
    days = models.PositiveSmallIntegerField(
        default=14, help_text="days from the trigger until the work is due"
    )
    applies = models.JSONField(
        null=True, blank=True, help_text="when it applies, as in the file; null: not said"
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.SHIPPED)
    sha256 = models.CharField(max_length=64, help_text="of the file it was read from")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="library_version_once"),
            models.CheckConstraint(
                condition=Q(trigger__in=TriggerChoice.values), name="library_trigger_known"
            ),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="library_origin_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.version}"

    @property
    def name(self) -> str:
        """Return the name in the language of the page."""
        return in_language(self.name_en, self.name_zh)

    @property
    def level(self) -> str:
        """Return what it applies to, a Level of the rules; "" when the file says nothing of it."""
        applies: dict[str, str] = self.applies or {}
        return applies.get("to", "")

    @property
    def summary(self) -> str:
        """Return the summary in the language of the page."""
        return in_language(self.summary_en, self.summary_zh)


class Control(models.Model):
    """One thing to answer in a version of a library."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="controls")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=20)
    group = models.CharField(max_length=20, blank=True, help_text="number of its group; empty: no groups")
    group_en = models.CharField(max_length=200, blank=True)
    group_zh = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200)
    title_zh = models.CharField(max_length=200)
    text_en = models.TextField()
    text_zh = models.TextField()
    help_en = models.TextField(blank=True)
    help_zh = models.TextField(blank=True)
    source = models.CharField(max_length=200, help_text="the law, standard or own rule it comes from")
    article = models.CharField(max_length=100, blank=True)
    confidence = models.CharField(max_length=1, choices=ConfidenceChoice)
    evidence_en = models.CharField(
        max_length=300, blank=True, help_text="what would show it; empty: nothing wanted"
    )
    evidence_zh = models.CharField(max_length=300, blank=True)
    evidence_required = models.BooleanField(default=False)
    obligations = models.JSONField(
        default=list, blank=True, help_text="ids of recurring obligations it covers"
    )
    cadence = models.JSONField(default=dict, blank=True, help_text="what we suggest, as in the file")
    mappings = models.JSONField(
        default=list, blank=True, help_text="code:number of controls that the same evidence serves"
    )

    class Meta:
        ordering = ["library_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["library", "number"], name="control_number_once"),
            models.CheckConstraint(
                condition=Q(confidence__in=ConfidenceChoice.values), name="control_confidence_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def title(self) -> str:
        """Return the short name in the language of the page."""
        return in_language(self.title_en, self.title_zh)

    @property
    def group_name(self) -> str:
        """Return the name of its group in the language of the page; "" without groups."""
        return in_language(self.group_en, self.group_zh)

    @property
    def text(self) -> str:
        """Return what is asked, in the language of the page."""
        return in_language(self.text_en, self.text_zh)

    @property
    def help(self) -> str:
        """Return how to judge it, in the language of the page."""
        return in_language(self.help_en, self.help_zh)

    @property
    def evidence(self) -> str:
        """Return what would show it, in the language of the page."""
        return in_language(self.evidence_en, self.evidence_zh)
