"""What only the gateway has: a signature, a key against repetition, and answers of HTTP."""

from typing import Any

import pytest

from expert_hub.draws.calling.notifier import Message, Receipt, Result
from expert_hub.draws.calling.signatures import ensure_signed
from expert_hub.draws.calling.webhook_channel import WebhookChannel
from expert_hub.draws.errors import SignatureInvalid
from expert_hub.foundation.clock import FixedClock

MESSAGE = Message("m1", 2, "14100000000", "时间：2026-03-02 09:30", "ivr")
SECRET = b"gateway-secret-of-32-characters!"


@pytest.fixture
def channel(gateway: Any, clock: FixedClock) -> WebhookChannel:
    return WebhookChannel(gateway.url, SECRET, "https://hub.example.org/callback", clock, 2)


async def test_the_gateway_gets_all_it_needs_and_can_tell_that_it_comes_from_the_hub(
    gateway: Any, channel: WebhookChannel, clock: FixedClock
) -> None:
    await channel.send(MESSAGE)
    (posted,) = gateway.posted
    assert posted.json == {
        "message_id": "m1",
        "attempt": 2,
        "mode": "ivr",
        "mobile": "14100000000",
        "text": MESSAGE.text,
        "callback_url": "https://hub.example.org/callback",
        "keypad": {"1": "accept", "2": "decline"},
    }
    assert posted.headers["idempotency-key"] == "m1.2"
    headers = {"Expert-Hub-Timestamp": posted.headers["expert-hub-timestamp"]}
    headers["Expert-Hub-Signature"] = posted.headers["expert-hub-signature"]
    ensure_signed(SECRET, "message", headers, clock.now(), posted.body)
    with pytest.raises(SignatureInvalid):
        ensure_signed(SECRET, "report", headers, clock.now(), posted.body)
    await channel.close()


@pytest.mark.parametrize(
    ("status", "headers", "receipt"),
    [
        (200, {}, Receipt(Result.ACCEPTED)),
        (204, {}, Receipt(Result.ACCEPTED)),
        (409, {}, Receipt(Result.ACCEPTED)),
        (422, {}, Receipt(Result.REFUSED, "http-422")),
        (302, {"Location": "http://127.0.0.1:9/elsewhere"}, Receipt(Result.LATER, "http-302")),
        (400, {}, Receipt(Result.LATER, "http-400")),
        (401, {}, Receipt(Result.LATER, "http-401")),
        (404, {}, Receipt(Result.LATER, "http-404")),
        (429, {"Retry-After": "30"}, Receipt(Result.LATER, "http-429", 30)),
        (503, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, Receipt(Result.LATER, "http-503")),
        (503, {"Retry-After": "inf"}, Receipt(Result.LATER, "http-503")),
        (503, {"Retry-After": "-5"}, Receipt(Result.LATER, "http-503")),
    ],
)
async def test_answers_of_the_gateway(
    gateway: Any, channel: WebhookChannel, status: int, headers: dict[str, str], receipt: Receipt
) -> None:
    gateway.status, gateway.headers = status, headers
    assert await channel.send(MESSAGE) == receipt
    await channel.close()
