"""A file from the store on its way to a reader."""

from typing import BinaryIO

from django.utils.translation import gettext as _

from audit import files
from audit.refusal import Refused


def hand_out(sha256: str) -> BinaryIO:
    """Return the bytes of the file, opened; raises Refused, whose words say what to do, when they are lost."""
    try:
        return files.open_file(sha256)
    except files.Lost:
        raise Refused(_("This file can't be read from the disk. Tell an administrator its name.")) from None
