"""Proposal, commitment, cosignature, voiding and replacement: each step once, in its place, by its officer."""

import asyncio
import json
from datetime import date, timedelta
from typing import Any

import pytest

from expert_hub.draws import ceremony
from expert_hub.draws.beacon_watch import BeaconWatch
from expert_hub.draws.calling.vacancies import give_up_seat
from expert_hub.draws.contributors.party_keys import create_keys
from expert_hub.draws.errors import (
    ChainReplaced,
    NotYetDue,
    PartySignatureInvalid,
    ProposalStale,
    RandomnessMissing,
    WrongDrawState,
)
from expert_hub.draws.policy import Limits
from expert_hub.experts import service as experts
from expert_hub.experts.rules import Standing
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.errors import Forbidden, NotFound
from tests.expert_hub.draws.ceremonies import AUDITOR, CENTRE, SUPERVISOR


async def commit(ceremonies: Any, draw_id: str, signature: bytes) -> None:
    await ceremonies.do(ceremony.commit_draw, SUPERVISOR, draw_id, signature)


async def body_of(ceremonies: Any, draw_id: str) -> Any:
    return json.loads((await ceremonies.draw(draw_id)).body)


async def test_what_is_committed_is_what_was_proposed(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    digest = await ceremonies.propose(draw_id)
    assert (await ceremonies.draw(draw_id)).commitment is None
    await commit(ceremonies, draw_id, ceremonies.signed(digest))
    draw = await ceremonies.draw(draw_id)
    assert (draw.commitment, draw.state, draw.proposal) == (digest.hex(), "drawing", None)
    assert [(item["party"], item["index"]) for item in json.loads(draw.body)["parties"]] == [
        ("centre", 1),
        ("supervisor", 1),
    ]


async def test_another_signature_commits_nothing(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    first = ceremonies.signed(await ceremonies.propose(draw_id))
    ceremonies.hub.clock.move(seconds=1)
    second = ceremonies.signed(await ceremonies.propose(draw_id))
    for wrong in (first, second[:-1] + bytes([second[-1] ^ 1]), bytes(64)):
        with pytest.raises(PartySignatureInvalid):
            await commit(ceremonies, draw_id, wrong)
    await commit(ceremonies, draw_id, second)


async def test_a_proposal_grows_stale(ceremonies: Any) -> None:
    draw_id, other = await ceremonies.request(), await ceremonies.request()
    with pytest.raises(ProposalStale):
        await commit(ceremonies, draw_id, bytes(64))
    stale = ceremonies.signed(await ceremonies.propose(draw_id))
    # Its round is out.
    ceremonies.hub.clock.move(seconds=8)
    with pytest.raises(ProposalStale):
        await commit(ceremonies, draw_id, stale)
    # Another draw has its links.
    stale = ceremonies.signed(await ceremonies.propose(draw_id))
    await ceremonies.commit(other)
    with pytest.raises(ProposalStale):
        await commit(ceremonies, draw_id, stale)
    await ceremonies.commit(draw_id)
    assert [link["index"] for link in (await ceremonies.round(draw_id, 0)).links] == [2, 2]


async def test_each_step_belongs_to_one_state_and_one_office(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    for actor in (CENTRE, AUDITOR):
        with pytest.raises(Forbidden):
            await ceremonies.do(ceremony.propose, actor, draw_id, None)
    with pytest.raises(NotFound):
        await ceremonies.do(ceremony.propose, SUPERVISOR, "none", None)
    with pytest.raises(WrongDrawState):
        await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    await ceremonies.commit(draw_id)
    for use_case, *arguments in ((ceremony.propose, None), (ceremony.commit_draw, bytes(64))):
        with pytest.raises(WrongDrawState):
            await ceremonies.do(use_case, SUPERVISOR, draw_id, *arguments)


async def test_two_parties_without_a_beacon_cannot_draw_and_three_can(ceremonies: Any) -> None:
    ceremonies.changes["desk"] = type(ceremonies.hub.desk)([], timedelta(seconds=5), timedelta(seconds=5))
    draw_id = await ceremonies.request()
    with pytest.raises(RandomnessMissing):
        await ceremonies.propose(draw_id)
    await ceremonies.party("auditor")
    draw_id = await ceremonies.drawn(contributors=["auditor"])
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)


async def test_a_cosignature_that_comes_too_late_voids_and_the_second_attempt_names_the_first(ceremonies: Any) -> None:
    lot_id = await ceremonies.lot()
    first = await ceremonies.request(lot_id)
    await ceremonies.commit(first)
    line = await ceremonies.cosignature(first, 0)
    ceremonies.hub.clock.move(seconds=8)
    await ceremonies.do(ceremony.cosign, (first, 0), line)
    assert await ceremonies.state(first) == "void"
    second = await ceremonies.drawn(lot_id)
    commitments = [(await ceremonies.draw(draw_id)).commitment for draw_id in (first, second)]
    body = await body_of(ceremonies, second)
    assert (body["attempt"], body["previous"], body["subject"]) == (2, commitments[:1], lot_id)
    await ceremonies.accept_all(second)
    verdict = await ceremonies.verdict(second, *commitments)
    assert (verdict.findings, verdict.ok) == ((), True)


async def test_more_vacancies_than_the_policy_allows_void_the_draw_visibly(ceremonies: Any) -> None:
    ceremonies.changes["limits"] = Limits(max_skips=2)
    draw_id = await ceremonies.drawn()
    await ceremonies.decline(draw_id, 0)
    await ceremonies.replace(draw_id)
    await ceremonies.decline(draw_id, 1, 2)
    await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    assert await ceremonies.state(draw_id) == "void"
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)


async def test_a_void_draw_goes_on_no_more_however_far_it_came(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    await ceremonies.commit(draw_id)
    await ceremonies.contribute(draw_id)
    await ceremonies.do(ceremony.void_draw, SUPERVISOR, draw_id)
    beacon = await ceremonies.beacon(draw_id)
    with pytest.raises(WrongDrawState):
        await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), beacon)
    assert await BeaconWatch(ceremonies.hub.database, ceremonies.means, _nothing).look() == 0
    assert (await ceremonies.state(draw_id), await ceremonies.positions(draw_id)) == ("void", [])
    with pytest.raises(WrongDrawState):
        await ceremonies.do(ceremony.void_draw, SUPERVISOR, draw_id)


async def _nothing() -> None:
    """Nobody waits for the invitations."""


async def test_after_a_void_draw_those_who_were_drawn_are_free_again(
    ceremonies: Any, recorder: Any, bench_worker: Any
) -> None:
    lot_id = await ceremonies.lot()
    draw_id = await ceremonies.drawn(lot_id)
    pool = await body_of(ceremonies, draw_id)
    await ceremonies.do(ceremony.void_draw, SUPERVISOR, draw_id)
    second = await ceremonies.request(lot_id)
    await ceremonies.commit(second)
    assert (await body_of(ceremonies, second))["pool"]["eligible"] == pool["pool"]["eligible"]
    assert (await bench_worker(recorder).work_off(), recorder.sent) == (0, [])


async def test_a_beacon_round_before_its_time_is_nobodys(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    await ceremonies.commit(draw_id)
    await ceremonies.contribute(draw_id)
    before = ceremonies.hub.clock.at
    beacon = await ceremonies.beacon(draw_id)
    after, ceremonies.hub.clock.at = ceremonies.hub.clock.at, before
    with pytest.raises(NotYetDue):
        await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), beacon)
    ceremonies.hub.clock.at = after
    for wrong in (None, type(beacon)(beacon.level, beacon.chain, beacon.round + 1, beacon.signature)):
        with pytest.raises(WrongDrawState):
            await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), wrong)
    await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), beacon)


async def test_no_drawing_for_a_seat_whose_outcome_the_supervisor_has_not_signed(ceremonies: Any) -> None:
    draw_id = await ceremonies.drawn()
    await ceremonies.accept_all(draw_id)
    held = await ceremonies.held(draw_id)
    await ceremonies.do(give_up_seat, held[0].account_id, "absent")
    with pytest.raises(PartySignatureInvalid):
        await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    await ceremonies.attest(draw_id)
    await ceremonies.replace(draw_id)


async def test_a_draw_does_not_go_on_with_keys_that_it_does_not_know(ceremonies: Any) -> None:
    requested, drawn = await ceremonies.request(), await ceremonies.drawn()
    await ceremonies.decline(drawn, 0)
    # The half of the pool's key was sealed to the old key, and the policy of the draw names it.
    await ceremonies.party("supervisor", keys=create_keys("supervisor", 8, SeededChance("new")))
    with pytest.raises(ChainReplaced):
        await ceremonies.propose(requested)
    with pytest.raises(ChainReplaced):
        await ceremonies.do(ceremony.open_replacement, SUPERVISOR, drawn)
    for draw_id in (requested, drawn):
        lot_id = (await ceremonies.draw(draw_id)).lot_id
        await ceremonies.do(ceremony.void_draw, SUPERVISOR, draw_id)
        await ceremonies.accept_all(again := await ceremonies.drawn(lot_id))
        assert (await ceremonies.verdict(again)).ok


async def test_the_commitment_names_the_standings_that_were_applied(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    ceremonies.hub.clock.move(seconds=1)
    async with ceremonies.hub.database.write() as session:
        page = await experts.list_experts(session, experts.Filters(standing="admitted"))
        new = experts.NewStanding(Standing.SUSPENDED, "reason", "decision 1", date(2026, 3, 1))
        hub = ceremonies.hub
        await experts.change_standing(session, hub.clock, hub.chance, page.items[0].id, "centre", new)
    await ceremonies.commit(draw_id)
    later = await ceremonies.request()
    await ceremonies.commit(later)
    first, second = [(await body_of(ceremonies, each))["standing"] for each in (draw_id, later)]
    assert int(second.split(":")[0]) == int(first.split(":")[0]) + 1
    assert first != second


async def test_policies_are_found_by_their_hash(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    await ceremonies.propose(draw_id)
    draw = await ceremonies.draw(draw_id)
    async with ceremonies.hub.database.read() as session:
        text = await ceremony.policy_text(session, draw.policy)
        with pytest.raises(NotFound):
            await ceremony.policy_text(session, "0" * 64)
        trust = await ceremony.trust_of(session, ceremonies.means)
    assert (json.loads(text), trust.hash()) == (trust.document(), draw.policy)


async def test_two_draws_at_once_never_share_a_link(ceremonies: Any) -> None:
    draws = [await ceremonies.request() for _ in range(4)]

    async def committed(draw_id: str) -> int:
        for tries in range(1, 9):
            try:
                await ceremonies.commit(draw_id)
            except ProposalStale:
                continue
            return tries
        raise AssertionError("never committed")

    await asyncio.gather(*map(committed, draws))
    used = [(await ceremonies.round(draw_id, 0)).links for draw_id in draws]
    assert sorted(links[0]["index"] for links in used) == [1, 2, 3, 4]
    assert [links[0]["index"] for links in used] == [links[1]["index"] for links in used]
