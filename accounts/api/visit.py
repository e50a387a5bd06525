"""Who calls, at which moment, and what the answer says besides its body."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.http import HttpRequest

from accounts.api_tokens import ApiToken
from accounts.models import User
from audit.files import Kept
from audit.upload_handler import EncryptedFile


@dataclass(slots=True)
class Visit:
    """A call whose token was recognised.

    `upload` is the body where it is a file, `came` its digest; `sent` is the body where it is JSON.
    """

    token: ApiToken
    now: datetime
    headers: dict[str, str] = field(default_factory=dict)
    upload: EncryptedFile | None = None
    came: Kept | None = None
    sent: object = None

    @property
    def person(self) -> User:
        """Return for whom the token acts."""
        return self.token.person


def visit_of(request: HttpRequest) -> Visit:
    """Return the visit that a call belongs to; every operation has one, because none answers without a token."""
    visit: Visit = request.api_visit  # type: ignore[attr-defined]
    return visit


def who(request: HttpRequest) -> tuple[User, datetime]:
    """Return who acts, and when."""
    visit = visit_of(request)
    return visit.person, visit.now


def sent_file(request: HttpRequest) -> EncryptedFile:
    """Return the body of an operation that takes a file."""
    upload = visit_of(request).upload
    assert upload is not None
    return upload


def tell(request: HttpRequest, name: str, value: str) -> None:
    """Say something in a header of the answer."""
    visit_of(request).headers[name] = value


def version_tag(number: int) -> str:
    """Return a version as an entity tag (RFC 9110, section 8.8.3)."""
    return f'"{number}"'


def version_seen(request: HttpRequest, present: Callable[[], int]) -> int:
    """Return the version that If-Match names: `*` is the present one, 0 none; -1 stands for what is no version."""
    tag = request.headers.get("If-Match", '"0"').strip()
    if tag == "*":
        return present()
    text = tag.removeprefix('"').removesuffix('"')
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
