import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from expert_hub.draws.calling.signatures import (
    SIGNATURE_HEADER,
    TIMESTAMP_HEADER,
    WINDOW,
    ensure_signed,
    signed_headers,
)
from expert_hub.draws.errors import SignatureInvalid

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SECRET, BODY = b"s" * 32, b'{"event":"delivered"}'


def test_the_signature_is_what_the_document_says() -> None:
    headers = signed_headers(b"k" * 32, "report", datetime.fromtimestamp(1_700_000_000, UTC), b"{}")
    assert headers == {
        "Expert-Hub-Timestamp": "1700000000",
        "Expert-Hub-Signature": "v1=c923f02b575646611f08e85689517d653a0ceb9bad6f21b38df5f72053c1e75b",
    }


@pytest.mark.parametrize("shift", [-WINDOW, timedelta(0), WINDOW])
def test_what_was_signed_passes_within_the_window(shift: timedelta) -> None:
    ensure_signed(SECRET, "report", signed_headers(SECRET, "report", NOW, BODY), NOW + shift, BODY)


@pytest.mark.parametrize("shift", [-WINDOW - timedelta(seconds=1), WINDOW + timedelta(seconds=1), timedelta(days=1)])
def test_a_stale_or_early_timestamp_does_not(shift: timedelta) -> None:
    with pytest.raises(SignatureInvalid):
        ensure_signed(SECRET, "report", signed_headers(SECRET, "report", NOW, BODY), NOW + shift, BODY)


@pytest.mark.parametrize(
    "change",
    [
        {SIGNATURE_HEADER: ""},
        {SIGNATURE_HEADER: "v1=" + "0" * 64},
        {SIGNATURE_HEADER: "v1=é"},
        {TIMESTAMP_HEADER: ""},
        {TIMESTAMP_HEADER: str(int(NOW.timestamp()) + 1)},
        {TIMESTAMP_HEADER: "1" * 40},
    ],
)
def test_a_changed_header_does_not(change: dict[str, str]) -> None:
    with pytest.raises(SignatureInvalid):
        ensure_signed(SECRET, "report", signed_headers(SECRET, "report", NOW, BODY) | change, NOW, BODY)


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "١٢٣", "1e9", "1" * 13])
def test_a_signed_timestamp_that_is_none_does_not(timestamp: str) -> None:
    digest = hmac.new(SECRET, f"report\n{timestamp}\n".encode() + BODY, hashlib.sha256).hexdigest()
    with pytest.raises(SignatureInvalid):
        headers = {TIMESTAMP_HEADER: timestamp, SIGNATURE_HEADER: f"v1={digest}"}
        ensure_signed(SECRET, "report", headers, NOW, BODY)


def test_another_body_secret_or_purpose_does_not() -> None:
    headers = signed_headers(SECRET, "report", NOW, BODY)
    for secret, purpose, body in (
        (SECRET, "report", BODY + b" "),
        (b"t" * 32, "report", BODY),
        (SECRET, "message", BODY),
    ):
        with pytest.raises(SignatureInvalid):
            ensure_signed(secret, purpose, headers, NOW, body)  # type: ignore[arg-type]
