"""Waits for the beacon rounds of drawings and draws with them; an entry point of its own, any number may run.

A drawing is carried out once, whoever sees its round first: the row of the draw is locked, and its state tells the
others that they are late. Nothing that must not be lost is held here.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

import structlog

from expert_hub.draws import ceremony, rounds, store
from expert_hub.draws.beacons.beacon import RoundFound
from expert_hub.draws.beacons.beacon_desk import value_of
from expert_hub.draws.errors import WrongDrawState
from expert_hub.draws.means import Means
from expert_hub.foundation.db import Database

log = structlog.get_logger("expert_hub.beacon")

POLL_S: Final = 0.5
_AT_ONCE: Final = 20
_FAREWELL_S: Final = 3.0


class BeaconWatch:
    """Looks for drawings that have all their links, and settles those whose round is out.

    Args:
        database, means: of the hub.
        drawn: told after a drawing, so that invitations leave at once.
    """

    def __init__(self, database: Database, means: Means, drawn: Callable[[], Awaitable[None]]) -> None:
        self._database, self._means, self._drawn = database, means, drawn

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch in the background as long as the block lasts."""
        loop = asyncio.create_task(self._run())
        try:
            yield
        finally:
            loop.cancel()
            await asyncio.wait([loop], timeout=_FAREWELL_S)

    async def look(self) -> int:
        """Settle every drawing whose round can be had now. Returns their number."""
        async with self._database.read() as session:
            waiting = [
                (row.draw_id, row.number, rounds.beacon_awaited(row))
                for row in await store.rounds_in(session, rounds.RoundState.CONTRIBUTED, _AT_ONCE)
            ]
        settled = 0
        for draw_id, number, awaited in waiting:
            try:
                settled += await self._settle((draw_id, number), awaited)
            except Exception as error:
                # It must not keep the others waiting. Kind only: a text could hold what is secret.
                log.error("drawing not carried out", draw=draw_id, error=type(error).__name__)
        if settled:
            await self._drawn()
        return settled

    async def _run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:
                # It must not end the watch: the rows are still there.
                log.error("not looked for drawings", error=type(error).__name__)
            await asyncio.sleep(POLL_S)

    async def _settle(self, place: tuple[str, int], awaited: tuple[str, str, int] | None) -> bool:
        beacon = None
        if awaited is not None:
            level, chain, number = awaited
            if self._means.clock.now() < self._means.desk.due_at(chain, number):
                return False
            answer = await self._means.desk.ask(chain, number)
            if not isinstance(answer, RoundFound):
                return False
            beacon = value_of(level, chain, answer.round)
        async with self._database.write() as session:
            try:
                await ceremony.settle_beacon(session, self._means, place, beacon)
            except WrongDrawState:
                # Another process was first.
                return False
        return True
