"""Lists in pages by a place in them, not by a number: whoever pages sees everything once, whatever is added meanwhile.

A page holds at most `limit` things and says where the next one begins; nobody counts them all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from django.core import signing
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Schema
from pydantic import ConfigDict

from accounts.api.problems import Code, Problem
from accounts.api.visit import tell

MOST = 200
SIZE = 50
T = TypeVar("T")
M = TypeVar("M", bound=Model)
Place = list[Any]


class PageQuery(Schema):
    """Where a page begins, and how long it is."""

    after: Annotated[
        str, Field(max_length=400, description="`next` of the page before; leave it out to begin.")
    ] = ""
    limit: Annotated[int, Field(ge=1, le=MOST, description="How many things at most.")] = SIZE


class PageOut(Schema, Generic[T]):
    """A page of a list."""

    model_config = ConfigDict(extra="forbid")
    items: list[T]
    next: str | None = Field(
        None, description="Send it as `after` for the next page; null on the last. The Link header has the address.",
        examples=["WzEyXQ:1vRk0a:c2lnbmVk"],
    )  # fmt: skip


def keyset(
    rows: "QuerySet[M]", asked: PageQuery, *, by: str = "-pk", salt: str
) -> tuple[list[M], str | None]:
    """Return the page of rows and the cursor of the next; `by` is a field, with a minus newest first, then the id.

    One query. `salt` names the list: a cursor of another one is refused.
    """
    name, falling = by.removeprefix("-"), by.startswith("-")
    if (place := read_cursor(asked, salt)) is not None:
        rows = rows.filter(_beyond(name, falling, place))
    order = (by,) if name == "pk" else (by, "-pk" if falling else "pk")
    some = list(rows.order_by(*order)[: asked.limit + 1])
    shown = some[: asked.limit]
    if len(some) <= asked.limit:
        return shown, None
    return shown, cursor(_place(shown[-1], name), salt)


def answer_page(request: HttpRequest, items: Sequence[Any], following: str | None) -> dict[str, Any]:
    """Return the page as it is answered, and name the next one in the header Link (RFC 8288)."""
    if following is not None:
        query = request.GET.copy()
        query["after"] = following
        tell(
            request,
            "Link",
            f'<{request.build_absolute_uri(f"{request.path}?{query.urlencode()}")}>; rel="next"',
        )
    return {"items": list(items), "next": following}


def list_page(
    request: HttpRequest,
    rows: "QuerySet[M]",
    asked: PageQuery,
    shown: Callable[[M], T],
    *,
    by: str = "-pk",
) -> dict[str, Any]:
    """Answer with a page of the rows, each as `shown` says it."""
    found, following = keyset(rows, asked, by=by, salt=request.path)
    return answer_page(request, [shown(row) for row in found], following)


def cursor(place: Place, salt: str) -> str:
    """Return a place in a list as a text that nobody else can write."""
    return signing.dumps(place, salt=f"api.page.{salt}")


def read_cursor(asked: PageQuery, salt: str) -> Place | None:
    """Return the place where the page begins, None at the beginning; raises Problem for a cursor that is none."""
    if not asked.after:
        return None
    try:
        place: Place = signing.loads(asked.after, salt=f"api.page.{salt}")
    except (signing.BadSignature, ValueError):
        raise Problem(
            Code.INVALID, _("This cursor doesn't belong to this list. Begin without one."),
            errors=[{"parameter": "after", "detail": _("This isn't a cursor of this list.")}],
        ) from None  # fmt: skip
    return place


def _place(row: Model, name: str) -> Place:
    if name == "pk":
        return [row.pk]
    value = getattr(row, name)
    return [value.isoformat() if hasattr(value, "isoformat") else value, row.pk]


def _beyond(name: str, falling: bool, place: Place) -> Q:
    sign = "lt" if falling else "gt"
    if name == "pk":
        return Q(**{f"pk__{sign}": place[0]})
    value, key = place
    return Q(**{f"{name}__{sign}": value}) | Q(**{name: value, f"pk__{sign}": key})


def moment(text: str) -> datetime:
    """Return the moment that a place holds."""
    return datetime.fromisoformat(text)
