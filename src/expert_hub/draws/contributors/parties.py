"""Contributing parties: registered chains, the link that is next, links revealed by the party or by escrow."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.contributors.chains import ChainState, accept, assign
from expert_hub.draws.contributors.escrow import open_escrow
from expert_hub.draws.contributors.party_keys import PartyKeys, own_link
from expert_hub.draws.contributors.registration import Registration, read_registration, registration_of
from expert_hub.draws.errors import ChainKnown, PartyMissing, PartyRefused
from expert_hub.draws.means import Means
from expert_hub.draws.policy import CENTRE, SUPERVISOR
from expert_hub.draws.tables import DrawParty
from expert_hub.foundation.clock import Clock
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.service import NewEntry, append
from scheduling.commitment import PartyLink

_PARTY_OF_ROLE = {Role.SUPERVISOR: SUPERVISOR, Role.AUDITOR: "auditor"}


def may_act_for(actor: Actor, party: str) -> bool:
    """True if the account acts for this party: the supervisor and the auditor for theirs, nobody for the centre."""
    return any(actor.has(role) and name == party for role, name in _PARTY_OF_ROLE.items())


async def register(session: AsyncSession, means: Means, actor: Actor, document: dict[str, Any]) -> DrawParty:
    """Register a chain that a party made on its own machine; it replaces the one in use for draws to come.

    Raises:
        RegistrationInvalid, PartyNameInvalid, EscrowPlanInvalid: the document is not in order.
        PartyRefused: the account may not act for the party.
        ChainKnown: it was registered before.
    """
    found = read_registration(document)
    if not may_act_for(actor, found.party):
        raise PartyRefused(party=found.party)
    return await _enter(session, means.clock, found, document, actor.account_id)


async def register_centre(session: AsyncSession, means: Means) -> DrawParty:
    """Register the centre's own chain, unless it is registered."""
    document = registration_of(means.centre, None)
    known = await store.party_by_tip(session, document["chain"]["tip"])
    if known is None:
        # Two first draws at once: the second one finds what the first one registered.
        await store.hold_registrations(session)
        known = await store.party_by_tip(session, document["chain"]["tip"])
    if known is not None:
        return known
    return await _enter(session, means.clock, read_registration(document), document, None)


async def _enter(
    session: AsyncSession, clock: Clock, found: Registration, document: dict[str, Any], account_id: str | None
) -> DrawParty:
    # One registration after the other; then chains before ledger, as in every drawing.
    await store.hold_registrations(session)
    await store.lock_chains(session, [found.party])
    if await store.party_by_tip(session, found.tip.hex()):
        raise ChainKnown
    for row in await store.chains_of_party(session, found.party):
        row.is_retired = True
    body = {
        "party": found.party,
        "tip": found.tip.hex(),
        "length": found.length,
        "index": 0,
        "key": found.ed25519.hex(),
    }
    entry = await append(session, clock, NewEntry("draws/chain-registered", found.party, body))
    row = DrawParty(
        tip=found.tip.hex(),
        party=found.party,
        ed25519=found.ed25519.hex(),
        x25519=found.x25519.hex(),
        length=found.length,
        last=found.tip.hex(),
        document=document,
        account_id=account_id,
        entry=entry.index,
    )
    session.add(row)
    return row


async def ensure_in_use(session: AsyncSession, names: Sequence[str]) -> None:
    """Refuse a draw with a party that has no chain in use; nothing is locked, because assessing takes its time.

    Raises:
        PartyMissing: one has none.
    """
    known = await keys_in_use(session)
    for name in names:
        if name not in known:
            raise PartyMissing(party=name)


async def in_use(session: AsyncSession, names: Sequence[str]) -> list[DrawParty]:
    """The chains in use of these parties, in the order given, locked until the transaction ends.

    Raises:
        PartyMissing: one has none.
    """
    rows = {row.party: row for row in await store.lock_chains(session, names)}
    for name in names:
        if name not in rows:
            raise PartyMissing(party=name)
    return [rows[name] for name in names]


async def all_in_use(session: AsyncSession) -> list[DrawParty]:
    """Every chain that draws may use, by party."""
    return await store.chains_in_use(session)


async def keys_in_use(session: AsyncSession) -> dict[str, bytes]:
    """The signing key of every party that has a chain in use."""
    return {row.party: bytes.fromhex(row.ed25519) for row in await store.chains_in_use(session)}


def next_links(rows: Sequence[DrawParty]) -> tuple[PartyLink, ...]:
    """The links that a draw would use now.

    Raises:
        ChainExhausted, ChainRetired: a chain has none left.
    """
    return tuple(PartyLink(row.party, row.tip, assign(state_of(row))[1]) for row in rows)


def use_links(rows: Sequence[DrawParty]) -> tuple[PartyLink, ...]:
    """Give the next links to a draw."""
    links = next_links(rows)
    for row, link in zip(rows, links, strict=True):
        row.used = link.index
    return links


async def take_link(session: AsyncSession, tip: str, index: int, link: bytes) -> None:
    """Check a revealed link and remember it.

    Raises:
        LinkNotAssigned, LinkInvalid: it is not the link of this chain.
        PartyMissing: no such chain.
    """
    row = await store.lock_chain(session, tip)
    if row is None:
        raise PartyMissing(party=tip)
    state = accept(state_of(row), index, link)
    row.revealed, row.last = state.revealed, state.last.hex()


async def open_by_escrow(session: AsyncSession, tip: str, shares: Mapping[str, bytes]) -> PartyKeys:
    """Open a refused chain with the shares of its holders, and retire it.

    Returns:
        What links and the sealed half of a pool's key follow from; the signing key does not.

    Raises:
        EscrowShareWrong, EscrowTooFewShares, EscrowFalse: the shares do not open it.
        PartyMissing: the chain has no escrow.
    """
    row = await store.lock_chain(session, tip)
    found = read_registration(row.document) if row is not None else None
    if row is None or found is None or found.escrow is None:
        raise PartyMissing(party=tip)
    root = open_escrow(found.escrow, shares, found.tip, found.length)
    row.is_retired = True
    return PartyKeys.of_root(found.party, root, found.length)


def centre_link(means: Means, link: PartyLink) -> bytes:
    """The centre's own link."""
    return own_link(means.centre, link.index)


def state_of(row: DrawParty) -> ChainState:
    """The chain of a row as the rules see it."""
    tip, last = bytes.fromhex(row.tip), bytes.fromhex(row.last)
    return ChainState(tip, row.length, row.used, row.revealed, last, row.is_retired)


def order_of(contributors: Sequence[str]) -> list[str]:
    """Names of the parties of a draw in the order of the protocol."""
    return [CENTRE, SUPERVISOR, *sorted(set(contributors) - {CENTRE, SUPERVISOR})]
