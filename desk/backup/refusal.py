"""Why no backup is made, or none is restored."""


class NotPossible(Exception):  # noqa: N818
    """It can't be done, and nothing was changed; the words say why and what to do."""
