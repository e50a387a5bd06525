"""The transparency log over the events: their order, the tiles of the tree, signed heads, and who vouches for them.

The sequencer alone writes here (on PostgreSQL by a login of its own), except verifications and alarms.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from audit.models.event import Event

# How kinds of alarms end, and what that means.
ALARMS = {
    "log.rollback": _("The database is older than what was signed. Nothing is signed until somebody acts."),
    "log.fork": _(
        "The log doesn't begin with what was signed before. Nothing is signed until somebody acts."
    ),
    "log.memory": _("The signer doesn't remember what it signed, or remembers another log."),
    "log.key": _("The key of the log can't be used."),
    "log.tiles": _("The tree over the events was changed."),
    "log.folder": _("The signer's folder can't be used."),
    ".fork": _("A witness has seen another past of this log."),
    ".ahead": _("A witness has seen a longer log than there is here."),
    ".absent": _("A witness has not signed for a day."),
    "witness.setting": _("The list of witnesses is wrong."),
    "verification": _("The log is not whole."),
    "reconciliation": _("Rows were changed past the application."),
}


class Entry(models.Model):
    """The place of an event in the log, counted from 0 in the order in which the sequencer saw them committed."""

    leaf_index = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, on_delete=models.PROTECT, related_name="entry")

    def __str__(self) -> str:
        return str(self.leaf_index)


class Tile(models.Model):
    """Up to 256 hashes of a level of the tree, side by side (C2SP, tlog-tiles)."""

    level = models.PositiveSmallIntegerField()
    n = models.BigIntegerField()
    data = models.BinaryField(help_text="32 bytes for each hash")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "n"], name="tile_once")]

    def __str__(self) -> str:
        return f"{self.level}/{self.n}"


class Tree(models.Model):
    """The tree as the tiles make it; one row, whose key is 1.

    `generation` counts the beginnings of the log: from the second on its checkpoints have another origin. `mark`:
    everything before it has its place in the log (a transaction on PostgreSQL, an event on SQLite).
    """

    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64, help_text="hexadecimal")
    generation = models.PositiveIntegerField(default=1)
    mark = models.BigIntegerField(default=0)
    swept_at = models.DateTimeField(
        null=True, help_text="when every event was last looked at, whatever the mark says"
    )
    sequenced_at = models.DateTimeField(null=True, help_text="when an event last got its place")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="tree_alone")]

    def __str__(self) -> str:
        return f"{self.size} leaves"


class LogKey(models.Model):
    """A public key that signs checkpoints of an origin, or did until the tree had `until_size` leaves."""

    origin = models.CharField(max_length=200)
    vkey = models.CharField(max_length=300, unique=True)
    made_at = models.DateTimeField()
    until_size = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.vkey


class Checkpoint(models.Model):
    """A signed head of the tree (C2SP, tlog-checkpoint)."""

    origin = models.CharField(max_length=200)
    size = models.BigIntegerField()
    root = models.CharField(max_length=64, help_text="hexadecimal")
    note = models.TextField(help_text="the signed note, without cosignatures")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["origin", "size"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.origin} {self.size}"

    @property
    def cosigned(self) -> str:
        """Return the note with the lines of its witnesses."""
        return self.note + "".join(f"{found.line}\n" for found in self.cosignatures.all())


class Cosignature(models.Model):
    """What a witness put under a checkpoint (C2SP, tlog-cosignature)."""

    checkpoint = models.ForeignKey(Checkpoint, on_delete=models.PROTECT, related_name="cosignatures")
    witness = models.CharField(max_length=200)
    line = models.CharField(max_length=400)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["checkpoint", "witness"], name="cosignature_once")]

    def __str__(self) -> str:
        return self.line


class Verification(models.Model):
    """What was found when the whole log was recomputed; `faults` are sentences, the first thing that is wrong first."""

    made_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    size = models.BigIntegerField()
    root = models.CharField(max_length=64)
    events = models.BigIntegerField(help_text="events, also those without a place yet")
    disclosures = models.BigIntegerField()
    checkpoints = models.BigIntegerField()
    faults = models.JSONField(default=list)
    asked_by = models.CharField(max_length=36, blank=True, help_text="pseudonym; empty: the system")

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.size} leaves, {len(self.faults)} faults"

    @property
    def is_whole(self) -> bool:
        """Say whether nothing was wrong."""
        return not self.faults


class Alarm(models.Model):
    """Something about the log that a person has to look at; open until what raised it finds it gone."""

    kind = models.CharField(max_length=60)
    text = models.TextField()
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-raised_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["kind"], condition=Q(ended_at=None), name="alarm_open_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"

    @property
    def title(self) -> str:
        """Return in the reader's language what it is about; the text has the particulars, as the process wrote them."""
        return str(next((words for end, words in ALARMS.items() if self.kind.endswith(end)), self.kind))
