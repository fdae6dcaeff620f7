"""The proxy of the conformance script between the seat client and the little room."""

from typing import Any

import pytest

from evaluation.commands import ConfirmBriefing
from expert_hub.foundation.chance import SeededChance
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.meddler import Meddler


@pytest.fixture
def meddler(room: Any) -> Meddler:
    return Meddler(room.url, "token-1")


@pytest.mark.parametrize("cut", ["before", "after"])
async def test_a_cut_loses_the_answer_or_the_command_and_the_client_sends_again(
    room: Any, meddler: Meddler, cut: Any
) -> None:
    async with meddler.listening() as address, SeatClient(address, "token-1", chance=SeededChance("1")) as seat:
        await seat.until(lambda view: "count" in view, 60)
        meddler.cuts.append(cut)
        assert (await seat.send(ConfirmBriefing())).version == 2
    assert len(meddler.of_kind("command")) == 2
    assert [number for number, _ in meddler.of_kind("resume")] == [1, 2]
    assert len(room.received) == (1 if cut == "before" else 2)
    assert len(room.applied) == 1
    assert meddler.credentials == ["Bearer token-1"] * 2


async def test_odd_frames_and_dropped_changes_reach_the_client_as_such(room: Any, meddler: Meddler) -> None:
    meddler.is_odd, meddler.drops = True, 1
    async with meddler.listening() as address, SeatClient(address, "token-1", chance=SeededChance("1")) as seat:
        await seat.until(lambda view: "section_of_later" in view, 60)
        await seat.send(ConfirmBriefing())
        await meddler.waits.until(lambda: not meddler.drops, 60)
        assert seat.view["count"] == 0
        await seat.send(ConfirmBriefing())
        await seat.until(lambda view: view["count"] == 2, 60)
    assert len(meddler.of_kind("resume")) == 2
