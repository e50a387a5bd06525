"""When a person read which revision: for "since you last looked", and told to nobody else."""

from django.db import models


class Look(models.Model):
    """A person opened the page of a request while this revision was the last one.

    No act of judging, so no event tells of it, and no page shows it to anybody but its person.
    """

    person = models.ForeignKey("accounts.User", on_delete=models.CASCADE, related_name="+")
    revision = models.ForeignKey("reviews.Revision", on_delete=models.CASCADE, related_name="+")
    first_at = models.DateTimeField()
    last_at = models.DateTimeField(
        help_text="to the minute or so: a page that is reloaded doesn't write again"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "revision"], name="look_once_a_revision"),
            models.CheckConstraint(
                condition=models.Q(last_at__gte=models.F("first_at")), name="look_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.revision_id}: {self.person_id}"
