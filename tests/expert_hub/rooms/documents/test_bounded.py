"""Programs with limits: what they print, and what happens to those that want too much."""

from pathlib import Path

import pytest

from expert_hub.rooms.documents.bounded import BoundedPrograms
from expert_hub.rooms.documents.errors import InspectionFailed
from tests.expert_hub.rooms.documents.files import pdf

INSPECTION = "expert_hub.rooms.documents.inspection"


async def test_a_program_prints_its_answer(tmp_path: Path) -> None:
    (tmp_path / "in").write_bytes(pdf(2))
    assert await BoundedPrograms().run(INSPECTION, [str(tmp_path / "in")]) == b'{"kind": "pdf", "pages": 2}'


async def test_one_that_fails_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(InspectionFailed):
        await BoundedPrograms().run(INSPECTION, [str(tmp_path / "none")])


async def test_one_that_takes_too_long_is_ended() -> None:
    with pytest.raises(InspectionFailed):
        await BoundedPrograms(time_s=0.2).run("timeit", ["-n", "1", "-r", "1", "import time; time.sleep(600)"])


async def test_one_that_wants_too_much_memory_is_ended() -> None:
    with pytest.raises(InspectionFailed):
        await BoundedPrograms(memory_octets=300 * 1024**2).run("timeit", ["-n", "1", "-r", "1", "bytearray(10**9)"])
