"""Assessments: the controls answered for one date or one model version, reviewed by somebody else, then frozen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from compliance.models.library import Control, Library
from compliance.models.schedule import About, Occurrence, about_constraint
from compliance.rules.completeness import AnswerState
from compliance.rules.lifecycle import EDITABLE, AssessmentState


class Assessment(About):
    """One run of a checklist. Once accepted it is content and digest, and no row of it changes any more."""

    library = models.ForeignKey(Library, on_delete=models.PROTECT, related_name="assessments")
    occurrence = models.OneToOneField(
        Occurrence, null=True, blank=True, on_delete=models.PROTECT, related_name="assessment"
    )
    owner = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="owned_assessments"
    )
    reviewer = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="reviewed_assessments"
    )
    state = models.CharField(
        max_length=10, choices=[(s, s) for s in AssessmentState], default=AssessmentState.OPEN
    )
    created_at = models.DateTimeField()
    due = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    content = models.BinaryField(null=True, blank=True, help_text="canonical JSON, frozen when accepted")
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["state", "due"], name="assessment_due"),
            models.Index(fields=["version", "library", "state"], name="assessment_of_version"),
            models.Index(fields=["owner", "state"], name="assessment_owner"),
            models.Index(fields=["reviewer", "state"], name="assessment_reviewer"),
        ]
        constraints = [
            about_constraint("assessment_about"),
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(reviewer__isnull=True) | ~Q(owner=F("reviewer")),
                name="assessment_reviewer_is_not_owner",
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(AssessmentState)), name="assessment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", accepted_at__isnull=False, content__isnull=False)
                & Q(accepted_by=F("reviewer"), submitted_at__isnull=False)
                & ~Q(sha256="")
                | ~Q(state="accepted") & Q(accepted_at__isnull=True, accepted_by__isnull=True, sha256=""),
                name="assessment_accepted_by_its_reviewer_and_frozen",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["submitted", "accepted"])
                | Q(owner__isnull=False, submitted_at__isnull=False),
                name="assessment_submitted_by_an_owner",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | Q(returned_at__isnull=False) & ~Q(return_reason=""),
                name="assessment_returned_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["version", "library"],
                condition=Q(occurrence__isnull=True) & ~Q(state="accepted"),
                name="assessment_of_a_version_once_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.library} {self.pk} ({self.state})"

    @property
    def is_editable(self) -> bool:
        """Say whether answers and evidence may still change."""
        return self.state in EDITABLE


class AnswerChoice(models.TextChoices):
    """The states of an answer in words."""

    MET = AnswerState.MET, _("Met")
    PARTLY = AnswerState.PARTLY, _("Partly met")
    NOT_MET = AnswerState.NOT_MET, _("Not met")
    NOT_APPLICABLE = AnswerState.NOT_APPLICABLE, _("Not applicable")


class Answer(models.Model):
    """What the owner says about one control."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="answers")
    control = models.ForeignKey(Control, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=20, choices=AnswerChoice, blank=True)
    comment = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["assessment_id", "control_id"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "control"], name="answer_once"),
            models.CheckConstraint(
                condition=Q(state__in=["", *AnswerChoice.values]), name="answer_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.control_id}: {self.state or '-'}"
