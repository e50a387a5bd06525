"""Why a key or certificate can't be used now."""


class NotReady(Exception):  # noqa: N818
    """A key or certificate that is needed can't be used; the message says why, and what to do."""
