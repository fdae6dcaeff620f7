"""Invitations and their answers over HTTP on a real server."""

import asyncio
from typing import Any

import pytest

from expert_hub.draws.errors import InvitationAnswered, InvitationOver, TooLateToWithdraw
from expert_hub.draws.invitation_rules import code_digest
from expert_hub.draws.invitations import Answered, answer, look
from expert_hub.draws.tables import DrawPosition, Invitation


async def test_dr_13_the_message_names_no_project_entity_bidder_or_member(api: Any) -> None:
    await api.draw(await api.register())
    await api.codes(6)
    texts = "".join(path.read_text("utf-8") for path in api.hub.settings.outbox_dir.glob("*.json"))
    for secret in ("SAMPLE-GP", "校园网络", "南粤", "样例智慧", "粤海"):
        assert secret not in texts
    assert "2026-03-02 09:30" in texts


async def test_a_refusal_asks_the_next_alternate_until_none_is_left(api: Any) -> None:
    draw_id = await api.draw(await api.register())
    seen: set[str] = set()
    declined = 0
    while (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "inviting":
        waiting = [code for code in await api.codes(6 + min(declined, 6)) if code not in seen]
        if not waiting:
            break
        seen.add(waiting[0])
        await api.post("/invitations/answer", None, {"code": waiting[0], "accept": False})
        declined += 1
    assert (await api.get(f"/draws/{draw_id}", "centre"))["state"] == "short"
    # Three quotas of two seats and two alternates: at the latest the seventh refusal leaves one quota without.
    assert 3 <= declined <= 7


async def test_a_short_draw_may_be_followed_by_one_that_names_it(api: Any) -> None:
    lot_id = await api.register(committee__alternates=0)
    first = await api.draw(lot_id)
    commitment = (await api.get(f"/draws/{first}", "centre"))["commitment"]
    await api.post("/invitations/answer", None, {"code": (await api.codes(6))[0], "accept": False})
    second = await api.draw(lot_id)
    transcript = (await api.ask("GET", f"/draws/{second}/transcript.json", "auditor")).json()
    assert transcript["commit"]["attempt"] == 2
    assert transcript["commit"]["previous"] == [commitment]


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
    # One refusal asked one alternate, however often it was said.
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
    draw_id = await bench.draw(2, 2)
    first, second = await bench.codes()
    for code in (first, second):
        assert (await _say(bench, code, accept=True)).expert_id in bench.experts
    assert await bench.state(draw_id) == "ready"
    bench.hub.clock.move(hours=1)
    assert await _say(bench, first, accept=False) == Answered("withdrawn", None)
    assert await bench.state(draw_id) == "inviting"
    assert sorted(await bench.outcomes()) == ["accepted", "drawn", "invited", "withdrawn"]
    # Said again it changes nothing, and there is no way back.
    assert await _say(bench, first, accept=False) == Answered("withdrawn", None)
    with pytest.raises(InvitationAnswered):
        await _say(bench, first, accept=True)
    assert (await bench.outcomes()).count("invited") == 1


async def test_dr_16_inside_the_cut_off_it_is_refused_and_counts_as_absence_if_it_is_said_again(bench: Any) -> None:
    await bench.draw(1, 1)
    (code,) = await bench.codes()
    await _say(bench, code, accept=True)
    bench.hub.clock.move(minutes=60, seconds=1)
    with pytest.raises(TooLateToWithdraw) as refusal:
        await _say(bench, code, accept=False)
    assert refusal.value.facts == {"minutes": 60}
    assert await bench.outcomes() == ["accepted", "drawn"]
    assert await _say(bench, code, accept=False, insist=True) == Answered("absent", None)
    assert await bench.outcomes() == ["absent", "invited"]
    assert await _state(bench, code) == "absent"
    assert (await bench.kinds())[-3:] == ["draws/absent", "draws/invited", "draws/inviting"]


async def test_once_the_evaluation_has_begun_the_code_takes_nobody_out_of_the_room(bench: Any) -> None:
    await bench.draw(1, 1)
    (code,) = await bench.codes()
    await _say(bench, code, accept=True)
    bench.hub.clock.move(hours=2)
    with pytest.raises(InvitationAnswered):
        await _say(bench, code, accept=False, insist=True)
    assert await bench.outcomes() == ["accepted", "drawn"]


async def test_dr_12_an_answer_after_the_time_comes_too_late_and_says_so(bench: Any, recorder: Any) -> None:
    await bench.draw(1, 1)
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
    assert await bench.outcomes() == ["no_answer", "invited"]


async def test_a_code_leads_only_to_its_own_expert(bench: Any) -> None:
    await bench.draw(4, 0)
    holder = {row.id: row.expert_id for row in await bench.rows(DrawPosition)}
    for row in await bench.rows(Invitation):
        taken = await _say(bench, bench.parcel(row).code, accept=True)
        assert taken == Answered("accepted", holder[row.position_id])


async def test_an_answer_in_the_last_moment_either_counts_or_is_told_that_it_does_not(
    bench: Any, recorder: Any
) -> None:
    await bench.draw(12, 12)
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
    first = {row.code_sha256: row.state for row in rows if row.state != "sent"}
    assert [first[code_digest(code)] for code in codes] == said
    # One successor for each place that was lost, none for those that were kept.
    assert len(rows) == 12 + said.count("no_answer")


async def test_the_same_refusal_said_many_times_at_once_asks_one_successor(bench: Any) -> None:
    await bench.draw(1, 5)
    (code,) = await bench.codes()
    taken = await asyncio.gather(*(_say(bench, code, accept=False) for _ in range(8)))
    assert {each.state for each in taken} == {"declined"}
    assert await bench.outcomes() == ["declined", "invited", "drawn", "drawn", "drawn", "drawn"]
    assert (await bench.kinds()).count("draws/declined") == 1
