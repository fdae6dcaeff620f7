"""Eight at once confirm the same step: it has one effect, and there is one draw.

Thirty races run always, a thousand with the slow tests; the database is a real one with real transactions.
"""

import asyncio
from collections import Counter
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from expert_hub.draws import ceremony, rounds
from expert_hub.draws.beacons.private_beacon import load_beacon_secret, sign_round
from expert_hub.draws.calling import invitations
from expert_hub.draws.ceremony import COMMIT, commit_draw, open_replacement, settle_beacon, void_draw
from expert_hub.draws.contributors.party_keys import own_link, sign
from expert_hub.draws.errors import (
    InvitationAnswered,
    PartyRefused,
    ProposalStale,
    WrongDrawState,
)
from expert_hub.draws.tables import DrawLink, DrawPosition, DrawRound, Invitation
from expert_hub.ledger.service import verify
from expert_hub.ledger.tables import LedgerEntry
from tests.expert_hub.draws.ceremonies import SUPERVISOR, Ceremonies

AT_ONCE = 8
REPLACEMENTS = 5
LATE = (WrongDrawState, PartyRefused, ProposalStale, InvitationAnswered)


class Races:
    """Races through whole draws, and what must be in the database after so many."""

    def __init__(self, ceremonies: Ceremonies) -> None:
        self.ceremonies = ceremonies
        self.run: Counter[str] = Counter()

    async def race(self, step: str, use_case: Any, *arguments: Any) -> None:
        """Do the same thing eight times at once; one succeeds, the others are told that they are late."""
        ends = await asyncio.gather(
            *(self.ceremonies.do(use_case, *arguments) for _ in range(AT_ONCE)), return_exceptions=True
        )
        late = [end for end in ends if isinstance(end, LATE)]
        assert len(late) == AT_ONCE - 1, (step, ends)
        assert not [end for end in ends if isinstance(end, BaseException) and not isinstance(end, LATE)], (step, ends)
        self.run[step] += 1

    async def drawing(self, draw_id: str, number: int) -> None:
        """Race from an opened drawing to its invitations."""
        place = (draw_id, number)
        await self.race("cosign", ceremony.cosign, place, await self.ceremonies.cosignature(*place))
        given = await self.ceremonies.contribution(draw_id, number, "supervisor")
        await self.race("link", rounds.contribute, SUPERVISOR, place, given)
        await self.race("beacon", settle_beacon, place, await self.ceremonies.beacon(*place))

    async def declined(self, draw_id: str, seat: int) -> None:
        """The same refusal eight times at once: said again it changes nothing."""
        code = await self.ceremonies.code((await self.ceremonies.held(draw_id))[seat])

        async def decline(session: Any, means: Any) -> str:
            return (await invitations.answer(session, means, code, accept=False)).state

        said = await asyncio.gather(*(self.ceremonies.do(decline) for _ in range(AT_ONCE)))
        assert said == ["declined"] * AT_ONCE
        self.run["decline"] += 1

    async def draw(self, replacements: int) -> str:
        """One draw, so many replacements, and its end."""
        draw_id = await self.ceremonies.request()
        signature = self.ceremonies.signed(await self.ceremonies.propose(draw_id))
        await self.race("commit", commit_draw, SUPERVISOR, draw_id, signature)
        await self.drawing(draw_id, 0)
        for number in range(1, replacements + 1):
            await self.declined(draw_id, number % 6)
            await self.race("replacement", open_replacement, SUPERVISOR, draw_id)
            if await self.ceremonies.state(draw_id) == "short":
                break
            await self.drawing(draw_id, number)
            if await self.ceremonies.state(draw_id) == "short":
                break
        await self.exactly_one(draw_id)
        if await self.ceremonies.state(draw_id) != "short":
            await self.race("void", void_draw, SUPERVISOR, draw_id)
        return draw_id

    async def exactly_one(self, draw_id: str) -> None:
        """Rows and entries of one draw are those of one that nobody raced through."""
        async with self.ceremonies.hub.database.read() as session:
            drawn = list(
                (await session.execute(select(DrawRound).where(DrawRound.draw_id == draw_id))).scalars()  # type: ignore[arg-type]
            )
            places = list(
                (await session.execute(select(DrawPosition).where(DrawPosition.draw_id == draw_id))).scalars()  # type: ignore[arg-type]
            )
            asked = (
                await session.execute(
                    select(func.count()).select_from(Invitation).where(Invitation.draw_id == draw_id)  # type: ignore[arg-type]
                )
            ).scalar_one()
            kinds = Counter(
                (await session.execute(select(LedgerEntry.kind).where(LedgerEntry.subject == draw_id))).scalars()  # type: ignore[call-overload]
            )
        filled = [row for row in drawn if row.filled]
        assert sorted(row.number for row in drawn) == list(range(len(drawn)))
        assert len(places) == sum(len(row.filled) for row in filled) == asked == kinds["draws/invited"]
        assert (kinds["draws/committed"], kinds["draws/drawn"]) == (1, 1)
        assert (kinds["draws/vacated"], kinds["draws/replaced"]) == (len(drawn) - 1, len(filled) - 1)
        assert kinds["draws/declined"] == sum(place.outcome == "declined" for place in places)

    async def no_link_twice(self) -> None:
        """Every link of every chain was used once, in order, and the ledger is whole."""
        async with self.ceremonies.hub.database.read() as session:
            links = list((await session.execute(select(DrawLink))).scalars())
            assert (await verify(session)).ok
        by_tip: dict[str, list[DrawLink]] = {}
        for link in sorted(links, key=lambda link: link.entry):
            by_tip.setdefault(link.tip, []).append(link)
        for used in by_tip.values():
            assert [link.index for link in used] == list(range(1, len(used) + 1))


async def test_thirty_races_have_thirty_effects(ceremonies: Ceremonies) -> None:
    races = Races(ceremonies)
    await races.draw(REPLACEMENTS)
    await races.no_link_twice()
    assert races.run.total() == 30


@pytest.mark.slow
async def test_a_thousand_races_have_a_thousand_effects(ceremonies: Ceremonies) -> None:
    races = Races(ceremonies)
    for number in count():
        if races.run.total() >= 1000:
            break
        assert number < 60, races.run
        await races.draw(8)
        ceremonies.hub.clock.move(hours=1)
    await races.no_link_twice()
    assert min(races.run[step] for step in ("commit", "cosign", "link", "beacon", "replacement", "decline")) >= 20


async def test_draws_that_go_on_at_the_same_time_take_turns_with_the_chains(ceremonies: Ceremonies) -> None:
    draws = [await ceremonies.request() for _ in range(3)]

    async def go(draw_id: str) -> None:
        for _ in range(12):
            try:
                await ceremonies.commit(draw_id)
                break
            except ProposalStale:
                continue
        await ceremonies.contribute(draw_id)

    await asyncio.gather(*map(go, draws))
    for draw_id in draws:
        await ceremonies.settle(draw_id)
        await ceremonies.decline(draw_id, 0)
    await asyncio.gather(*(ceremonies.do(open_replacement, SUPERVISOR, draw_id) for draw_id in draws))
    # Links may be shown in any order: whoever knows the third knows the first two, which were given away before.
    for draw_id in reversed(draws):
        await ceremonies.contribute(draw_id, 1)
    for draw_id in draws:
        await ceremonies.settle(draw_id, 1)
        await ceremonies.accept_all(draw_id)
        verdict = await ceremonies.verdict(draw_id)
        assert (verdict.findings, verdict.ok) == ((), True)
    await Races(ceremonies).no_link_twice()


async def test_over_http_too_one_of_eight_confirmations_counts(api: Any) -> None:
    draw_id = await api.request(await api.register())
    agent, path = api.parties["supervisor"], f"/draws/{draw_id}"

    async def at_once(step: str, body: Any) -> None:
        answers = await asyncio.gather(
            *(api.ask("POST", f"{path}/{step}", "supervisor", json=body) for _ in range(AT_ONCE))
        )
        codes = Counter(answer.status_code for answer in answers)
        assert codes[200] == 1, codes
        assert set(codes) <= {200, 403, 409}, codes

    proposal = await api.post(f"{path}/proposal", "supervisor", {})
    signature = sign(agent._keys, COMMIT, bytes.fromhex(proposal["digest"]))
    await at_once("commit", {"signature": signature.hex()})
    for number in (0, 1):
        if number:
            codes = await api.codes(6)
            answers = [
                api.post("/invitations/answer", None, {"code": codes[0], "accept": False}) for _ in range(AT_ONCE)
            ]
            await asyncio.gather(*answers)
            await at_once("replacements", {})
        row = (await api.get(path, "supervisor"))["round"]
        agent._log = (api.hub.log.name, api.hub.log.public)
        await at_once(f"rounds/{number}/cosignature", {"line": await agent._cosigned(row["checkpoint"])})
        index = next(link["index"] for link in row["links"] if link["party"] == "supervisor")
        link = {"party": "supervisor", "link": own_link(agent._keys, index).hex()}
        await at_once(f"rounds/{number}/link", {**link, "key_share": (await agent._share(draw_id)).hex()})
        (item,) = row["plan"]
        secret = load_beacon_secret(api.hub.settings.effective_keys_dir, api.hub.chance)
        signed = sign_round(secret, api.hub.desk.chain(item["chain"]), item["round"])
        api.hub.clock.at = api.hub.desk.due_at(item["chain"], item["round"])
        # The watch of the hub runs too: whoever is first, it is drawn once.
        answers = await asyncio.gather(
            *(
                api.ask("POST", f"{path}/rounds/{number}/beacon", "supervisor", json={"text": signed.signature.hex()})
                for _ in range(AT_ONCE)
            ),
            api.hub.watch.look(),
        )
        assert Counter(answer.status_code for answer in answers[:-1])[200] <= 1
        assert (await api.get(path, "supervisor"))["state"] == "inviting"
    async with api.hub.database.read() as session:
        assert len(list((await session.execute(select(DrawPosition))).scalars())) == 7
        assert (await verify(session)).ok
