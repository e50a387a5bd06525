"""Letters: what was told to who asked, as sealed records of their own; and the texts by which they are written."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from reviews.rules.letter_kinds import LetterKind

TEXTS = [kind.value for kind in LetterKind]
KINDS = [kind.value for kind in LetterKind if kind != LetterKind.MINUTES]


class LetterTemplate(models.Model):
    """One version of the text of a kind of letter in a language; never edited: a change is a new version.

    Version 0 is the text that is shipped, and has no row.
    """

    kind = models.CharField(max_length=30, choices=[(k, k) for k in TEXTS])
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    version = models.PositiveIntegerField()
    content = models.TextField(help_text="Markdown with placeholders")
    sha256 = models.CharField(max_length=64, help_text="of the content")
    reason = models.TextField(help_text="why it was changed")
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "language", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "language", "version"], name="letter_template_version_once"),
            models.CheckConstraint(condition=Q(kind__in=TEXTS), name="letter_template_kind_known"),
            models.CheckConstraint(condition=Q(version__gte=1), name="letter_template_shipped_has_no_row"),
            models.CheckConstraint(
                condition=~Q(content="") & ~Q(sha256="") & ~Q(reason=""), name="letter_template_says_something"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} ({self.language}), version {self.version}"


class Letter(models.Model):
    """A letter to who asked, written when something happened; a job freezes and seals its record.

    `about_…`: the row that it tells of. `said`: what only the act knew, by placeholder. `translates`: the letter of
    which this is the translation; its record cites the digest of that one's.
    """

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="letters")
    number = models.PositiveIntegerField(help_text="counted in the request: 2 is IMP-2026-0001-L2")
    kind = models.CharField(max_length=30, choices=[(k, k) for k in KINDS])
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    about_type = models.CharField(max_length=100)
    about_id = models.CharField(max_length=64)
    decision = models.ForeignKey(
        "reviews.Decision", null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    translates = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="translations"
    )
    said = models.JSONField(default=dict, blank=True)
    written_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="of a translation; empty: the system",
    )  # fmt: skip
    record = models.OneToOneField(
        "records.Record", null=True, blank=True, on_delete=models.PROTECT, related_name="+",
        help_text="empty: the job hasn't frozen it yet",
    )  # fmt: skip

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="letter_number_once"),
            models.UniqueConstraint(
                fields=["kind", "about_type", "about_id"], condition=Q(translates__isnull=True), name="letter_once"
            ),
            models.UniqueConstraint(
                fields=["translates", "language"], condition=Q(translates__isnull=False),
                name="letter_translated_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="letter_kind_known"),
            models.CheckConstraint(condition=~Q(about_id=""), name="letter_is_about_something"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request_id}: letter {self.number} ({self.kind})"
