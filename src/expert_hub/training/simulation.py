"""Simulated colleagues at work: each watches the own view and gives the next command when there is one."""

import asyncio
from collections.abc import Iterable
from contextlib import AsyncExitStack

from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.errors import SeatRefused
from expert_hub.training.colleagues import Decide, is_over


async def act(client: SeatClient, decide: Decide, pace_s: float = 0.0) -> None:
    """Do what is to do until nothing is left.

    Args:
        client: an entered seat client.
        decide: gives the next command for a view, or none.
        pace_s: seconds to think before each command.
    """
    seen = 0

    def is_time(version: int) -> bool:
        return version >= seen and (is_over(client.view) or decide(client.view) is not None)

    while True:
        await client.until(lambda _: is_time(client.version or 0), None)
        command = decide(client.view)
        if command is None:
            return
        await asyncio.sleep(pace_s)
        try:
            seen = (await client.send(command)).version
        except SeatRefused:
            # Somebody was faster and the room went on meanwhile: look again once something has changed.
            seen = (client.version or 0) + 1


async def act_all(socket_url: str, seats: Iterable[tuple[str, Decide]], pace_s: float = 0.0) -> None:
    """Connect simulated colleagues and let them act until nothing is left for any of them.

    Args:
        socket_url: the socket of the room.
        seats: token and decision of each.
        pace_s: seconds to think before each command.
    """
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as tasks:
        for token, decide in seats:
            client = await stack.enter_async_context(SeatClient(socket_url, token))
            tasks.create_task(act(client, decide, pace_s))
