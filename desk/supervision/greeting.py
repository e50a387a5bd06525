"""Asks the web server for the first page, as a browser would."""

import http.client
from urllib.parse import urlsplit

TURNS = 4


def first_page(address: str, port: int, host: str) -> int | None:
    """Return the status of the first page, redirections followed; None while nobody answers there."""
    target = "127.0.0.1" if address in {"0.0.0.0", "::"} else address  # noqa: S104 (not bound, compared)
    path = "/"
    for _turn in range(TURNS):
        connection = http.client.HTTPConnection(target, port, timeout=10)
        try:
            connection.request("GET", path, headers={"Host": host})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        if answer.status not in {301, 302, 303, 307, 308}:
            break
        path = _path(answer.getheader("Location") or "/")
    return answer.status


def _path(location: str) -> str:
    parts = urlsplit(location)
    return parts.path + (f"?{parts.query}" if parts.query else "")
