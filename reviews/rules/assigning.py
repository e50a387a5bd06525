"""Whom to propose as the lead reader of a request, ranked with reasons; who is left out, and why."""

from enum import StrEnum


class ReaderRole(StrEnum):
    """As what somebody reads a request for their board."""

    LEAD = "lead"
    SECOND = "second"
