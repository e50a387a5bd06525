"""How a deadline came about, as values: from when, by which term, over which days, with which pauses and moves."""

from enum import StrEnum


class Why(StrEnum):
    """Why a date was written."""

    SET = "set"
    MOVED = "moved"
    RECOMPUTED = "recomputed"
