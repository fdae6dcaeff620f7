"""Tickets: one socket, once, within seconds, in whichever process."""

import asyncio
from typing import Any

import pytest
import websockets
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from expert_hub.foundation.db import Database
from expert_hub.identity.tokens import Proof
from expert_hub.rooms.errors import TicketInvalid
from expert_hub.rooms.tickets import LIFETIME, PROTOCOL, redeem


async def _ticket(api: Any, room_id: str) -> str:
    issued = await api.post(f"/rooms/{room_id}/tickets", "host", {})
    assert issued["protocol"] == PROTOCOL
    return str(issued["ticket"])


def _url(api: Any, room_id: str) -> str:
    return f"ws://{api.address}/api/v1/rooms/{room_id}/socket"


async def test_a_page_of_another_origin_enters_with_a_ticket_and_only_once(api: Any) -> None:
    room_id = await api.room()
    ticket = await _ticket(api, room_id)
    offered = [Subprotocol(PROTOCOL), Subprotocol(f"ticket.{ticket}")]
    options: Any = {"subprotocols": offered, "origin": "https://elsewhere.example", "proxy": None}
    async with connect(_url(api, room_id), **options) as socket:
        assert socket.subprotocol == PROTOCOL
        await socket.send('{"kind":"ping"}')
        assert await socket.recv() == '{"kind":"pong"}'
    async with connect(_url(api, room_id), **options) as socket:
        with pytest.raises(websockets.ConnectionClosed):
            await socket.recv()
        assert socket.close_code == 4401


async def test_of_many_who_show_one_ticket_in_two_processes_one_enters(api: Any) -> None:
    room_id = await api.room()
    ticket = await _ticket(api, room_id)
    hub = api.hub
    second = hub.database if hub.database.is_sqlite else Database(hub.settings.effective_database_url)
    tries = [redeem((hub.database, second)[n % 2], hub.clock.now(), room_id, ticket) for n in range(10)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(each, Proof) for each in outcomes) == 1
    assert sum(isinstance(each, TicketInvalid) for each in outcomes) == 9
    if second is not hub.database:
        await second.close()


async def test_a_ticket_lapses_and_opens_no_other_room(api: Any) -> None:
    room_id = await api.room()
    now = api.hub.clock.now()
    with pytest.raises(TicketInvalid):
        await redeem(api.hub.database, now, "f" * 32, await _ticket(api, room_id))
    late = await _ticket(api, room_id)
    with pytest.raises(TicketInvalid):
        await redeem(api.hub.database, now + LIFETIME, room_id, late)
    assert await api.refused("POST", f"/rooms/{room_id}/tickets", "elsewhere", {}) == (404, "hub/not-found")
