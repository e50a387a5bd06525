"""The old name of `imprimatur.dossier.answers`, for as long as others are on their way here."""

from imprimatur.dossier.answers import (
    LONGEST,
    LONGEST_LINE,
    LONGEST_ROWS,
    MOST_ROWS,
    WrongAnswer,
    WrongCell,
    as_sent,
    longest,
    read_answer,
    rows_as_sent,
    sent_rows,
)

__all__ = [
    "LONGEST",
    "LONGEST_LINE",
    "LONGEST_ROWS",
    "MOST_ROWS",
    "WrongAnswer",
    "WrongCell",
    "as_sent",
    "longest",
    "read_answer",
    "rows_as_sent",
    "sent_rows",
]
