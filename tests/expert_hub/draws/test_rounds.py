"""One drawing: who may cosign, reveal and open what, and when."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from expert_hub.draws import ceremony, rounds
from expert_hub.draws.contributors.chains import tip_of
from expert_hub.draws.contributors.escrow import Escrow, Holder, deal, open_share
from expert_hub.draws.contributors.party_keys import PartyKeys, create_keys, own_link
from expert_hub.draws.contributors.sealed_box import open_sealed
from expert_hub.draws.errors import (
    ChainReplaced,
    CosignatureInvalid,
    EscrowShareWrong,
    EscrowTooFewShares,
    KeyShareWrong,
    LinkInvalid,
    NotYetDue,
    PartyMissing,
    PartyRefused,
    WrongDrawState,
)
from expert_hub.draws.rounds import KEY_CONTEXT, Contribution
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.errors import NotFound
from scheduling.transcript import draw_seed
from tests.expert_hub.draws.ceremonies import AUDITOR, CENTRE, SUPERVISOR

HOLDERS = {name: X25519PrivateKey.from_private_bytes(bytes([at]) * 32) for at, name in enumerate(("a", "b", "c"), 1)}


async def witnessed(ceremonies: Any, *contributors: str) -> str:
    draw_id: str = await ceremonies.request(contributors=contributors)
    await ceremonies.commit(draw_id)
    await ceremonies.cosign(draw_id)
    return draw_id


async def give(ceremonies: Any, draw_id: str, given: Contribution, actor: Any = SUPERVISOR) -> None:
    await ceremonies.do(rounds.contribute, actor, (draw_id, 0), given)


async def with_escrow(ceremonies: Any, party: str = "supervisor") -> tuple[PartyKeys, dict[str, bytes]]:
    """A party whose chain three holders keep, two of whom open it; and their shares."""
    keys = create_keys(party, 64, SeededChance(f"escrow of {party}"))
    holders = [Holder(name, key.public_key().public_bytes_raw()) for name, key in HOLDERS.items()]
    escrow: Escrow = deal(keys.root, tip_of(keys.root, keys.length), 2, holders, SeededChance("deal"))
    await ceremonies.party(party, escrow, keys)
    return keys, {dealt.holder.name: open_share(HOLDERS[dealt.holder.name], dealt.sealed) for dealt in escrow.shares}


async def test_only_the_witness_of_the_policy_cosigns_this_checkpoint_now(ceremonies: Any) -> None:
    draw_id = await ceremonies.request()
    await ceremonies.commit(draw_id)
    other = await ceremonies.request()
    await ceremonies.commit(other)
    await ceremonies.party("auditor")
    now = ceremonies.hub.clock.now()
    good = await ceremonies.cosignature(draw_id, 0)
    name, _, blob = good.removeprefix("— ").partition(" ")
    wrong = [
        await ceremonies.cosignature(draw_id, 0, by="auditor"),
        await ceremonies.cosignature(other, 0),
        await ceremonies.cosignature(draw_id, 0, at=now - timedelta(seconds=61)),
        await ceremonies.cosignature(draw_id, 0, at=now + timedelta(seconds=61)),
        good.replace(name, "auditor"),
        good.replace(blob[20:24], "AAAA"),
        good.rstrip("\n"),
        good + good,
        "",
        "— \n",
    ]
    for line in wrong:
        with pytest.raises(CosignatureInvalid):
            await ceremonies.do(ceremony.cosign, (draw_id, 0), line)
    await ceremonies.do(ceremony.cosign, (draw_id, 0), good)
    with pytest.raises(WrongDrawState):
        await ceremonies.do(ceremony.cosign, (draw_id, 0), good)
    assert (await ceremonies.round(draw_id, 0)).cosignatures == [good]


async def test_links_come_after_the_cosignature_from_their_own_party_only(ceremonies: Any) -> None:
    await ceremonies.party("auditor")
    draw_id = await ceremonies.request(contributors=["auditor"])
    await ceremonies.commit(draw_id)
    own = await ceremonies.contribution(draw_id, 0, "supervisor")
    with pytest.raises(WrongDrawState):
        await give(ceremonies, draw_id, own)
    await ceremonies.cosign(draw_id)
    for actor in (AUDITOR, CENTRE):
        with pytest.raises(PartyRefused):
            await give(ceremonies, draw_id, own, actor)
    for party in ("auditor", "centre", "stranger"):
        with pytest.raises(PartyRefused):
            await give(ceremonies, draw_id, Contribution(party, own.link, own.key_share))
    with pytest.raises(NotFound):
        await ceremonies.do(rounds.contribute, SUPERVISOR, (draw_id, 1), own)
    await give(ceremonies, draw_id, own)
    with pytest.raises(PartyRefused):
        await give(ceremonies, draw_id, own)
    assert (await ceremonies.round(draw_id, 0)).state == "witnessed"
    await ceremonies.link(draw_id, 0, "auditor")
    row = await ceremonies.round(draw_id, 0)
    assert (row.state, sorted(row.revealed)) == ("contributed", ["auditor", "centre", "supervisor"])


async def test_the_centre_shows_its_link_last(ceremonies: Any) -> None:
    await ceremonies.party("auditor")
    draw_id = await witnessed(ceremonies, "auditor")
    await ceremonies.link(draw_id)
    assert sorted((await ceremonies.round(draw_id, 0)).revealed) == ["supervisor"]


async def test_another_link_or_half_of_the_key_is_refused_and_changes_nothing(ceremonies: Any) -> None:
    draw_id = await witnessed(ceremonies)
    own = await ceremonies.contribution(draw_id, 0, "supervisor")
    second = own_link(ceremonies.keys["supervisor"], 2)
    for link in (second, bytes(32), own.link[::-1]):
        with pytest.raises(LinkInvalid):
            await give(ceremonies, draw_id, Contribution("supervisor", link, own.key_share))
    for share in (bytes(32), own.key_share[:-1] + bytes([own.key_share[-1] ^ 1])):
        with pytest.raises(KeyShareWrong):
            await give(ceremonies, draw_id, Contribution("supervisor", own.link, share))
    with pytest.raises(PartyRefused):
        await give(ceremonies, draw_id, Contribution("supervisor", own.link))
    row = await ceremonies.round(draw_id, 0)
    assert (row.state, row.revealed, row.key_sealed) == ("witnessed", {}, None)
    await give(ceremonies, draw_id, own)
    await ceremonies.settle(draw_id)


async def test_a_withheld_link_is_opened_by_escrow_and_gives_the_same_seed(ceremonies: Any) -> None:
    keys, shares = await with_escrow(ceremonies)
    draw_id = await witnessed(ceremonies)
    arguments = ((draw_id, 0), "supervisor")
    with pytest.raises(NotYetDue):
        await ceremonies.do(rounds.contribute_by_escrow, *arguments, shares)
    beacon = await ceremonies.beacon(draw_id)
    with pytest.raises(EscrowTooFewShares):
        await ceremonies.do(rounds.contribute_by_escrow, *arguments, {"a": shares["a"]})
    with pytest.raises(EscrowShareWrong):
        await ceremonies.do(rounds.contribute_by_escrow, *arguments, {"a": shares["b"], "b": shares["b"]})
    with pytest.raises(PartyMissing):
        await ceremonies.do(rounds.contribute_by_escrow, (draw_id, 0), "auditor", shares)
    await ceremonies.do(rounds.contribute_by_escrow, *arguments, {"a": shares["a"], "c": shares["c"]})
    await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), beacon)
    own = [own_link(ceremonies.means.centre, 1), own_link(keys, 1)]
    commitment = (await ceremonies.draw(draw_id)).commitment
    row = await ceremonies.round(draw_id, 0)
    assert (row.value, row.escrowed) == (draw_seed(commitment, own, beacon).hex(), ["supervisor"])
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    assert [note for note in verdict.notes if "escrow" in str(note)]


async def test_after_escrow_the_party_goes_on_with_another_chain_under_its_own_key(ceremonies: Any) -> None:
    keys, shares = await with_escrow(ceremonies)
    draw_id = await witnessed(ceremonies)
    beacon = await ceremonies.beacon(draw_id)
    await ceremonies.do(rounds.contribute_by_escrow, (draw_id, 0), "supervisor", shares)
    await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), beacon)
    await ceremonies.decline(draw_id, 0)
    # The root is known to the holders: no further link of this chain is used.
    with pytest.raises(PartyMissing):
        await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    await ceremonies.party("supervisor", keys=create_keys("supervisor", 8, SeededChance("another")))
    with pytest.raises(ChainReplaced):
        await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    share = open_sealed(keys.sealing_key, (await ceremonies.draw(draw_id)).key_supervisor_sealed, KEY_CONTEXT)
    await ceremonies.party("supervisor", keys=replace(keys, root=bytes(range(32))))
    await ceremonies.do(ceremony.open_replacement, SUPERVISOR, draw_id)
    await ceremonies.cosign(draw_id, 1)
    given = Contribution("supervisor", own_link(ceremonies.keys["supervisor"], 1), share)
    await ceremonies.do(rounds.contribute, SUPERVISOR, (draw_id, 1), given)
    await ceremonies.settle(draw_id, 1)
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)


async def test_three_parties_draw_alone_when_the_beacon_stays_away(ceremonies: Any) -> None:
    await ceremonies.party("auditor")
    draw_id = await witnessed(ceremonies, "auditor")
    for party in ("supervisor", "auditor"):
        with pytest.raises(WrongDrawState):
            await ceremonies.do(rounds.fall_back, (draw_id, 0))
        await ceremonies.link(draw_id, 0, party)
    with pytest.raises(NotYetDue):
        await ceremonies.do(rounds.fall_back, (draw_id, 0))
    ceremonies.hub.clock.move(hours=1)
    await ceremonies.do(rounds.fall_back, (draw_id, 0))
    with pytest.raises(WrongDrawState):
        await ceremonies.do(rounds.fall_back, (draw_id, 0))
    await ceremonies.do(ceremony.settle_beacon, (draw_id, 0), None)
    await ceremonies.accept_all(draw_id)
    verdict = await ceremonies.verdict(draw_id)
    assert (verdict.findings, verdict.ok) == ((), True)
    seed = json.loads((await ceremonies.draw(draw_id)).transcript)["seed"]
    assert (seed["level"], seed["beacon"]) == ("parties", None)


async def test_two_parties_wait_for_the_beacon(ceremonies: Any) -> None:
    draw_id = await witnessed(ceremonies)
    await ceremonies.link(draw_id)
    ceremonies.hub.clock.move(hours=1)
    with pytest.raises(WrongDrawState):
        await ceremonies.do(rounds.fall_back, (draw_id, 0))
    await ceremonies.settle(draw_id)
