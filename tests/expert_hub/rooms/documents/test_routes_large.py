"""A large file travels through the server in a constant amount of memory."""

import asyncio
import hashlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.expert_hub.rooms.documents.files import pdf

LINE = b"%" + b"x" * 65_534 + b"\n"


async def padded(mib: int) -> AsyncIterator[bytes]:
    """A sound PDF with so many MiB of remarks before its end, block by block."""
    whole = pdf(2)
    start, found = whole.rindex(b"startxref"), re.search(rb"startxref\s+(\d+)", whole)
    assert found is not None
    yield whole[:start]
    for _ in range(mib * 16):
        yield LINE
        await asyncio.sleep(0)
    yield b"startxref\n" + found[1] + b"\n%%EOF\n"


def memory_mib(name: str) -> float:
    text = Path("/proc/self/status").read_text("ascii")
    return int(text.split(f"{name}:")[1].split()[0]) / 1024


@pytest.mark.parametrize("mib", [48, pytest.param(200, marks=pytest.mark.slow)])
async def test_a_large_file_takes_little_memory(api: Any, mib: int) -> None:
    if api.hub.database.is_sqlite is False:
        pytest.skip("the file does not meet the database")
    room = await api.room()
    seen = hashlib.sha256()
    async for block in padded(mib):
        seen.update(block)
    # Writing 5 sets the high-water mark of this process, in which the server runs, back to its present size.
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = memory_mib("VmRSS")
    answer = await api.ask(
        "PUT",
        f"/rooms/{room}/bids/B1/documents/technical",
        "host",
        params={"name": "large.pdf"},
        content=padded(mib),
        headers={"content-type": "application/octet-stream"},
        timeout=600,
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["sha256"] == seen.hexdigest()
    grown = memory_mib("VmHWM") - before
    print(f"{mib} MiB taken in, memory grew by {grown:.1f} MiB")
    assert grown < 24
