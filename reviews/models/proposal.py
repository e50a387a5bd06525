"""What a file or an earlier dossier says that could answer a question; a person takes it or doesn't."""

from django.db import models
from django.db.models import Q

from reviews.rules.proposals import ProposalSource, ProposalState

SOURCES = [source.value for source in ProposalSource]
STATES = [state.value for state in ProposalState]


class Proposal(models.Model):
    """A value for a question with where it was found; it counts as no answer until somebody takes it."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="proposals")
    question = models.CharField(max_length=60)
    value = models.JSONField(help_text="as the value of an answer: text, list of codes, or list of rows")
    source = models.CharField(max_length=20, choices=[(s, s) for s in SOURCES])
    source_name = models.CharField(max_length=255, help_text="name of the file, or number of the request")
    place = models.CharField(max_length=200, blank=True, help_text='where in it: "line 12, license"')
    quote = models.TextField(blank=True, help_text="what stands there, word for word")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, default=ProposalState.OPEN.value, choices=[(s, s) for s in STATES]
    )
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["request", "state", "id"], name="proposal_of_request")]
        constraints = [
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="proposal_source_known"),
            models.CheckConstraint(
                condition=Q(state="open", settled_at__isnull=True, settled_by__isnull=True)
                | Q(state__in=STATES[1:], settled_at__isnull=False, settled_by__isnull=False),
                name="proposal_settled_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.question} from {self.source_name}"
