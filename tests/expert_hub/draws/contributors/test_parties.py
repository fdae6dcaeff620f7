"""Chains are registered by their own party, one is in use, and nothing about it happens twice."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import select

from expert_hub.draws.contributors import parties
from expert_hub.draws.contributors.party_keys import PartyKeys, create_keys
from expert_hub.draws.contributors.registration import registration_of
from expert_hub.draws.errors import ChainExhausted, ChainKnown, PartyMissing, PartyRefused, RegistrationInvalid
from expert_hub.draws.tables import DrawParty
from expert_hub.foundation.chance import SeededChance
from expert_hub.ledger.tables import LedgerEntry
from tests.expert_hub.draws.ceremonies import AUDITOR, CENTRE, SUPERVISOR


def keys_of(party: str, seed: str = "", length: int = 8) -> PartyKeys:
    return create_keys(party, length, SeededChance(party + seed))


async def register(ceremonies: Any, actor: Any, keys: PartyKeys) -> None:
    await ceremonies.do(parties.register, actor, registration_of(keys, None))


async def entries(ceremonies: Any) -> list[Any]:
    async with ceremonies.hub.database.read() as session:
        statement = select(LedgerEntry).where(LedgerEntry.kind == "draws/chain-registered")  # type: ignore[arg-type]
        rows = (await session.execute(statement)).scalars()
        return [json.loads(row.text) for row in rows]


async def test_a_party_registers_its_own_chain_and_the_newest_is_in_use(ceremonies: Any) -> None:
    for actor, party in ((SUPERVISOR, "auditor"), (AUDITOR, "supervisor"), (CENTRE, "centre"), (SUPERVISOR, "hub-2")):
        with pytest.raises(PartyRefused):
            await register(ceremonies, actor, keys_of(party))
    new = keys_of("supervisor", "new")
    await register(ceremonies, SUPERVISOR, new)
    for _ in range(2):
        with pytest.raises(ChainKnown):
            await register(ceremonies, SUPERVISOR, new)
    async with ceremonies.hub.database.read() as session:
        (row,) = await parties.all_in_use(session)
        assert (row.ed25519, row.used) == (new.ed25519.hex(), 0)
        assert await parties.keys_in_use(session) == {"supervisor": new.ed25519}
    said = await entries(ceremonies)
    assert [(entry["subject"], entry["body"]["index"]) for entry in said] == [("supervisor", 0)] * 2
    assert said[1]["body"]["tip"] == row.tip


async def test_a_changed_document_is_refused(ceremonies: Any) -> None:
    document = registration_of(keys_of("auditor"), None)
    for changed in ({**document, "x25519": "0" * 64}, {**document, "more": 1}, {}):
        with pytest.raises(RegistrationInvalid):
            await ceremonies.do(parties.register, AUDITOR, changed)


async def test_of_chains_registered_at_once_one_stays_in_use(ceremonies: Any) -> None:
    await asyncio.gather(*(register(ceremonies, AUDITOR, keys_of("auditor", str(number))) for number in range(8)))
    async with ceremonies.hub.database.read() as session:
        rows = list((await session.execute(select(DrawParty))).scalars())
    of_auditor = [row for row in rows if row.party == "auditor"]
    assert (len(of_auditor), [row.is_retired for row in of_auditor].count(False)) == (8, 1)
    newest = max(of_auditor, key=lambda row: row.entry)
    assert not newest.is_retired


async def test_the_same_chain_registered_at_once_is_registered_once(ceremonies: Any) -> None:
    keys = keys_of("auditor")
    ends = await asyncio.gather(*(register(ceremonies, AUDITOR, keys) for _ in range(8)), return_exceptions=True)
    assert [type(end) for end in ends if end is not None] == [ChainKnown] * 7


async def test_the_first_draws_at_once_register_the_centre_once(ceremonies: Any) -> None:
    lots = [await ceremonies.lot() for _ in range(3)]
    await asyncio.gather(*(ceremonies.request(lot_id) for lot_id in lots))
    assert [entry["subject"] for entry in await entries(ceremonies)].count("centre") == 1


async def test_a_party_without_a_chain_or_with_none_left_cannot_draw(ceremonies: Any) -> None:
    with pytest.raises(PartyMissing):
        await ceremonies.request(contributors=["auditor"])
    await ceremonies.party("supervisor", keys=keys_of("supervisor", "short", length=1))
    draw_id, second = await ceremonies.request(), await ceremonies.request()
    await ceremonies.commit(draw_id)
    with pytest.raises(ChainExhausted):
        await ceremonies.propose(second)


def test_the_order_of_parties_is_that_of_the_protocol() -> None:
    assert parties.order_of(["hub-b", "hub-a", "supervisor", "hub-b"]) == ["centre", "supervisor", "hub-a", "hub-b"]


def test_nobody_acts_for_the_centre() -> None:
    assert not any(parties.may_act_for(actor, "centre") for actor in (CENTRE, SUPERVISOR, AUDITOR))
    assert parties.may_act_for(SUPERVISOR, "supervisor")
    assert parties.may_act_for(AUDITOR, "auditor")
