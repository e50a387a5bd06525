"""What was said to whom: planned reminders, the inbox, and the mails that carry its messages."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reminders.rules.escalation import Step


class MailState(models.TextChoices):
    """Where a mail stands; `sending` stays when the worker died, and then it goes again with the same Message-ID."""

    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("sending")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("nothing left to say")


class MailKind(models.TextChoices):
    """What a mail carries."""

    SINGLE = "single", _("one message")
    DAILY = "daily", _("the messages of a day")
    WEEKLY = "weekly", _("what a week brings")


class Mail(models.Model):
    """A mail to one person with one message, as a digest with those of a day, or with what the week brings them.

    Its Message-ID is fixed when it is planned and its text before the first attempt, so that each attempt is the same
    mail: the server's 250 and our commit can't be one step, and a reader sees the second copy as the first.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails")
    message_id = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=10, choices=MailKind.choices, default=MailKind.SINGLE)
    digest_at = models.DateTimeField(null=True, blank=True, help_text="empty: a mail of its own")
    planned_at = models.DateTimeField()
    subject = models.TextField(blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True, help_text="the same for who reads mails as pages; empty: text only")
    composed_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "digest_at"], name="mail_one_digest"),
            models.CheckConstraint(
                condition=Q(kind="single", digest_at__isnull=True)
                | Q(kind__in=["daily", "weekly"], digest_at__isnull=False),
                name="mail_digest_has_its_moment",
            ),
            models.CheckConstraint(condition=Q(state__in=MailState.values), name="mail_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["sending", "sent"]) | Q(composed_at__isnull=False),
                name="mail_composed_before_sending",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} ({self.state})"


class Message(models.Model):
    """A line of somebody's inbox, in the language they had then; the same occasion is never told twice."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=60)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    occasion = models.CharField(
        max_length=80, help_text="stage and due moment of a reminder, or moment of a notice"
    )
    subject = models.TextField()
    body = models.TextField(blank=True)
    url = models.CharField(max_length=500, help_text="path of the page where it is done")
    calendar = models.TextField(
        blank=True, help_text="iCalendar object that its mail carries (RFC 6047); its METHOD stands in it"
    )
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mail = models.ForeignKey(Mail, null=True, blank=True, on_delete=models.PROTECT, related_name="messages")

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["person", "-created_at", "-id"], name="message_inbox"),
            models.Index(fields=["person"], condition=Q(read_at__isnull=True), name="message_unread"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "object_type", "object_id", "occasion"], name="message_once"
            ),
            models.CheckConstraint(
                condition=Q(url__startswith="/") & ~Q(url__startswith="//"), name="message_url_is_ours"
            ),
        ]

    def __str__(self) -> str:
        return self.subject


class ReminderState(models.TextChoices):
    """Where a reminder stands."""

    PLANNED = "planned", _("planned")
    DELIVERED = "delivered", _("delivered")
    MERGED = "merged", _("a later one took its place")
    DROPPED = "dropped", _("it waited no longer")


class Reminder(models.Model):
    """A stage of reminding that has begun for one thing that waits; planned once, whatever was missed or ran twice."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="who is reminded"
    )
    about = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+",
        help_text="who is waited for; somebody else when it escalates",
    )  # fmt: skip
    kind = models.CharField(max_length=60)
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    due = models.DateTimeField()
    stage = models.CharField(max_length=20)
    office = models.CharField(
        max_length=20, blank=True, help_text="what somebody else is told as: line manager, head of the board"
    )
    begins = models.DateTimeField(help_text="moment from which the stage counts")
    planned_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=ReminderState.choices, default=ReminderState.PLANNED)
    message = models.OneToOneField(
        Message, null=True, blank=True, on_delete=models.PROTECT, related_name="reminder"
    )

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(state="planned"), name="reminder_planned"),
            models.Index(
                fields=["object_type", "object_id"], condition=Q(stage__in=list(Step)), name="reminder_steps"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "about", "kind", "object_type", "object_id", "due", "stage"],
                name="reminder_once",
            ),
            models.CheckConstraint(condition=Q(state__in=ReminderState.values), name="reminder_state_known"),
            models.CheckConstraint(
                condition=~Q(state="delivered") | Q(message__isnull=False),
                name="reminder_delivered_has_message",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id} {self.stage} ({self.state})"

    @property
    def occasion(self) -> str:
        """What makes its message unique: the stage, the due moment and, when it escalates, who is late."""
        whom = "" if self.about_id == self.person_id else f" {self.about_id}"
        return f"{self.stage} {self.due:%Y-%m-%dT%H:%M:%S.%fZ}{whom}"
