"""A random sample from a seed, computed here once more with nothing but hashlib."""

import hashlib

import pytest

from oversight.draw import SEED, digest_of, draw, population_text

REFERENCES = [f"IMP-2026-{number:04}" for number in range(1, 201)]


def by_hand(seed: str, references: list[str], size: int) -> list[str]:
    lines = []
    for reference in references:
        digest = hashlib.sha256()
        digest.update(seed.encode())
        digest.update(b":")
        digest.update(reference.encode())
        lines.append(f"{digest.hexdigest()} {reference}")
    return [line.split()[1] for line in sorted(lines)][:size]


@pytest.mark.parametrize("seed", ["1", "7-19-22-31-40-44", "a" * 64, "Lotto.2026_11"])
@pytest.mark.parametrize("size", [1, 7, 200])
def test_the_draw_is_what_anybody_computes_from_the_seed(seed: str, size: int) -> None:
    drawn = draw(seed, REFERENCES, size)
    assert drawn == by_hand(seed, REFERENCES, size)
    assert len(set(drawn)) == size


def test_the_order_of_the_list_changes_nothing_and_the_seed_changes_the_sample() -> None:
    assert draw("one", REFERENCES[::-1], 10) == draw("one", REFERENCES, 10)
    assert draw("one", REFERENCES, 10) != draw("two", REFERENCES, 10)


def test_a_sample_larger_than_the_list_is_the_whole_list() -> None:
    assert sorted(draw("one", REFERENCES[:3], 10)) == REFERENCES[:3]
    assert draw("one", [], 10) == []


def test_every_request_is_drawn_about_equally_often() -> None:
    counts = dict.fromkeys(REFERENCES[:20], 0)
    for seed in range(800):
        for reference in draw(str(seed), REFERENCES[:20], 5):
            counts[reference] += 1
    assert all(150 < count < 250 for count in counts.values()), counts


def test_the_list_is_hashed_as_the_text_that_is_handed_out() -> None:
    text = population_text(["IMP-2026-0002", "IMP-2026-0001"])
    assert text == "IMP-2026-0001\nIMP-2026-0002\n"
    assert digest_of(["IMP-2026-0002", "IMP-2026-0001"]) == hashlib.sha256(text.encode()).hexdigest()
    assert digest_of(["IMP-2026-0001"]) != digest_of(["IMP-2026-0001", "IMP-2026-0002"])


@pytest.mark.parametrize("seed", ["", "a b", "$(x)", "a'b", 'a"b', "a:b", "ä", "a" * 65, "a\n"])
def test_what_a_shell_would_read_otherwise_is_no_seed(seed: str) -> None:
    assert SEED.fullmatch(seed) is None
