"""Entry in groups: those who come while one look-up runs are looked up together in the next one.

After an outage everyone comes back within the same second, and a session for each would cost more than the views.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from evaluation.visibility import Viewer
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import Unauthenticated, is_refusal
from expert_hub.identity import service as identity
from expert_hub.identity.rules import Actor
from expert_hub.identity.tokens import Proof
from expert_hub.rooms import service, store
from expert_hub.rooms.conversation import Standing

_GROUP = 256


@dataclass(eq=False)
class _Arrival:
    room_id: str
    proof: Proof
    answer: asyncio.Future[Standing]


class Entrance:
    """Finds out who comes into which room."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[_Arrival] = []
        self._looking: asyncio.Task[None] | None = None

    async def admit(self, room_id: str, proof: Proof) -> Standing:
        """Find out who the bearer of a proof is in a room.

        Raises:
            Unauthenticated: the account was closed.
            NotFound: the room does not exist for it.
        """
        arrival = _Arrival(room_id, proof, asyncio.get_running_loop().create_future())
        self._waiting.append(arrival)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look_up())
        return await arrival.answer

    async def _look_up(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            try:
                async with self._database.read() as session:
                    await _answer(session, group)
            except Exception as error:
                for arrival in group:
                    _settle(arrival, error)


async def _answer(session: AsyncSession, group: Sequence[_Arrival]) -> None:
    actors = await identity.actors_of(session, sorted({arrival.proof.account_id for arrival in group}))
    seats = await store.seats_of(session, sorted({(each.room_id, each.proof.account_id) for each in group}))
    for arrival in group:
        actor = actors.get(arrival.proof.account_id)
        if actor is None:
            _settle(arrival, Unauthenticated())
            continue
        try:
            seat = seats.get((arrival.room_id, actor.account_id))
            viewer = Viewer("member", *seat) if seat else await service.viewer_in(session, arrival.room_id, actor)
        except Exception as error:
            if not is_refusal(error):
                raise
            _settle(arrival, error)
        else:
            _settle(arrival, _standing(arrival, actor, viewer))


def _standing(arrival: _Arrival, actor: Actor, viewer: Viewer) -> Standing:
    return Standing(arrival.room_id, actor, viewer, arrival.proof.expires_at)


def _settle(arrival: _Arrival, outcome: Standing | Exception) -> None:
    if arrival.answer.done():
        return
    if isinstance(outcome, Standing):
        arrival.answer.set_result(outcome)
    else:
        arrival.answer.set_exception(outcome)
