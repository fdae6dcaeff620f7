"""Outcomes of members who left by no word of their own: the supervisor signs them, or nobody draws for the seat."""

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import rounds, store
from expert_hub.draws.contributors.party_keys import verify_signature
from expert_hub.draws.errors import PartySignatureInvalid
from expert_hub.draws.policy import SUPERVISOR
from expert_hub.draws.rules import ATTESTED
from expert_hub.draws.tables import Draw, DrawPosition
from expert_hub.foundation.errors import NotFound
from expert_hub.identity.rules import Actor, Role
from scheduling.transcript import outcome_digest

OUTCOME = "outcome"


async def attest(session: AsyncSession, actor: Actor, place: tuple[str, int, int], signature: bytes) -> DrawPosition:
    """Take the supervisor's signature under the outcome of a member who left by no word of his own.

    Raises:
        NotFound: nothing at this place (draw, number, seat) waits for it.
        PartySignatureInvalid: it is not the supervisor's signature.
    """
    actor.require(Role.SUPERVISOR)
    draw = await store.lock_draw(session, place[0])
    if draw is None:
        raise NotFound
    found = [row for row in await unattested(session, draw) if (row.number, row.seat) == place[1:]]
    if not found:
        raise NotFound
    digest = outcome_of(draw, found[0])
    policy = await rounds.policy_of(session, draw)
    if not verify_signature(bytes.fromhex(policy["parties"][SUPERVISOR]), OUTCOME, digest, signature):
        raise PartySignatureInvalid(party=SUPERVISOR)
    found[0].evidence = {"supervisor": signature.hex()}
    return found[0]


async def unattested(session: AsyncSession, draw: Draw) -> list[DrawPosition]:
    """Drawn persons whose outcome needs the supervisor's signature and has none."""
    return [
        row
        for row in await store.positions_of(session, draw.id)
        if row.outcome in ATTESTED and row.evidence is None and row.seat is not None and not row.is_direct
    ]


def outcome_of(draw: Draw, position: DrawPosition) -> bytes:
    """What the supervisor signs about a member who left."""
    place = position.number, position.seat or 0, position.position
    return outcome_digest(draw.commitment or "", place, position.outcome)
