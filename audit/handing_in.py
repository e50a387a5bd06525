"""A file of a form on its way into the store: its size is checked, it is looked at for malware, and kept."""

from datetime import datetime

from django.core.files import File
from django.db import models
from django.utils.translation import gettext as _

from audit import files, scanning, trail, uploads
from audit.refusal import Refused


def take_in(upload: "File[bytes]", *, obj: models.Model, actor: trail.Actor, now: datetime) -> files.Kept:
    """Keep the file and return its digest and size; when this returns, the bytes are on the disk.

    `obj`: what it is handed in for; that something was found in it is an event about that. Raises Refused, whose words
    say what to do, for a file that is empty, too large or cut off, for malware, and while nobody can look for it.
    """
    if upload.size:
        uploads.check_size(upload.size)
    try:
        scanning.look(upload.file, obj=obj, actor=actor, now=now)
        return files.keep(upload)
    except files.EmptyUpload:
        raise Refused(_("This file is empty. Choose another one.")) from None
    except files.BrokenUpload:
        raise Refused(_("The file didn't arrive whole, so nothing was kept. Send it again.")) from None
