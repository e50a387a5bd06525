"""The diagrams in docs/ are those of the tables."""

from pathlib import Path

from desk.management.commands.state_machines import page


def test_the_page_of_state_machines_says_what_the_tables_say() -> None:
    written = Path(__file__).parents[3] / "docs" / "state-machines.md"
    assert written.read_text(encoding="utf-8") == page()
