"""Whom a model card names as its authors."""

import pytest

from imprimatur.cards.authors import authors_of, people_in
from imprimatur.cards.reading import read_text


@pytest.mark.parametrize(
    ("card", "people"),
    [
        ("## Authors\n\n- Chen Jialin <Chen@Example.org>\n- **Ana Díaz**\n",
         [("Chen Jialin", "chen@example.org"), ("Ana Díaz", "")]),
        ("## Model card authors\n\nAna Díaz, Ben Ito and [Cleo Marsh](mailto:cleo@example.org).\n",
         [("Ana Díaz", ""), ("Ben Ito", ""), ("Cleo Marsh", "cleo@example.org")]),
        ("---\nauthors:\n- Ana Díaz\n- ben@example.org\n---\n# A model\n", [("Ana Díaz", ""), ("", "ben@example.org")]),
        ("## 作者\n\n陈嘉霖、王芳和李强\n", [("陈嘉霖", ""), ("王芳", ""), ("李强", "")]),
        ("## Authors\n\nThis model was made by a team of people who like ports.\n", []),
        ("## Limitations\n\nAna Díaz, Ben Ito\n", []),
        ("## Authors\n\nContact: Ana Díaz (ana@example.org)\nAna Díaz (ana@example.org)\n",
         [("Ana Díaz", "ana@example.org")]),
    ],
)  # fmt: skip
def test_names_and_addresses_are_taken_out_of_what_the_card_says(
    card: str, people: list[tuple[str, str]]
) -> None:
    assert [(author.name, author.email) for author in authors_of(read_text(card))] == people


def test_an_author_has_the_place_in_the_card() -> None:
    (author,) = authors_of(read_text("# A model\n\n## Authors\n\nAna Díaz\n"))
    assert (author.place.line, author.place.name) == (3, "Authors")


def test_people_are_typed_one_a_line_or_with_commas() -> None:
    assert people_in("Ana Díaz <ana@example.org>\nBen Ito, Ben Ito\n\n-\n") == (
        ("Ana Díaz", "ana@example.org"),
        ("Ben Ito", ""),
    )
