"""The page in a bundle needs no network, reads nothing as HTML, and says everything in both languages."""

import re
from importlib.resources import files

PAGE = files("imprimatur.bundle").joinpath("index.html").read_text()
README = files("imprimatur.bundle").joinpath("README").read_text()


def test_the_page_loads_nothing_but_its_own_scripts() -> None:
    assert "default-src 'none'" in PAGE
    assert not re.search(r"https?://(?!www\.w3\.org)|//[a-z]+\.|fetch\(|XMLHttpRequest|import\(", PAGE)
    assert re.findall(r'path = ("view/"[^,;]*)', PAGE) == ['"view/" + key + ".js"']


def test_nothing_of_a_bundle_is_read_as_html() -> None:
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", PAGE)


def test_the_page_says_everything_in_both_languages() -> None:
    english, chinese = (
        set(re.findall(r"(?:^ +|[{,] )(\w+): (?=\"|\{)", part, re.MULTILINE))
        for part in re.findall(r"^  (?:en|zh): (\{.*?\} \}),?", PAGE, re.MULTILINE | re.DOTALL)
    )
    assert english == chinese
    used = set(re.findall(r'say\("(\w+)"', PAGE)) | set(re.findall(r'input\("\w+", "(\w+)"', PAGE))
    assert used <= english
    assert {"title", "older", "find", "scopeKeys"} <= english


def test_the_readme_says_how_to_check_in_both_languages() -> None:
    english, chinese = README.split("-" * 100)
    for words in (
        "python3 verify.py FILE.zip",
        "imprimatur bundle verify",
        "--policy FILE",
        "--checkpoint FILE",
    ):
        assert words in english
        assert words in chinese
    assert all(len(line) <= 120 for line in README.splitlines())
