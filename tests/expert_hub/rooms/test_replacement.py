"""A member declares a conflict after seeing the bidder list; a newly drawn one takes the seat (CF-06, DR-17)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import select

from evaluation import commands as cmd
from expert_hub.rooms.store import room_by_id
from expert_hub.rooms.tables import SeatTenure
from expert_hub.seat_client.client import SeatClient
from expert_hub.seat_client.errors import SeatRefused


@asynccontextmanager
async def _seat(api: Any, room_id: str, account: str) -> AsyncIterator[SeatClient]:
    url = f"ws://{api.address}/api/v1/rooms/{room_id}/socket"
    async with SeatClient(url, api.tokens[account]) as seat:
        await seat.until(lambda view: bool(view), 10)
        yield seat


async def _operator_of(api: Any, room_id: str, seat_id: str) -> str:
    view = (await api.get(f"/rooms/{room_id}/view", "host"))["view"]
    return "host" if any(seat["seat_id"] == seat_id for seat in view["site"]["seats"]) else "guest"


async def test_a_declared_conflict_leads_to_a_new_tenure_and_the_old_one_is_out(api: Any) -> None:
    room_id = await api.room()
    api.hub.clock.move(hours=1)
    async with _seat(api, room_id, "host") as host:
        await host.send(cmd.OpenCheckIn())
        async with _seat(api, room_id, "expert-0") as member:
            seat_id = member.view["me"]["seat_id"]
            async with _seat(api, room_id, await _operator_of(api, room_id, seat_id)) as operator:
                await operator.send(cmd.ConfirmIdentity(seat_id=seat_id))
            await member.send(cmd.CheckIn(phone_locked=True))
            await member.until(lambda view: "bids" in view, 10)
            await member.send(cmd.SignPromise(conflict_declared=True, reason="曾任职于投标人"))
        await host.until(lambda view: view.get("replacements") == [seat_id], 10)
        replace = cmd.ReplaceSeat(seat_id=seat_id, tenure_id="tenure-2", reason="回避")
        with pytest.raises(SeatRefused) as refusal:
            await host.send(replace)
        assert refusal.value.problem["code"] == "rooms/no-newcomer"

        code_of_first, *others = await api.codes(6)
        known = {code_of_first, *others}
        await api.post(f"/rooms/{room_id}/alternates", "host", {"seat_id": seat_id})
        async with api.hub.database.read() as session:
            draw_id = (await room_by_id(session, room_id)).draw_id
        assert await api.drive(draw_id) == "inviting"
        (newcomer,) = set(await api.codes(7)) - known
        answer = await api.post("/invitations/answer", None, {"code": newcomer, "accept": True})
        api.tokens["newcomer"] = answer["access_token"]
        await host.send(replace)

    assert await api.refused("GET", f"/rooms/{room_id}/view", "expert-0") == (404, "hub/not-found")
    again = await api.refused("POST", "/invitations/answer", None, {"code": code_of_first, "accept": True})
    assert again == (409, "draws/invitation-answered")
    view = (await api.get(f"/rooms/{room_id}/view", "newcomer"))["view"]
    assert view["me"]["seat_id"] == seat_id
    assert "bids" not in view
    async with api.hub.database.read() as session:
        rows = list((await session.execute(select(SeatTenure).where(SeatTenure.seat_id == seat_id))).scalars())  # type: ignore[arg-type]
    assert sorted((row.id == "tenure-2", row.is_current) for row in rows) == [(False, False), (True, True)]


async def test_only_the_host_and_the_supervisor_ask_for_an_alternate(api: Any) -> None:
    room_id = await api.room()
    path, body = f"/rooms/{room_id}/alternates", {"seat_id": "s1"}
    assert await api.refused("POST", path, "guest", body) == (403, "identity/forbidden")
    assert await api.refused("POST", path, "expert-1", body) == (403, "identity/forbidden")
    assert await api.refused("POST", path, "elsewhere", body) == (404, "hub/not-found")
    assert await api.refused("POST", path, "host", {"seat_id": "s99"}) == (404, "hub/not-found")
    assert await api.refused("POST", path, "host", {"seat_id": "s7"}) == (409, "rooms/seat-not-drawn")


async def test_once_the_room_is_over_nobody_is_exchanged(api: Any) -> None:
    room_id = await api.room()
    async with api.hub.database.write() as session:
        (await room_by_id(session, room_id)).stage = "closed"
    refusal = await api.refused("POST", f"/rooms/{room_id}/alternates", "host", {"seat_id": "s1"})
    assert refusal == (409, "rooms/too-late-to-replace")
