"""What one request has in common with another: enough to be the same thing asked twice, or a precedent for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

SAME_PURPOSE = 0.8
"""From this share of common words on, two purposes say the same."""
LEAST_WORDS = 4
LIKE_ENOUGH = 4.0


class Likeness(StrEnum):
    """What is alike, the strongest first."""

    FILES = "files"
    VERSION = "version"
    PURPOSE = "purpose"
    MODEL = "model"
    WORDS = "words"
    CHANNEL = "channel"
    KIND = "kind"
    RISK = "risk"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Profile:
    """What is compared of a request. `manifest` "" and `tier` None are unknown, and like nothing.

    `words` are those of the purpose; `data` are codes of what was answered on personal data.
    """

    version: int
    model: int
    manifest: str
    channel: str
    modalities: frozenset[str]
    tier: int | None
    words: frozenset[str]
    data: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is alike, how much, and whether it is the same thing again."""

    alike: tuple[Likeness, ...]
    score: float
    is_duplicate: bool

    @property
    def is_precedent(self) -> bool:
        """Say whether a decision on the other one says something for this one."""
        return self.score >= LIKE_ENOUGH


_WEIGHTS = {
    Likeness.FILES: 20.0, Likeness.VERSION: 10.0, Likeness.PURPOSE: 4.0, Likeness.MODEL: 3.0, Likeness.CHANNEL: 1.5,
    Likeness.KIND: 1.0, Likeness.RISK: 1.0, Likeness.DATA: 1.0,
}  # fmt: skip
_OF_WORDS = 5.0


def compare(own: Profile, other: Profile) -> Comparison:
    """Return what the other request has in common with this one."""
    share = shared(own.words, other.words)
    alike = list(_alike(own, other, share))
    score = sum(_WEIGHTS.get(one, 0.0) for one in alike) + _OF_WORDS * share
    same_purpose = Likeness.PURPOSE in alike and Likeness.MODEL in alike
    return Comparison(
        tuple(alike), score, bool({Likeness.FILES, Likeness.VERSION} & set(alike)) or same_purpose
    )


def shared(own: frozenset[str], other: frozenset[str]) -> float:
    """Return which part of all their words both have, from 0 to 1."""
    return len(own & other) / len(own | other) if own | other else 0.0


def _alike(own: Profile, other: Profile, share: float) -> Iterable[Likeness]:
    if own.manifest and own.manifest == other.manifest:
        yield Likeness.FILES
    if own.version == other.version:
        yield Likeness.VERSION
    enough = min(len(own.words), len(other.words)) >= LEAST_WORDS
    if enough and share >= SAME_PURPOSE:
        yield Likeness.PURPOSE
    if own.model == other.model:
        yield Likeness.MODEL
    if enough and 0.15 <= share < SAME_PURPOSE:
        yield Likeness.WORDS
    if own.channel == other.channel:
        yield Likeness.CHANNEL
    if own.modalities & other.modalities:
        yield Likeness.KIND
    if own.tier and own.tier == other.tier:
        yield Likeness.RISK
    if own.data & other.data:
        yield Likeness.DATA
