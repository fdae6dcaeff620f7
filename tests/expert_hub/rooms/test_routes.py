"""Opening a room and reading it over HTTP on a real server."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from expert_hub.rooms.service import setup_in
from expert_hub.sample.tender import tender_document
from expert_hub.venues.service import Need, book
from expert_hub.venues.tables import Booking

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def _order(lot: str, **changes: Any) -> dict[str, Any]:
    order = {"lot_id": lot, "host_venue": "guangzhou", "guest_venues": ["zhanjiang"]}
    return {**order, "representatives": ["representative"], **changes}


async def test_a_room_needs_a_complete_panel(api: Any) -> None:
    lot_id = await api.register()
    assert await api.refused("POST", "/rooms", "centre", _order(lot_id)) == (404, "hub/not-found")
    draw_id = await api.draw(lot_id)
    assert await api.refused("POST", "/rooms", "centre", _order(lot_id)) == (409, "rooms/not-ready")
    await api.accept_all(draw_id)
    room = await api.post("/rooms", "centre", _order(lot_id))
    assert room["stage"] == "committee_ready"
    assert await api.refused("POST", "/rooms", "centre", _order(lot_id)) == (409, "rooms/room-exists")


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"representatives": []}, (422, "rooms/representatives-mismatch")),
        ({"representatives": ["stranger"]}, (422, "rooms/representatives-mismatch")),
        ({"representatives": ["representative", "representative"]}, (422, "rooms/representatives-mismatch")),
        ({"representatives": ["entity"]}, (422, "rooms/representatives-mismatch")),
        ({"guest_venues": ["guangzhou"]}, (422, "rooms/venues-repeated")),
        ({"guest_venues": ["atlantis"]}, (404, "hub/not-found")),
        ({"lot_id": "unknown"}, (404, "hub/not-found")),
    ],
)
async def test_orders_that_do_not_fit_are_refused_and_book_nothing(
    api: Any, changes: dict[str, Any], refusal: tuple[int, str]
) -> None:
    lot_id = await api.register()
    await api.accept_all(await api.draw(lot_id))
    assert await api.refused("POST", "/rooms", "centre", _order(lot_id, **changes)) == refusal
    assert (await api.post("/rooms", "centre", _order(lot_id)))["version"] > 0


async def test_every_seat_has_its_own_workstation_and_its_own_member(api: Any) -> None:
    room_id = await api.room()
    seats = [(await api.get(f"/rooms/{room_id}/view", f"expert-{n}"))["view"]["me"] for n in range(6)]
    seats.append((await api.get(f"/rooms/{room_id}/view", "representative"))["view"]["me"])
    assert len({seat["seat_id"] for seat in seats}) == 7
    assert len({seat["workstation"] for seat in seats}) == 7
    assert {seat["venue"] for seat in seats} == {"广州样例评标场所", "湛江样例评标场所"}
    assert [room["id"] for room in await api.get("/rooms", "expert-3")] == [room_id]


async def test_before_check_in_nobody_sees_bidders_or_members(api: Any) -> None:
    room_id = await api.room()
    for account in ("expert-0", "representative", "host", "guest", "entity", "supervisor", "auditor"):
        text = (await api.ask("GET", f"/rooms/{room_id}/view", account)).text
        for secret in ("样例智慧教育", "数智设备", "校园网络", "10800000"):
            assert secret not in text, account


async def test_the_report_does_not_exist_before_it_is_proposed(api: Any) -> None:
    room_id = await api.room()
    for name in ("report.json", "report.pdf"):
        path = f"/rooms/{room_id}/{name}"
        assert await api.refused("GET", path, "supervisor") == (409, "rooms/report-not-ready")
        for account in ("guest", "centre", "stranger"):
            assert await api.refused("GET", path, account) == (404, "hub/not-found")
        assert await api.refused("GET", path, None) == (401, "identity/unauthenticated")


async def test_many_views_at_once_do_not_wait_for_each_other_for_ever(api: Any) -> None:
    room_id = await api.room()
    async with asyncio.timeout(20):
        views = await asyncio.gather(*(api.get(f"/rooms/{room_id}/view", "supervisor") for _ in range(60)))
    assert all(view == views[0] for view in views)


async def test_er_a_member_finds_the_room_but_not_yet_the_lot(api: Any) -> None:
    room_id = await api.room()
    (found,) = await api.get("/rooms", "expert-0")
    assert found["id"] == room_id
    assert found.keys() == {"id", "stage", "version", "opened_at"}


async def test_a_room_is_opened_once_however_many_ask(api: Any) -> None:
    lot_id = await api.register()
    await api.accept_all(await api.draw(lot_id))
    answers = await asyncio.gather(*(api.ask("POST", "/rooms", "centre", json=_order(lot_id)) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
    assert {answer.json().get("code") for answer in answers} == {None, "rooms/room-exists"}


async def test_vn_06_the_turnover_gap_of_the_centre_is_kept(api: Any) -> None:
    lot_id = await api.register()
    await api.accept_all(await api.draw(lot_id))
    ends_at = tender_document(STARTS_AT)["lot"]["evaluation_ends_at"]
    after = Need("zhanjiang", 6, "next", ends_at + timedelta(minutes=29), ends_at + timedelta(hours=2))
    async with api.hub.database.write() as session:
        await book(session, api.hub.clock, api.hub.chance, after)
    refusal = await api.refused("POST", "/rooms", "centre", _order(lot_id))
    assert refusal == (409, "venues/too-few-workstations")
    async with api.hub.database.write() as session:
        for booking in (await session.execute(select(Booking))).scalars():
            booking.starts_at += timedelta(minutes=1)
    assert (await api.post("/rooms", "centre", _order(lot_id)))["stage"] == "committee_ready"


async def test_a_room_evaluates_by_the_method_of_its_tender(api: Any) -> None:
    lot_id = await api.register(evaluation={"method": "lowest_evaluated_price"}, criteria=[])
    await api.accept_all(await api.draw(lot_id))
    opened = await api.post("/rooms", "centre", _order(lot_id))
    async with api.hub.database.read() as session:
        setup = await setup_in(session, opened["id"])
    assert (setup.method, setup.criteria, setup.rules.price_weight) == ("lowest_evaluated_price", (), "0.00")
    assert [bid.deduction for bid in setup.bids] == ["0", "0.10", "0", "0.10", "0"]


async def test_o87_53_a_method_that_the_law_of_the_project_does_not_know_is_refused(api: Any) -> None:
    form = json.loads(json.dumps(tender_document(STARTS_AT), default=lambda value: value.isoformat()))
    form |= {"evaluation": {"method": "reviewed_lowest"}, "criteria": []}
    answer = await api.ask("POST", "/projects", "centre", json=form)
    assert (answer.status_code, answer.json()["code"]) == (422, "listings/tender-form-invalid")
    assert "O87 53" in answer.text
