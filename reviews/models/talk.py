"""What people say beside the dossier: comments, findings, questions to the requester, notes that few may read."""

from django.db import models
from django.db.models import F, Q

from reviews.rules.anchors import AROUND

AUDIENCES = ["board", "everyone"]
FINDINGS = ["must_fix", "should_fix", "note"]
ACTS = ["settled", "reopened"]
READERS = ["private", "privileged"]


class Anchored(models.Model):
    """Something said about an answer as it stood in a revision, and where its passage stands in the newest one.

    `quote` is the passage as it was picked, in the source of the answer; empty: the answer as a whole, or, without a
    key, the whole request. The fields of the place are kept by the system with each new revision.
    """

    revision = models.ForeignKey("reviews.Revision", on_delete=models.PROTECT, related_name="+")
    question_key = models.CharField(max_length=60, blank=True, help_text="the answer it is about; empty: all")
    quote = models.TextField(blank=True, help_text="the passage it is about, as it read then")
    passage = models.TextField(blank=True, help_text="as it reads now; when it is gone, as it read last")
    before = models.CharField(max_length=AROUND, blank=True)
    after = models.CharField(max_length=AROUND, blank=True)
    at = models.PositiveIntegerField(null=True, blank=True, help_text="its first character in the answer")
    edited_in = models.PositiveIntegerField(null=True, blank=True, help_text="number of the revision")
    gone_since = models.PositiveIntegerField(null=True, blank=True, help_text="number of the revision")

    class Meta:
        abstract = True


class Comment(Anchored):
    """A remark beside an answer, or a finding; `audience` says whether the requester sees it or the boards alone.

    A thread is a comment that answers none, with its replies. `act`: a reply by which the thread was called settled,
    or taken up again; its text says why. `settled_…` of the first comment follow from these.
    """

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="comments")
    review = models.ForeignKey(
        "reviews.BoardReview", null=True, blank=True, on_delete=models.PROTECT, related_name="comments",
        help_text="whose board's member wrote it; empty: the requester's side",
    )  # fmt: skip
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    question = models.ForeignKey(
        "reviews.Question", null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    audience = models.CharField(max_length=10, choices=[(a, a) for a in AUDIENCES], default="board")
    finding = models.CharField(max_length=10, choices=[(f, f) for f in FINDINGS], blank=True)
    act = models.CharField(max_length=10, choices=[(a, a) for a in ACTS], blank=True)
    text = models.TextField(blank=True)
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["request", "question_key", "id"], name="comment_passage"),
            models.Index(
                fields=["request"],
                condition=Q(finding="must_fix", settled_at__isnull=True),
                name="comment_must_fix_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(act=""), name="comment_has_text"),
            models.CheckConstraint(condition=Q(audience__in=AUDIENCES), name="comment_audience_known"),
            models.CheckConstraint(
                condition=Q(finding="")
                | Q(
                    finding__in=FINDINGS,
                    audience="everyone",
                    review__isnull=False,
                    answers__isnull=True,
                    question__isnull=True,
                ),
                name="comment_finding_is_a_boards_thread",
            ),
            models.CheckConstraint(
                condition=Q(act="") | Q(act__in=ACTS, answers__isnull=False), name="comment_act_in_a_thread"
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True)
                | Q(settled_at__isnull=False, settled_by__isnull=False, answers__isnull=True),
                name="comment_settled_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.question_key}"


class Question(Anchored):
    """A reader's question to the requester; while one is open the clock stands."""

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="questions")
    review = models.ForeignKey("reviews.BoardReview", on_delete=models.PROTECT, related_name="questions")
    number = models.PositiveIntegerField()
    text = models.TextField()
    asked_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_by = models.ForeignKey(
        "accounts.User", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, help_text="by who asked, or when the work stopped"
    )

    class Meta:
        ordering = ["request", "number"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="question_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="question_number_once"),
            models.CheckConstraint(condition=~Q(text=""), name="question_has_text"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="question_answered_wholly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: question {self.number}"

    @property
    def is_open(self) -> bool:
        """Say whether it waits for an answer."""
        return self.answered_at is None and self.withdrawn_at is None


class Note(Anchored):
    """A note that stays out of the review: private, for its author alone, or privileged, for legal staff alone.

    It has a table of its own, so that nothing that reads comments (records, exports, search) can take it along. A
    private note is deleted when its author erases it.
    """

    request = models.ForeignKey("reviews.ReviewRequest", on_delete=models.PROTECT, related_name="notes")
    readers = models.CharField(max_length=10, choices=[(r, r) for r in READERS])
    answers = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replies"
    )
    text = models.TextField()
    author = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["request", "readers", "author"], name="note_of_request")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_has_text"),
            models.CheckConstraint(condition=Q(readers__in=READERS), name="note_readers_known"),
            models.CheckConstraint(
                condition=Q(answers__isnull=True) | (Q(readers="privileged") & ~Q(answers=F("id"))),
                name="note_private_stands_alone",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.readers}"
