"""Credentials of relays: made by the centre for one venue, shown once, kept as a digest, revoked at any time."""

import hashlib
import hmac

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from expert_hub.foundation.chance import Chance, new_id
from expert_hub.foundation.clock import Clock
from expert_hub.ledger.service import NewEntry, append
from expert_hub.rooms.relay_errors import RelayRefused, RelaySuperseded, RelayUnknown, RelayVenueUnknown
from expert_hub.rooms.relay_tables import Relay
from expert_hub.venues import service as venues

_PREFIX = "ehr1"


async def add_relay(session: AsyncSession, clock: Clock, chance: Chance, venue_id: str) -> tuple[Relay, str]:
    """Make a relay of a venue.

    Returns:
        The relay and its credential, which cannot be read again.

    Raises:
        RelayVenueUnknown: the venue is not registered.
    """
    if venue_id not in {venue.id for venue in await venues.list_venues(session)}:
        raise RelayVenueUnknown(venue=venue_id)
    relay_id, secret = new_id(chance), chance.octets(32).hex()
    relay = Relay(id=relay_id, venue_id=venue_id, secret_sha256=_digest(secret), added_at=clock.now())
    session.add(relay)
    await append(session, clock, NewEntry("rooms/relay-added", relay_id, {"venue": venue_id}))
    return relay, f"{_PREFIX}.{relay_id}.{secret}"


async def revoke_relay(session: AsyncSession, clock: Clock, relay_id: str) -> None:
    """End a credential; an open connection ends within a second.

    Raises:
        RelayUnknown: there is none, or it was revoked before.
    """
    relay = await session.get(Relay, relay_id)
    if relay is None or relay.revoked_at is not None:
        raise RelayUnknown(relay_id=relay_id)
    relay.revoked_at = clock.now()
    await append(session, clock, NewEntry("rooms/relay-revoked", relay_id, {"venue": relay.venue_id}))


async def list_relays(session: AsyncSession) -> list[Relay]:
    """Every relay, oldest first."""
    return list((await session.execute(select(Relay).order_by(col(Relay.added_at), col(Relay.id)))).scalars())


async def enter(session: AsyncSession, clock: Clock, credential: str | None, session_id: str) -> Relay:
    """The relay that a credential proves; its earlier connections end.

    Raises:
        RelayRefused: it proves nothing, or was revoked.
    """
    prefix, _, rest = (credential or "").partition(".")
    relay_id, _, secret = rest.partition(".")
    relay = await session.get(Relay, relay_id[:32]) if prefix == _PREFIX and relay_id.isalnum() else None
    stored = relay.secret_sha256 if relay else "0" * 64
    if not hmac.compare_digest(stored, _digest(secret)) or relay is None or relay.revoked_at is not None:
        raise RelayRefused
    now = clock.now()
    change = update(Relay).where(col(Relay.id) == relay.id).values(session_id=session_id, connected_at=now)
    await session.execute(change)
    return relay


async def ensure_current(session: AsyncSession, relay_id: str, session_id: str) -> None:
    """Refuse a connection whose credential was revoked, or that is not the newest.

    Raises:
        RelayRefused, RelaySuperseded: it must end.
    """
    columns = select(col(Relay.revoked_at), col(Relay.session_id)).where(col(Relay.id) == relay_id)
    row = (await session.execute(columns)).one_or_none()
    if row is None or row[0] is not None:
        raise RelayRefused
    if row[1] != session_id:
        raise RelaySuperseded


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
