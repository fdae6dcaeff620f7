"""Whole draws on a real database: what a stranger says about the transcript of each course that a draw can take."""

import json
from datetime import timedelta
from typing import Any

import pytest

from expert_hub.draws import record
from expert_hub.draws.calling.vacancies import give_up_seat
from expert_hub.draws.ceremony import open_replacement, void_draw
from expert_hub.draws.errors import CosignatureInvalid, WrongDrawState
from expert_hub.draws.service import mark_checked_in
from expert_hub.foundation.errors import NotFound
from expert_hub.listings.rules import LotState
from expert_hub.listings.service import advance
from tests.expert_hub.draws.ceremonies import AUDITOR, CENTRE, SUPERVISOR


async def ready(ceremonies: Any) -> str:
    draw_id: str = await ceremonies.drawn()
    await ceremonies.accept_all(draw_id)
    assert await ceremonies.state(draw_id) == "ready"
    return draw_id


async def outcomes(ceremonies: Any, draw_id: str) -> list[str]:
    """Outcomes in the transcript."""
    transcript = json.loads((await ceremonies.draw(draw_id)).transcript)
    return [one["outcome"] for one in transcript["outcomes"]]


async def test_a_panel_that_accepts_is_verified(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    await ceremonies.commit(draw_id, await ceremonies.means.desk.latest(ceremonies.hub.clock.now()))
    await ceremonies.finish(draw_id)
    await ceremonies.accept_all(draw_id)
    commitment = (await ceremonies.draw(draw_id)).commitment
    verdict = await ceremonies.verdict(draw_id, commitment)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert await outcomes(ceremonies, draw_id) == ["confirmed"] * 6
    assert not (await ceremonies.verdict(draw_id, "0" * 64)).ok


async def test_several_vacancies_at_once_and_again_are_filled_in_two_drawings(ceremonies: Any) -> None:
    draw_id = await ceremonies.drawn()
    await ceremonies.decline(draw_id, 0, 3)
    assert await ceremonies.replace(draw_id) == 1
    await ceremonies.decline(draw_id, 3, 5)
    assert await ceremonies.replace(draw_id) == 2
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert sorted(await outcomes(ceremonies, draw_id)) == ["confirmed"] * 6 + ["declined"] * 4


async def test_a_seat_that_falls_empty_while_another_is_drawn_for_gets_the_next_drawing(ceremonies: Any) -> None:
    draw_id = await ceremonies.drawn()
    await ceremonies.decline(draw_id, 1)
    await ceremonies.do(open_replacement, SUPERVISOR, draw_id)
    await ceremonies.decline(draw_id, 2)
    assert await ceremonies.state(draw_id) == "drawing"
    await ceremonies.finish(draw_id, 1)
    assert await ceremonies.state(draw_id) == "vacant"
    assert await ceremonies.replace(draw_id) == 2
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)


async def test_who_does_not_answer_is_replaced_on_the_evidence_of_time_and_attempts(
    ceremonies: Any, bench_worker: Any, recorder: Any
) -> None:
    draw_id = await ceremonies.drawn()
    worker = bench_worker(recorder)
    await worker.work_off()
    *rest, _ = (await ceremonies.held(draw_id)).values()
    for position in rest:
        await ceremonies.answer(position, accept=True)
    ceremonies.hub.clock.move(minutes=10)
    await worker.work_off()
    assert await ceremonies.state(draw_id) == "vacant"
    await ceremonies.replace(draw_id)
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert "no-answer" in await outcomes(ceremonies, draw_id)


async def test_withdrawal_absence_and_misconduct_are_replaced_each_with_its_evidence(ceremonies: Any) -> None:
    draw_id = await ready(ceremonies)
    held = await ceremonies.held(draw_id)
    assert (await ceremonies.answer(held[0], accept=False)).state == "withdrawn"
    await ceremonies.do(give_up_seat, held[1].account_id, "misconduct")
    starts_at = ceremonies.hub.clock.now() + timedelta(days=2)
    ceremonies.hub.clock.at = starts_at - timedelta(minutes=20)
    assert (await ceremonies.answer(held[2], accept=False, insist=True)).state == "absent"
    await ceremonies.attest(draw_id)
    await ceremonies.replace(draw_id)
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    found = await outcomes(ceremonies, draw_id)
    assert sorted(found) == ["absent", *["confirmed"] * 6, "misconduct", "withdrawn"]


async def test_a_draw_may_go_on_after_it_was_closed_and_is_closed_again(ceremonies: Any) -> None:
    draw_id = await ready(ceremonies)
    assert (await ceremonies.verdict(draw_id)).ok
    held = await ceremonies.held(draw_id)
    await ceremonies.answer(held[4], accept=False)
    with pytest.raises(WrongDrawState):
        await ceremonies.close(draw_id)
    await ceremonies.replace(draw_id)
    await ceremonies.accept_all(draw_id)
    assert (await ceremonies.verdict(draw_id)).ok


async def test_the_codes_of_who_accepted_open_a_door_and_are_in_no_transcript(ceremonies: Any) -> None:
    draw_id = await ready(ceremonies)
    transcript = await ceremonies.close(draw_id)
    for position in (await ceremonies.held(draw_id)).values():
        assert await ceremonies.code(position) not in transcript
        assert position.evidence is None


async def test_only_a_drawn_panel_is_closed_and_only_by_the_witness(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    for step in (ceremonies.commit, ceremonies.cosign, ceremonies.link, ceremonies.settle):
        with pytest.raises(WrongDrawState):
            await ceremonies.close(draw_id)
        await step(draw_id)
    await ceremonies.accept_all(draw_id)
    await ceremonies.do(record.open_closing, SUPERVISOR, draw_id)
    for line in ("", "x", "— supervisor AAAA\n", await ceremonies.cosignature(draw_id, 0)):
        with pytest.raises(CosignatureInvalid):
            await ceremonies.do(record.close, SUPERVISOR, draw_id, line)
    with pytest.raises(NotFound):
        await ceremonies.do(record.open_closing, SUPERVISOR, "none")


async def test_a_void_draw_is_closed_too_once_it_was_drawn(ceremonies: Any) -> None:
    draw_id = await ceremonies.drawn()
    await ceremonies.decline(draw_id, 2)
    await ceremonies.do(void_draw, SUPERVISOR, draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert json.loads((await ceremonies.draw(draw_id)).transcript)["result"] == {"panel": [], "state": "void"}


async def test_who_may_read_the_transcript_and_when(ceremonies: Any) -> None:
    draw_id = await ready(ceremonies)
    officers, others = (CENTRE, SUPERVISOR, AUDITOR), (None,)

    async def readers() -> list[Any]:
        found = []
        async with ceremonies.hub.database.read() as session:
            for actor in (*officers, *others):
                try:
                    found.append((actor, await record.transcript_for(session, draw_id, actor)))
                except NotFound:
                    continue
        assert len({text for _, text in found}) <= 1
        return [actor for actor, _ in found]

    assert await readers() == []
    await ceremonies.close(draw_id)
    # With the leaves that the supervisor may open for experts, positions would be names.
    assert await readers() == []
    await ceremonies.do(_checked_in, draw_id)
    assert await readers() == list(officers)
    for state in (LotState.EVALUATING, LotState.EVALUATED):
        lot_id = (await ceremonies.draw(draw_id)).lot_id
        async with ceremonies.hub.database.write() as session:
            await advance(session, ceremonies.hub.clock, lot_id, state)
    assert await readers() == [*officers, None]


async def _checked_in(session: Any, means: Any, draw_id: str) -> None:
    await mark_checked_in(session, draw_id, means.clock.now())
