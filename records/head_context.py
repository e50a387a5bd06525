"""The shape of the head of the audit log that stands in every record; `records.log_head` fills it in at freezing."""

from typing import TypedDict


class LogHead(TypedDict):
    """A checkpoint (C2SP, tlog-checkpoint)."""

    origin: str
    size: int  # events of the log
    root: str  # hexadecimal
    made_at: str  # instant
    note: str  # as it was signed, with what witnesses had put under it by then
