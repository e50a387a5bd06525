"""What a review record says about the interests of who judged."""

from typing import Literal, TypedDict


class Interest(TypedDict):
    """What somebody who judges declared about their interests in the request, and what was found."""

    name: str
    said: Literal["nothing", "interest", "recused"]
    kind: str  # label; empty for "nothing"
    at: str  # instant
    is_conflict: bool | None  # of a declared interest; None: not judged, or nothing to judge
    judged_by: str
