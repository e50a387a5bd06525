"""Why an act was refused: the sentence is shown to the person who asked."""


class Refused(Exception):  # noqa: N818  (it's an answer, not a fault)
    """The rules don't allow this act now; the text says why and what to do, in the person's language."""


class IllegalTransition(Refused):
    """The thing is in a state in which this act does not exist."""
