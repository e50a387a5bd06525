"""What people declare of themselves: all their interests once in a while, and that a request touches none of them."""

from django.db import models
from django.db.models import Q

from reviews.rules.interest_match import InterestKind

INTEREST_KINDS = [kind.value for kind in InterestKind]


class Disclosure(models.Model):
    """All interests of a person at one moment, or that there are none; a later one takes its place, and it stays.

    For how long it counts is each board's policy (`declaration_months`).
    """

    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="disclosures")
    none = models.BooleanField(help_text="the person said that there are none")
    note = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["person", "-made_at"], name="disclosure_latest")]

    def __str__(self) -> str:
        return f"{self.person_id}, {self.made_at:%Y-%m-%d}"


class DisclosedInterest(models.Model):
    """One line of a disclosure: an organisation, a project or a person, and what ties its holder to it."""

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="interests")
    place = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=[(k, k) for k in INTEREST_KINDS])
    name = models.CharField(max_length=200)
    tie = models.CharField(max_length=500, help_text="what ties the person to it: shares, advice, family")

    class Meta:
        ordering = ["disclosure", "place"]
        constraints = [
            models.UniqueConstraint(fields=["disclosure", "place"], name="disclosed_place_once"),
            models.CheckConstraint(condition=Q(kind__in=INTEREST_KINDS), name="disclosed_kind_known"),
            models.CheckConstraint(condition=~Q(name=""), name="disclosed_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.disclosure_id}: {self.kind} {self.place}"


class NothingToDeclare(models.Model):
    """A member read the dossier and declared that nothing ties them to this request."""

    request = models.ForeignKey(
        "reviews.ReviewRequest", on_delete=models.PROTECT, related_name="nothing_to_declare"
    )
    person = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "person"], name="nothing_to_declare_once_a_person")
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.person_id}"
