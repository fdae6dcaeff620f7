"""Everybody of a room checks in and promises over the socket, so that the members may read the bids."""

from contextlib import AsyncExitStack
from typing import Any

from evaluation import commands as cmd
from expert_hub.seat_client.client import SeatClient

MEMBERS = (*(f"expert-{number}" for number in range(6)), "representative")


async def check_in(api: Any, room: str) -> None:
    api.hub.clock.move(hours=1)
    async with AsyncExitStack() as open_seats:

        async def seat(account: str) -> SeatClient:
            client = SeatClient(f"ws://{api.address}/api/v1/rooms/{room}/socket", api.tokens[account])
            await open_seats.enter_async_context(client)
            await client.until(bool, 60)
            return client

        operators = [await seat("host"), await seat("guest")]
        await operators[0].send(cmd.OpenCheckIn())
        for operator in operators:
            await operator.until(lambda view: "site" in view, 60)
            for row in operator.view["site"]["seats"]:
                await operator.send(cmd.ConfirmIdentity(seat_id=row["seat_id"]))
        for account in MEMBERS:
            client = await seat(account)
            await client.send(cmd.CheckIn(phone_locked=True))
            await client.send(cmd.SignPromise(conflict_declared=False))
