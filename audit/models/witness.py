"""What the witnesses of the log said when they were last asked."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    """How a witness took the newest checkpoint; from FORK on the log contradicts what the witness remembers."""

    COSIGNED = "cosigned", _("signed")
    SILENT = "silent", _("doesn't answer")
    UNKNOWN = "unknown", _("doesn't know this log")
    REFUSED = "refused", _("refused")
    FORK = "fork", _("has seen another past of this log")
    AHEAD = "ahead", _("has seen a longer log")

    @property
    def is_contradiction(self) -> bool:
        """Say whether the log contradicts what the witness remembers of it."""
        return self in {Outcome.FORK, Outcome.AHEAD}


class WitnessAnswer(models.Model):
    """The last answer of a witness; one row for each, also when it is not asked any more.

    `asked_at`: when it was last asked; `answered_at`: when it last answered at all; `cosigned_at`: when it last
    signed; `failing_since`: since when it doesn't, empty while it does. `size`: how many leaves of `origin` it has
    seen, as far as it said.
    """

    vkey = models.CharField(max_length=300, unique=True)
    witness = models.CharField(max_length=200, help_text="its name")
    url = models.CharField(max_length=500)
    origin = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    cosigned_at = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    size = models.BigIntegerField(null=True)
    text = models.TextField(blank=True, help_text="why, when it didn't sign")

    class Meta:
        ordering = ["witness", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="witness_outcome_known")
        ]

    def __str__(self) -> str:
        return f"{self.witness}: {self.outcome}"
