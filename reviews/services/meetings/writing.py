"""The free texts of minutes, saved as they are written; two writers never overwrite each other."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from audit.refusal import Refused
from records.canonical import canonical, digest
from reviews.models import MinutesPart
from reviews.permissions.meetings import why_not_write
from reviews.permissions.reasons import require
from reviews.rules.minutes import OF_ITEM, OF_MEETING, PartKind
from reviews.services.meetings.locking import hold_meeting, minutes_of

LONGEST = 20_000


class StalePart(Refused):
    """Somebody saved another text in the meantime; nothing was written. `present` is theirs, None: there is none."""

    def __init__(self, present: MinutesPart | None) -> None:
        super().__init__(
            _("This text was changed in the meantime. Both versions are shown; keep one or join them.")
        )
        self.present = present


@transaction.atomic
def save_part(
    *,
    actor: User,
    meeting_id: int,
    kind: str,
    text: str,
    version: int,
    now: datetime,
    item_id: int | None = None,
) -> MinutesPart:
    """Save a text of the minutes, of an item or of the meeting as a whole.

    `version` is that of the text which the writer saw, 0 for none. Raises StalePart when somebody else saved another
    one in the meantime. The same text again changes nothing and leaves no event.
    """
    held = hold_meeting(actor, meeting_id, now)
    item = held.item(item_id) if item_id is not None else None
    minutes = minutes_of(held.meeting)
    require(why_not_write(held.standing, minutes, item))
    if kind not in (OF_MEETING if item is None else OF_ITEM):
        raise Refused(_("The minutes have no such text. Load the page again."))
    text = text.replace("\r\n", "\n").strip()
    if len(text) > LONGEST:
        raise Refused(_("A text of the minutes has {most} characters at the most.").format(most=LONGEST))
    present = MinutesPart.objects.filter(minutes=minutes, item=item, kind=kind).first()
    if present is not None and text == present.text:
        return present
    if version != (present.version if present else 0):
        raise StalePart(present)
    part = present or MinutesPart(minutes=minutes, item=item, kind=PartKind(kind).value)
    part.text, part.version, part.saved_at, part.saved_by = text, part.version + 1, now, actor
    part.save()
    trail.record(
        "minutes.written", obj=part, actor=actor, now=now,
        data={"kind": part.kind, "item": part.item_id, "version": part.version, "sha256": digest(canonical([text]))},
    )  # fmt: skip
    return part
