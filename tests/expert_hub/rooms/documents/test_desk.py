"""Taking files in: what is announced is checked, and what is refused leaves nothing behind."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from expert_hub.foundation.clock import SystemClock
from expert_hub.foundation.errors import HubError
from expert_hub.foundation.settings import Settings
from expert_hub.rooms.documents.desk import DocumentDesk, Sent, Taken
from expert_hub.rooms.documents.errors import (
    DigestMismatch,
    DocumentRefused,
    DocumentTooLarge,
    DocumentTruncated,
)
from expert_hub.rooms.documents.rules import Kind
from tests.expert_hub.rooms.documents.files import UNFIT, pdf


async def blocks(octets: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(octets), size):
        yield octets[start : start + size]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path / "var", documents_max_mib=1)


def files_of(settings: Settings) -> list[Path]:
    return [path for path in settings.effective_documents_dir.rglob("*") if path.is_file()]


async def test_a_sound_file_is_taken(settings: Settings) -> None:
    octets = pdf(3)
    sha256 = hashlib.sha256(octets)
    taken = await DocumentDesk(settings, SystemClock()).take(blocks(octets), Sent(len(octets), sha256.digest()))
    assert taken == Taken(Kind.PDF, 3, len(octets), sha256.hexdigest())
    assert [path.read_bytes() for path in files_of(settings)] == [octets]


@pytest.mark.parametrize(
    ("octets", "sent", "refusal"),
    [
        (pdf(), Sent(5, None), DocumentTruncated),
        (pdf(), Sent(None, bytes(32)), DigestMismatch),
        (pdf() + bytes(2 * 1024**2), Sent(None, None), DocumentTooLarge),
        (pdf(), Sent(2 * 1024**2, None), DocumentTooLarge),
        (UNFIT["encrypted pdf"], Sent(None, None), DocumentRefused),
        (b"", Sent(0, None), DocumentRefused),
    ],
)
async def test_a_refused_file_leaves_nothing(
    octets: bytes, sent: Sent, refusal: type[HubError], settings: Settings
) -> None:
    with pytest.raises(refusal):
        await DocumentDesk(settings, SystemClock()).take(blocks(octets), sent)
    assert files_of(settings) == []


async def test_a_sender_who_goes_away_leaves_nothing(settings: Settings) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield pdf()[:100]
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await DocumentDesk(settings, SystemClock()).take(broken(), Sent(None, None))
    assert files_of(settings) == []
