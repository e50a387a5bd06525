"""Verification codes that people type from paper."""

from records import codes


def test_a_new_code_fits_and_none_comes_twice() -> None:
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(codes.fits(code) and len(code) == 16 for code in made)


def test_any_single_wrong_letter_breaks_the_check_letter() -> None:
    code = codes.new_code()
    for place in range(len(code)):
        for letter in codes.ALPHABET:
            if letter != code[place]:
                assert not codes.fits(code[:place] + letter + code[place + 1 :])


def test_a_code_is_read_with_dashes_blanks_lower_case_and_look_alikes() -> None:
    assert codes.read("7kqm-3xvt 9d2h-pw4c") == "7KQM3XVT9D2HPW4C"
    assert codes.read("OOOO-IIII-LLLL-UUUU") == "000011111111VVVV"
    assert codes.grouped("7KQM3XVT9D2HPW4C") == "7KQM-3XVT-9D2H-PW4C"


def test_what_is_no_code_is_read_as_none() -> None:
    for text in (
        "",
        "7KQM",
        "7KQM-3XVT-9D2H-PW4C-1",
        "七七七七-七七七七-七七七七-七七七七",
        "'; DROP TABLE--",
    ):
        assert codes.read(text) == ""
        assert not codes.fits(codes.read(text))
