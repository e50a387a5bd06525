"""The job that makes a bundle: after each failure from the beginning again, and offered only when it is whole."""

import errno
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.files import Lost as LostFile
from audit.log import witnesses
from audit.master_keys import NoMasterKey
from audit.models import Checkpoint, Cosignature, Event
from imprimatur.bundle.assembling import assemble
from imprimatur.bundle.writing import BeingWritten, BundleRefused
from jobs.progress import LeaseLost, report
from oversight import shelf
from oversight.bundling import tell_ready
from oversight.gathering import content_of
from oversight.models import Bundle, BundleState
from records.store import Lost as LostRecord

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
READ, WRITTEN = 30, 85
"""Percent of the work that are done when the leaves have been read, and when they have been written."""

BEAT = 30.0
"""Seconds after which the lease is extended although the percent is the same."""


class NotMade(Exception):  # noqa: N818
    """The bundle could not be made this time; the sentence says why and what to do."""


def build(payload: Mapping[str, Any], clock: Callable[[], datetime] = timezone.now) -> None:
    """Make the bundle, unless it is made already or nobody may have it any more.

    Raises NotMade, with the reason on the row too, and then nothing is left on the disk.
    """
    bundle = Bundle.objects.select_related("engagement", "request").get(pk=payload["bundle"])
    if bundle.state != BundleState.ASKED or clock() >= bundle.expires_at:
        return
    try:
        _make(bundle, clock)
    except LeaseLost:
        raise
    except Exception as fault:
        sentence = why(fault)
        Bundle.objects.filter(pk=bundle.pk, state=BundleState.ASKED).update(failure=sentence)
        raise NotMade(sentence) from fault


def _make(bundle: Bundle, clock: Callable[[], datetime]) -> None:
    head = head_for(bundle)
    tick = Progress(head.size)
    tick("reading", 0)
    content = content_of(bundle, head, tick, tick.still)
    signed = assemble(shelf.place(bundle.pk), content, tick, shelf.lock_of(bundle.pk))
    tick("hashing", 0)
    whole = shelf.weigh(bundle.pk, tick.still)
    told = tell_ready(bundle_id=bundle.pk, whole=whole, head=signed, now=clock())
    if not told and Bundle.objects.filter(pk=bundle.pk, state=BundleState.GONE).exists():
        shelf.remove(bundle.pk)  # another worker that was quicker has the same file, and it is offered


def head_for(bundle: Bundle) -> Checkpoint:
    """Return the newest signed head under which the question stands in the log itself, with a witness if there are any.

    Raises NotMade until there is one.
    """
    asked = Event.objects.filter(
        object_type=Bundle._meta.label_lower, object_id=str(bundle.pk), verb="bundle.asked"
    )
    index = asked.values_list("entry__leaf_index", flat=True).first()
    heads = Checkpoint.objects.order_by("-id").filter(size__gt=-1 if index is None else index)
    if index is None or not heads.exists():
        raise NotMade(
            _(
                "The log has no signed head yet that comes after the question. Its sequencer signs one within seconds."
            )
        )
    if names := [witness.verifier.name for witness in witnesses.configured()]:
        seen = Cosignature.objects.filter(checkpoint=OuterRef("pk"), witness__in=names)
        heads = heads.filter(Exists(seen))
    head = heads.first()
    if head is None:
        raise NotMade(_("No witness has signed a head of the log yet that comes after the question."))
    return head


def why(fault: Exception) -> str:
    """Return in words why a bundle could not be made, and what helps."""
    match fault:
        case NotMade() | BundleRefused() | NoMasterKey():
            return str(fault)
        case OSError() if fault.errno in FULL:
            free = shutil.disk_usage(shelf.folder()).free // 1_000_000
            return _(
                "The disk is full: {megabytes} MB are free where bundles are kept. An administrator makes room."
            ).format(megabytes=free)
        case witnesses.WrongWitnesses():
            return _(
                "The setting of the witnesses is wrong: {reason} An administrator puts it right."
            ).format(reason=fault)
        case LostFile() | LostRecord():
            return _("{reason} Without it the bundle is not whole; bring it back from a backup.").format(
                reason=fault
            )
        case BeingWritten():
            return _("Another worker is still at it.")
    return _("Something failed that has nothing to do with the bundle; the job says what it was.")


class Progress:
    """Tells the page how far the work is, by whole percents: each is a row that is written."""

    def __init__(self, leaves: int) -> None:
        self._leaves, self._told, self._at = max(1, leaves), (-1, ""), 0.0

    def __call__(self, part: str, done: int) -> None:
        """Hear what was done; raises LeaseLost when another worker has the job."""
        percent = self._of(part, done)
        if percent != self._told[0] or not self._told[1].startswith(part):
            of = f"/{self._leaves}" if part in {"reading", "events"} else ""
            self._report(percent, f"{part} {done}{of}")

    def still(self) -> None:
        """Keep the lease while a large file goes by; raises LeaseLost."""
        if time.monotonic() - self._at > BEAT:
            self._report(*self._told)

    def _report(self, percent: int, text: str) -> None:
        self._told, self._at = (percent, text), time.monotonic()
        report(percent, text)

    def _of(self, part: str, done: int) -> int:
        share = min(1.0, done / self._leaves)
        match part:
            case "reading":
                return int(READ * share)
            case "events":
                return READ + int((WRITTEN - READ) * share)
            case "files":
                return min(98, WRITTEN + done // 10)
            case "hashing":
                return 99
        return max(0, self._told[0])
