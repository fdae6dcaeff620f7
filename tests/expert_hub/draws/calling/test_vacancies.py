"""Seats that fall empty: one outcome each, and the state of the draw follows from its seats."""

import asyncio
import json
from typing import Any

import pytest

from expert_hub.draws.calling.invitations import answer
from expert_hub.draws.calling.vacancies import give_up_seat
from expert_hub.draws.store import positions_of
from expert_hub.draws.tables import DrawPosition
from expert_hub.foundation.errors import NotFound
from expert_hub.ledger.tables import LedgerEntry


async def _accept_all(bench: Any) -> list[str]:
    codes: list[str] = await bench.codes()
    for code in codes:
        async with bench.hub.database.write() as session:
            await answer(session, bench.means, code, accept=True)
    return codes


async def _give_up(bench: Any, account_id: str, reason: str = "unwell") -> None:
    async with bench.hub.database.write() as session:
        await give_up_seat(session, bench.means, account_id, reason)


async def _accounts(bench: Any) -> list[str]:
    rows = await bench.rows(DrawPosition, DrawPosition.outcome == "accepted")
    return [row.account_id for row in sorted(rows, key=lambda row: row.place)]


async def test_dr_17_a_seat_that_is_given_up_is_vacant_and_the_others_stay(bench: Any) -> None:
    draw_id = await bench.draw(2)
    await _accept_all(bench)
    assert await bench.state(draw_id) == "ready"
    first, second = await _accounts(bench)
    await _give_up(bench, first, "misconduct")
    assert await bench.state(draw_id) == "vacant"
    assert await bench.outcomes() == ["misconduct", "accepted"]
    assert await _accounts(bench) == [second]
    (entry,) = await bench.rows(LedgerEntry, LedgerEntry.kind == "draws/misconduct")
    assert json.loads(entry.text)["body"] == {"number": 0, "position": 0, "seat": 0}
    assert (await bench.rows(DrawPosition, DrawPosition.outcome == "misconduct"))[0].entry == entry.index


async def test_whoever_says_it_and_however_often_the_seat_is_vacated_once(bench: Any) -> None:
    await bench.draw(2)
    await _accept_all(bench)
    first, _ = await _accounts(bench)
    await asyncio.gather(*(_give_up(bench, first, reason) for reason in ("absent", "conflict") * 4))
    await _give_up(bench, first)
    kinds = await bench.kinds()
    assert kinds.count("draws/absent") + kinds.count("draws/conflict") == 1
    assert kinds.count("draws/vacant") == 1


async def test_without_a_directly_selected_expert_the_draw_is_void_and_nobody_is_asked_any_more(
    bench: Any, recorder: Any
) -> None:
    draw_id = await bench.draw(3)
    async with bench.hub.database.write() as session:
        *_, selected = await positions_of(session, draw_id)
        selected.position, selected.quota, selected.quota_id = -1, -1, "direct"
    row = next(row for row in await bench.invitations() if row.position_id == selected.id)
    code = bench.parcel(row).code
    async with bench.hub.database.write() as session:
        await answer(session, bench.means, code, accept=False)
    assert await bench.state(draw_id) == "short"
    assert (await bench.worker(recorder).work_off(), recorder.sent) == (0, [])
    (entry,) = await bench.rows(LedgerEntry, LedgerEntry.kind == "draws/voided")
    assert json.loads(entry.text)["body"]["skips"] == 0


async def test_an_account_without_a_seat_gives_nothing_up(bench: Any) -> None:
    await bench.draw(1)
    with pytest.raises(NotFound):
        await _give_up(bench, "a" * 32)


async def test_a_draw_is_ready_with_the_last_acceptance_and_vacant_with_any_refusal(bench: Any) -> None:
    draw_id = await bench.draw(2)
    first, second = await bench.codes()
    states = []
    for code, accept in ((first, True), (second, False)):
        async with bench.hub.database.write() as session:
            await answer(session, bench.means, code, accept=accept)
        states.append(await bench.state(draw_id))
    assert states == ["inviting", "vacant"]
    assert await bench.kinds() == [
        *["draws/invited"] * 2,
        *("draws/accepted", "draws/evidence"),
        *("draws/declined", "draws/evidence", "draws/vacant"),
    ]
