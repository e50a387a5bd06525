"""Short secrets in the database."""

import pytest

from accounts import cipher


def test_what_was_encrypted_comes_back() -> None:
    assert cipher.decrypt(cipher.encrypt("JBSWY3DPEHPK3PXP")) == "JBSWY3DPEHPK3PXP"


def test_the_same_text_looks_different_each_time() -> None:
    assert cipher.encrypt("secret") != cipher.encrypt("secret")


def test_another_key_does_not_open_it(settings: pytest.FixtureRequest) -> None:
    sealed = cipher.encrypt("secret")
    settings.FIELD_KEY = "another key"  # type: ignore[attr-defined]
    with pytest.raises(cipher.Undecipherable):
        cipher.decrypt(sealed)


@pytest.mark.parametrize("broken", ["", "secret", "v1.", "v1.AAAA", "v2.AAAA", "v1.€"])
def test_what_was_not_encrypted_here_is_refused(broken: str) -> None:
    with pytest.raises(cipher.Undecipherable):
        cipher.decrypt(broken)


def test_one_changed_letter_is_noticed() -> None:
    sealed = cipher.encrypt("secret")
    changed = sealed[:10] + ("A" if sealed[10] != "A" else "B") + sealed[11:]
    with pytest.raises(cipher.Undecipherable):
        cipher.decrypt(changed)
