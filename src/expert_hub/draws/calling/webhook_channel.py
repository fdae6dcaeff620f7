"""Messages to a voice or message gateway by HTTP POST (docs/protocol/gateway.md)."""

import math
from http import HTTPStatus
from typing import Final

import httpx
import msgspec

from expert_hub.draws.calling.notifier import ACCEPTED, Message, Receipt, Result
from expert_hub.draws.calling.reports import KEYPAD, REPORTING_CHANNEL
from expert_hub.draws.calling.signatures import signed_headers
from expert_hub.foundation.clock import Clock

_REFUSED: Final = HTTPStatus.UNPROCESSABLE_ENTITY
_KNOWN_ALREADY: Final = HTTPStatus.CONFLICT


class WebhookChannel:
    """Posts signed JSON; the gateway calls back with reports and keys."""

    name = REPORTING_CHANNEL
    reports = True

    def __init__(self, url: str, secret: bytes, callback_url: str, clock: Clock, timeout_s: float) -> None:
        self._url, self._secret, self._callback_url, self._clock = url, secret, callback_url, clock
        # One connection for a message: a gateway that hangs holds up nobody else.
        limits = httpx.Limits(max_keepalive_connections=0)
        self._client = httpx.AsyncClient(timeout=timeout_s, limits=limits, follow_redirects=False, trust_env=False)

    async def send(self, message: Message) -> Receipt:
        """Post the message. 2xx and 409 are yes, 422 is no for good, everything else is later."""
        body = msgspec.json.encode(
            {
                "message_id": message.message_id,
                "attempt": message.attempt,
                "mode": message.mode,
                "mobile": message.mobile,
                "text": message.text,
                "callback_url": self._callback_url,
                "keypad": KEYPAD,
            }
        )
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": f"{message.message_id}.{message.attempt}",
            **signed_headers(self._secret, "message", self._clock.now(), body),
        }
        try:
            # The body of the answer is not read: however long it is, it says nothing that is needed.
            async with self._client.stream("POST", self._url, content=body, headers=headers) as answer:
                return _receipt(answer)
        except httpx.TimeoutException:
            return Receipt(Result.LATER, "timeout")
        except (httpx.HTTPError, httpx.InvalidURL):
            return Receipt(Result.LATER, "connection")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()


def _receipt(answer: httpx.Response) -> Receipt:
    if answer.is_success or answer.status_code == _KNOWN_ALREADY:
        return ACCEPTED
    result = Result.REFUSED if answer.status_code == _REFUSED else Result.LATER
    return Receipt(result, f"http-{answer.status_code}", _seconds(answer.headers.get("Retry-After", "")))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        return 0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0
