"""Signatures as an independent library reads them."""

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from tests.webhooks.conftest import TODAY
from webhooks.rules.signature import new_message_id, new_secret, signatures

BODY = '{"type":"request.approved","data":{"reference":"IMP-2026-0001","title":"灯原"}}'.encode()


def _headers(*secrets: str) -> dict[str, str]:
    stamp, name = int(TODAY.timestamp()), new_message_id()
    return {
        "webhook-id": name,
        "webhook-timestamp": str(stamp),
        "webhook-signature": signatures(secrets, message_id=name, timestamp=stamp, body=BODY),
    }


def test_the_library_accepts_what_was_signed_and_nothing_else() -> None:
    secret = new_secret()
    headers = _headers(secret)
    assert Webhook(secret).verify(BODY, headers)["data"]["title"] == "灯原"
    for other in (
        headers | {"webhook-id": "msg_other"},
        headers | {"webhook-timestamp": str(int(headers["webhook-timestamp"]) - 1)},
    ):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(BODY, other)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret).verify(BODY.replace(b"0001", b"0002"), headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(new_secret()).verify(BODY, headers)


def test_while_a_secret_is_changed_both_verify() -> None:
    new, former = new_secret(), new_secret()
    headers = _headers(new, former)
    assert headers["webhook-signature"].count("v1,") == 2
    for secret in (new, former):
        assert Webhook(secret).verify(BODY, headers)


def test_secrets_and_ids_look_as_the_specification_says_and_never_repeat() -> None:
    assert len({new_secret() for _each in range(100)}) == 100
    assert all(new_secret().startswith("whsec_") for _each in range(3))
    assert "." not in new_message_id()
