"""Entry in groups: each who comes gets an own answer, and nobody waits for ever."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from expert_hub.foundation.errors import NotFound, Unauthenticated
from expert_hub.identity.tokens import Proof
from expert_hub.rooms.entering import Entrance


async def test_many_come_at_once_and_are_looked_up_together(rooms: Any) -> None:
    entrance, statements = Entrance(rooms.hub.database), []
    proofs = [(seat, rooms.proof(seat.token)) for seat in rooms.seeded.seats]
    engine = rooms.hub.database._reader.sync_engine
    event.listen(engine, "before_cursor_execute", lambda _c, _k, statement, *_: statements.append(statement))
    found = await asyncio.gather(*(entrance.admit(seat.room_id, proof) for seat, proof in proofs))
    for (seat, proof), standing in zip(proofs, found, strict=True):
        assert (standing.room_id, standing.viewer.role) == (seat.room_id, "member")
        assert standing.actor.account_id == proof.account_id
    assert len({(standing.room_id, standing.viewer.seat_id) for standing in found}) == len(proofs)
    # The first is looked up as soon as it comes, all others in the next group: a few statements for each of the two.
    assert len(statements) <= 8


async def test_one_who_is_not_let_in_keeps_nobody_out(rooms: Any) -> None:
    entrance, seat = Entrance(rooms.hub.database), rooms.seeded.seats[0]
    good = rooms.proof(seat.token)
    stranger = Proof("nobody", good.expires_at)
    found = await asyncio.gather(
        entrance.admit(seat.room_id, good),
        entrance.admit(seat.room_id, stranger),
        entrance.admit("elsewhere", good),
        entrance.admit(seat.room_id, good),
        return_exceptions=True,
    )
    assert [type(each) for each in found[1:3]] == [Unauthenticated, NotFound]
    assert found[0] == found[3] != found[1]


async def test_a_member_of_one_room_is_nobody_in_another(rooms: Any) -> None:
    entrance = Entrance(rooms.hub.database)
    seat = next(each for each in rooms.seeded.seats if each.room_id == rooms.seeded.rooms[0])
    with pytest.raises(NotFound):
        await entrance.admit(rooms.seeded.rooms[1], rooms.proof(seat.token))


async def test_a_database_that_fails_fails_those_who_wait_and_not_those_who_come_later(
    rooms: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from expert_hub.rooms import entering

    entrance, seat, real, failures = Entrance(rooms.hub.database), rooms.seeded.seats[0], entering._answer, []

    async def once(session: Any, group: Any) -> None:
        if not failures:
            failures.append(len(group))
            raise OperationalError("select", {}, Exception("gone"))
        await real(session, group)

    monkeypatch.setattr(entering, "_answer", once)
    with pytest.raises(OperationalError):
        await entrance.admit(seat.room_id, rooms.proof(seat.token))
    standing = await entrance.admit(seat.room_id, rooms.proof(seat.token))
    assert replace(standing) == standing
    assert failures == [1]
