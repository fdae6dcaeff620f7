"""A member who left without a word of his own: the supervisor signs the outcome, once, and nobody else."""

from typing import Any

import pytest

from expert_hub.draws.calling.vacancies import give_up_seat
from expert_hub.draws.contributors import attestations
from expert_hub.draws.contributors.party_keys import sign
from expert_hub.draws.errors import PartySignatureInvalid
from expert_hub.foundation.errors import Forbidden, NotFound
from tests.expert_hub.draws.ceremonies import AUDITOR, CENTRE, SUPERVISOR


async def attest(ceremonies: Any, place: tuple[str, int, int], signature: bytes, actor: Any = SUPERVISOR) -> None:
    async with ceremonies.hub.database.write() as session:
        await attestations.attest(session, actor, place, signature)


async def test_only_the_supervisors_signature_over_this_outcome_counts_and_only_once(ceremonies: Any) -> None:
    draw_id = await ceremonies.drawn()
    await ceremonies.accept_all(draw_id)
    held = await ceremonies.held(draw_id)
    for seat, reason in ((0, "absent"), (1, "unwell")):
        await ceremonies.do(give_up_seat, held[seat].account_id, reason)
    await ceremonies.party("auditor")
    async with ceremonies.hub.database.read() as session:
        draw = await ceremonies.draw(draw_id)
        first, second = await attestations.unattested(session, draw)
    digests = [attestations.outcome_of(draw, row) for row in (first, second)]
    assert digests[0] != digests[1]
    own, other = ceremonies.keys["supervisor"], ceremonies.keys["auditor"]
    good = sign(own, attestations.OUTCOME, digests[0])
    for wrong in (
        sign(own, attestations.OUTCOME, digests[1]),
        sign(own, "commit", digests[0]),
        sign(other, attestations.OUTCOME, digests[0]),
        bytes(64),
    ):
        with pytest.raises(PartySignatureInvalid):
            await attest(ceremonies, (draw_id, 0, 0), wrong)
    for actor in (CENTRE, AUDITOR):
        with pytest.raises(Forbidden):
            await attest(ceremonies, (draw_id, 0, 0), good, actor)
    for place in ((draw_id, 0, 2), (draw_id, 1, 0), ("none", 0, 0)):
        with pytest.raises(NotFound):
            await attest(ceremonies, place, good)
    await attest(ceremonies, (draw_id, 0, 0), good)
    with pytest.raises(NotFound):
        await attest(ceremonies, (draw_id, 0, 0), good)
    async with ceremonies.hub.database.read() as session:
        assert [row.seat for row in await attestations.unattested(session, draw)] == [1]


async def test_what_an_expert_said_himself_needs_no_signature(ceremonies: Any) -> None:
    draw_id = await ceremonies.drawn()
    await ceremonies.decline(draw_id, 3)
    async with ceremonies.hub.database.read() as session:
        assert await attestations.unattested(session, await ceremonies.draw(draw_id)) == []
