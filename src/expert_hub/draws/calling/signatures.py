"""Signatures between the hub and a voice or message gateway: HMAC-SHA-256 over purpose, instant and body.

The purpose keeps a message that the hub signed from coming back as a report. Source: engineering choice, RFC 2104.
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from expert_hub.draws.errors import SignatureInvalid

TIMESTAMP_HEADER: Final = "Expert-Hub-Timestamp"
SIGNATURE_HEADER: Final = "Expert-Hub-Signature"
WINDOW: Final = timedelta(minutes=5)
"""How far the clocks of hub and gateway may be apart, the way included. Source: engineering choice."""

Purpose = Literal["message", "report"]


def signed_headers(secret: bytes, purpose: Purpose, at: datetime, body: bytes) -> dict[str, str]:
    """The two headers that go with a body."""
    timestamp = str(int(at.timestamp()))
    return {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: f"v1={_digest(secret, purpose, timestamp, body)}"}


def ensure_signed(secret: bytes, purpose: Purpose, headers: Mapping[str, str], now: datetime, body: bytes) -> None:
    """Let only bodies pass that the holder of the secret signed for this purpose within the window.

    Raises:
        SignatureInvalid: it is anything else; the text does not tell what.
    """
    timestamp, signature = headers.get(TIMESTAMP_HEADER, ""), headers.get(SIGNATURE_HEADER, "")
    wanted = f"v1={_digest(secret, purpose, timestamp, body)}"
    is_right = hmac.compare_digest(wanted.encode(), signature.encode())
    if not (is_right and timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 12):
        raise SignatureInvalid
    if abs(now.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise SignatureInvalid


def _digest(secret: bytes, purpose: Purpose, timestamp: str, body: bytes) -> str:
    signed = f"{purpose}\n{timestamp}\n".encode() + body
    return hmac.new(secret, signed, hashlib.sha256).hexdigest()
