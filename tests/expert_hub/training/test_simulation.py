"""Simulated operators at a real hub: they do what is to do, and wait where it is somebody else's turn."""

import asyncio
from typing import Any

from expert_hub.seat_client.client import SeatClient
from expert_hub.training.colleagues import Member, operate
from expert_hub.training.simulation import act, act_all


async def test_operators_confirm_everybody_and_a_member_goes_as_far_as_it_can_alone(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    url = f"ws://{api.address}/api/v1/rooms/{room_id}/socket"
    simulated = [(api.tokens["host"], operate), (api.tokens["guest"], operate)]
    acting = asyncio.create_task(act_all(url, [*simulated, (api.tokens["expert-0"], Member().decide)]))
    async with SeatClient(url, api.tokens["expert-1"]) as member, SeatClient(url, api.tokens["expert-0"]) as first:
        await first.until(lambda view: view["me"]["promise"] == "clear", 60)
        await member.until(lambda view: view["me"]["identity_confirmed"], 60)
        assert not member.view["me"]["checked_in"]
        alone = asyncio.create_task(act(member, Member().decide))
        await member.until(lambda view: view["me"]["promise"] == "clear", 60)
        assert not acting.done()
        assert not alone.done()
        for task in (acting, alone):
            task.cancel()
        await asyncio.gather(acting, alone, return_exceptions=True)
