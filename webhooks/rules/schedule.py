"""When a message is tried again, when an endpoint rests, and when it is given up."""

from datetime import datetime, timedelta

# As the Standard Webhooks specification recommends (Operational considerations, retries): after each failure so long.
PAUSES = (
    timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=5),
    timedelta(hours=10), timedelta(hours=14), timedelta(hours=20), timedelta(hours=24),
)  # fmt: skip
TRIES = len(PAUSES) + 1
JITTER = 0.1  # of a pause, at most, is added to it
LONGEST_WISH = timedelta(hours=1)  # for which a receiver may ask by Retry-After
GIVEN_UP_AFTER = timedelta(days=3)  # of nothing but failures; the schedule takes three days and four hours
RESTS = (timedelta(seconds=15), timedelta(minutes=1), timedelta(minutes=5))
ONE_ATTEMPT = timedelta(seconds=30)  # longer than an attempt may take
BUSY = timedelta(seconds=5)  # after which a message asks again whether the one before it is through
OVERLAP = timedelta(hours=24)  # in which both secrets sign after a rotation


def next_try(tries: int, now: datetime, *, chance: float, asked: timedelta = timedelta()) -> datetime | None:
    """Return when to try again after so many tries that failed, None when none is left.

    `chance`, from 0 to 1, spreads what failed together. `asked`: how long the receiver wants to be left alone.
    """
    if tries >= TRIES:
        return None
    pause = PAUSES[tries - 1] * (1 + JITTER * chance)
    return now + max(pause, min(asked, LONGEST_WISH))


def rest_until(failures: int, now: datetime) -> datetime | None:
    """Return until when nothing is sent to an endpoint that failed so often in a row; None: it may go on.

    Each try may take fifteen seconds of a worker, and a thousand messages may wait: while nobody answers, one goes.
    """
    if failures < 3:
        return None
    return now + RESTS[min(failures - 3, len(RESTS) - 1)]


def is_given_up(*, failing_since: datetime | None, tries: int, now: datetime) -> bool:
    """Say whether the endpoint is switched off: a message failed for the last time, and for days none came through."""
    return tries >= TRIES and failing_since is not None and now - failing_since >= GIVEN_UP_AFTER
