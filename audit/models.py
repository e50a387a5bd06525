"""The trail: events that are only ever added, and the personal values that may be erased from them."""

from django.db import models


class Event(models.Model):
    """One act, as the canonical bytes that are hashed; the other columns are derived from them for searching.

    On PostgreSQL the table has two more columns that the database fills in: `txid` and `leaf_hash`.
    """

    leaf = models.BinaryField(help_text="canonical JSON, at most 65,535 bytes")
    object_type = models.CharField(max_length=100)
    object_id = models.CharField(max_length=64)
    verb = models.CharField(max_length=100)
    actor = models.CharField(max_length=36, blank=True, help_text="pseudonym; empty: the system")
    occurred_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="event_object"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
            models.Index(fields=["verb", "-id"], name="event_verb"),
            models.Index(fields=["-occurred_at", "-id"], name="event_time"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_type} {self.object_id}"


class Disclosure(models.Model):
    """A personal value whose commitment stands in a leaf: HMAC-SHA256(salt, value). Erasing deletes this row."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="disclosures")
    path = models.CharField(max_length=100)
    salt = models.BinaryField()
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "path"], name="disclosure_once")]

    def __str__(self) -> str:
        return self.path
