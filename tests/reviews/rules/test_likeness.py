"""What makes a request the same as another one, or a precedent for it."""

from dataclasses import replace

import pytest

from reviews.rules.likeness import Likeness, Profile, compare, shared

WORDS = frozenset({"release", "to", "the", "port", "office", "as", "an", "assistant"})
OWN = Profile(
    version=1, model=1, manifest="a", channel="api", modalities=frozenset({"text"}), tier=2, words=WORDS,
    data=frozenset({"personal"}),
)  # fmt: skip
OTHER = Profile(
    version=9, model=9, manifest="", channel="device", modalities=frozenset({"image"}), tier=None,
    words=frozenset({"sort", "parcels", "by", "weight"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "alike", "is_duplicate", "is_precedent"),
    [
        ({}, [], False, False),
        ({"manifest": "a"}, ["files"], True, True),
        ({"version": 1, "model": 1}, ["version", "model"], True, True),
        ({"model": 1, "words": WORDS}, ["purpose", "model"], True, True),
        ({"words": WORDS}, ["purpose"], False, True),
        ({"model": 1}, ["model"], False, False),
        ({"model": 1, "channel": "api"}, ["model", "channel"], False, True),
        ({"channel": "api", "modalities": OWN.modalities, "tier": 2}, ["channel", "kind", "risk"], False, False),
        (
            {"channel": "api", "modalities": OWN.modalities, "tier": 2, "data": OWN.data},
            ["channel", "kind", "risk", "data"], False, True,
        ),
        ({"words": frozenset({"port"})}, [], False, False),
    ],
)  # fmt: skip
def test_what_is_alike_makes_a_duplicate_or_a_precedent(
    changes: dict[str, object], alike: list[str], is_duplicate: bool, is_precedent: bool
) -> None:
    found = compare(OWN, replace(OTHER, **changes))  # type: ignore[arg-type]
    assert list(found.alike) == [Likeness(one) for one in alike]
    assert (found.is_duplicate, found.is_precedent) == (is_duplicate, is_precedent)


def test_nothing_is_like_what_is_not_known() -> None:
    unknown = replace(OWN, manifest="", tier=None, words=frozenset(), data=frozenset())
    assert {Likeness.FILES, Likeness.RISK, Likeness.DATA, Likeness.PURPOSE}.isdisjoint(
        compare(unknown, unknown).alike
    )


def test_shared_words_are_a_part_of_all_words() -> None:
    assert shared(frozenset("abc"), frozenset("bcd")) == 0.5
    assert shared(frozenset(), frozenset()) == 0.0
