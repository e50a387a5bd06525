"""Limits of the public verification page: how often one address may ask, and how much it may send."""

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from accounts.rules.neighbours import counted_as
from imprimatur.record.expected import LARGEST

QUESTIONS = 30  # a minute and address
UPLOADS = 6  # a minute and address; each may cost seconds of work


def is_too_often(request: HttpRequest, action: str, amount: int) -> bool:
    """Count this request; say whether its address has used up its amount for this minute."""
    key = f"records:{action}:{counted_as(str(get_adapter(request).get_client_ip(request)))}"
    if cache.add(key, 1, timeout=60):
        return False
    try:
        return int(cache.incr(key)) > amount
    except ValueError:  # ran out between the two lines
        cache.set(key, 1, timeout=60)
        return False


def is_too_long(request: HttpRequest) -> bool:
    """Say whether the request announces more than a record can be, so that it need not be read.

    What isn't a number announces nothing that could be trusted, and is refused with it.
    """
    announced = request.META.get("CONTENT_LENGTH") or "0"
    return not announced.isdecimal() or int(announced) > LARGEST + 100_000


class LimitedUpload(FileUploadHandler):
    """Ends an upload that is longer than it announced."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self._seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        """Pass the data on, or stop."""
        self._seen += len(raw_data)
        if self._seen > LARGEST:
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        """Leave the file to the next handler."""
        return
