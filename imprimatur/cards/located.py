"""Mappings and lists that remember on which line each of their parts stands."""

from typing import TypeAlias


class Table(dict[str, "Node"]):
    """A mapping with the line of each key."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, int] = {}


class Items(list["Node"]):
    """A list with the line of each item."""

    __slots__ = ("lines",)

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []


Node: TypeAlias = str | int | float | bool | Table | Items | None
"""What stands in a header or in JSON; headers have texts only, no numbers."""


def as_table(value: Node) -> Table:
    """Return the value if it is a mapping, otherwise one without entries."""
    return value if isinstance(value, Table) else Table()


def as_items(value: Node) -> Items:
    """Return the value if it is a list, otherwise one without items."""
    return value if isinstance(value, Items) else Items()
