"""Invitations and their answers over HTTP on a real server."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from expert_hub.draws.calling.invitation_rules import code_digest
from expert_hub.draws.calling.invitations import Answered, answer, look
from expert_hub.draws.ceremony import void_draw
from expert_hub.draws.errors import InvitationAnswered, InvitationOver, TooLateToWithdraw
from expert_hub.draws.store import rounds_of
from expert_hub.draws.tables import DrawPosition, Invitation
from expert_hub.identity.rules import Actor, Role

SUPERVISOR = Actor("s" * 32, "supervisor", frozenset({Role.SUPERVISOR}))


async def test_dr_13_the_message_names_no_project_entity_bidder_or_member(api: Any) -> None:
    await api.draw(await api.register())
    await api.codes(6)
    texts = "".join(path.read_text("utf-8") for path in api.hub.settings.outbox_dir.glob("*.json"))
    for secret in ("SAMPLE-GP", "校园网络", "南粤", "样例智慧", "粤海"):
        assert secret not in texts
    assert "2026-03-02 09:30" in texts


async def test_dr_12_a_refusal_is_followed_by_a_drawing_with_fresh_randomness(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    code = (await api.codes(6))[0]
    await api.post("/invitations/answer", None, {"code": code, "accept": False})
    assert (await api.get(f"/draws/{draw_id}", "supervisor"))["state"] == "vacant"
    assert len(await api.codes(6)) == 6
    assert await api.drive(draw_id) == "inviting"
    assert len(await api.codes(7)) == 7
    async with api.hub.database.read() as session:
        first, second = await rounds_of(session, draw_id)
    assert first.value != second.value
    assert first.beacon["round"] < second.beacon["round"]
    assert {link["index"] for link in second.links} == {2}


async def test_a_lost_answer_is_given_again_and_leads_to_the_same_account(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    accepted, declined, *_ = await api.codes(6)
    before = await api.get(f"/draws/{draw_id}", "centre")
    accounts = []
    for number in range(3):
        answer = await api.post("/invitations/answer", None, {"code": accepted, "accept": True})
        api.tokens[f"again-{number}"] = answer["access_token"]
        accounts.append((await api.get("/me", f"again-{number}"))["username"])
        await api.post("/invitations/answer", None, {"code": declined, "accept": False})
    assert len(set(accounts)) == 1
    # One refusal emptied one seat, however often it was said.
    assert await api.drive(draw_id) == "inviting"
    assert len(await api.codes(7)) == 7
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == before["state"]


async def test_an_invitation_is_answered_once_and_by_its_code_only(api: Any) -> None:
    await api.draw(await api.register())
    code = (await api.codes(6))[0]
    answer = await api.post("/invitations/answer", None, {"code": code.upper(), "accept": True})
    api.tokens["expert"] = answer["access_token"]
    assert (await api.get("/me", "expert"))["roles"] == ["expert"]
    again = await api.refused("POST", "/invitations/answer", None, {"code": code, "accept": False})
    assert again == (409, "draws/too-late-to-withdraw")
    unknown = await api.refused("POST", "/invitations/answer", None, {"code": "a" * 16, "accept": True})
    assert unknown == (404, "draws/invitation-unknown")


async def _say(bench: Any, code: str, accept: bool, insist: bool = False) -> Answered:
    async with bench.hub.database.write() as session:
        return await answer(session, bench.means, code, accept=accept, insist=insist)


async def _state(bench: Any, code: str) -> str:
    async with bench.hub.database.read() as session:
        return (await look(session, bench.means, code)).state


async def test_dr_16_an_acceptance_is_taken_back_until_an_hour_before_the_beginning(bench: Any) -> None:
    draw_id = await bench.draw(2)
    first, second = await bench.codes()
    for code in (first, second):
        assert (await _say(bench, code, accept=True)).state == "accepted"
    assert await bench.state(draw_id) == "ready"
    bench.hub.clock.move(hours=1)
    assert await _say(bench, first, accept=False) == Answered("withdrawn", None)
    assert await bench.state(draw_id) == "vacant"
    assert sorted(await bench.outcomes()) == ["accepted", "withdrawn"]
    # Said again it changes nothing, and there is no way back.
    assert await _say(bench, first, accept=False) == Answered("withdrawn", None)
    with pytest.raises(InvitationAnswered):
        await _say(bench, first, accept=True)
    assert (await bench.kinds()).count("draws/withdrawn") == 1


async def test_dr_16_inside_the_cut_off_it_is_refused_and_counts_as_absence_if_it_is_said_again(bench: Any) -> None:
    await bench.draw(1)
    (code,) = await bench.codes()
    await _say(bench, code, accept=True)
    bench.hub.clock.move(minutes=60, seconds=1)
    with pytest.raises(TooLateToWithdraw) as refusal:
        await _say(bench, code, accept=False)
    assert refusal.value.facts == {"minutes": 60}
    assert await bench.outcomes() == ["accepted"]
    assert await _say(bench, code, accept=False, insist=True) == Answered("absent", None)
    assert await bench.outcomes() == ["absent"]
    assert await _state(bench, code) == "absent"
    assert (await bench.kinds())[-3:] == ["draws/absent", "draws/evidence", "draws/vacant"]


async def test_once_the_evaluation_has_begun_the_code_takes_nobody_out_of_the_room(bench: Any) -> None:
    await bench.draw(1)
    (code,) = await bench.codes()
    await _say(bench, code, accept=True)
    bench.hub.clock.move(hours=2)
    with pytest.raises(InvitationAnswered):
        await _say(bench, code, accept=False, insist=True)
    assert await bench.outcomes() == ["accepted"]


async def test_dr_12_an_answer_after_the_time_comes_too_late_and_says_so(bench: Any, recorder: Any) -> None:
    await bench.draw(1)
    (code,) = await bench.codes()
    worker = bench.worker(recorder)
    await worker.work_off()
    assert await _state(bench, code) == "open"
    bench.hub.clock.move(minutes=10)
    await worker.work_off()
    for accept in (True, False):
        with pytest.raises(InvitationOver):
            await _say(bench, code, accept=accept)
    assert await _state(bench, code) == "over"
    assert await bench.outcomes() == ["no_answer"]


async def test_a_code_leads_to_the_one_account_of_its_own_seat(bench: Any) -> None:
    await bench.draw(4)
    taken = {}
    for row in await bench.rows(Invitation):
        taken[row.position_id] = await _say(bench, bench.parcel(row).code, accept=True)
    accounts = {row.id: row.account_id for row in await bench.rows(DrawPosition)}
    assert {position: answered.account_id for position, answered in taken.items()} == accounts
    assert len(set(accounts.values())) == 4


async def test_whoever_accepts_with_one_code_at_once_enters_with_one_account(bench: Any) -> None:
    await bench.draw(1)
    (code,) = await bench.codes()
    taken = await asyncio.gather(*(_say(bench, code, accept=True) for _ in range(8)))
    assert len({each.account_id for each in taken}) == 1


async def test_after_a_void_draw_no_answer_counts_and_no_door_opens(bench: Any, recorder: Any) -> None:
    draw_id = await bench.draw(3)
    accepted, declined, silent = await bench.codes()
    await _say(bench, accepted, accept=True)
    await _say(bench, declined, accept=False)
    async with bench.hub.database.write() as session:
        await void_draw(session, bench.means, SUPERVISOR, draw_id)
    before = await bench.kinds()
    for code in (accepted, silent):
        for accept in (True, False):
            with pytest.raises(InvitationOver):
                await _say(bench, code, accept=accept)
    assert [await _state(bench, code) for code in (accepted, declined, silent)] == ["over"] * 3
    assert (await bench.worker(recorder).work_off(), recorder.sent) == (0, [])
    assert (await bench.kinds(), sorted(await bench.outcomes())) == (before, ["accepted", "declined", "invited"])


async def test_an_answer_in_the_last_moment_either_counts_or_is_told_that_it_does_not(
    bench: Any, recorder: Any
) -> None:
    await bench.draw(12)
    codes = await bench.codes()
    workers = [bench.worker(recorder) for _ in range(2)]
    await workers[0].work_off()
    bench.hub.clock.move(minutes=10)

    async def last_moment(code: str) -> str:
        try:
            return (await _say(bench, code, accept=True)).state
        except InvitationOver:
            return "no_answer"

    *said, _, _ = await asyncio.gather(*map(last_moment, codes), *(worker.work_off() for worker in workers))
    rows = await bench.rows(Invitation)
    first = {row.code_sha256: row.state for row in rows}
    assert [first[code_digest(code)] for code in codes] == said
    assert Counter(await bench.outcomes()) == Counter(said)


async def test_the_same_refusal_said_many_times_at_once_empties_the_seat_once(bench: Any) -> None:
    draw_id = await bench.draw(1)
    (code,) = await bench.codes()
    taken = await asyncio.gather(*(_say(bench, code, accept=False) for _ in range(8)))
    assert {each.state for each in taken} == {"declined"}
    assert (await bench.outcomes(), await bench.state(draw_id)) == (["declined"], "vacant")
    assert [(await bench.kinds()).count(f"draws/{kind}") for kind in ("declined", "vacant")] == [1, 1]
