"""The frozen pool of a draw: its candidates, sealed under the key of the hub, and whether a key belongs to it."""

import asyncio
import zlib
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from expert_hub.draws import store
from expert_hub.draws.errors import KeyShareWrong
from expert_hub.draws.means import Means
from expert_hub.draws.tables import Draw, DrawPool
from expert_hub.foundation.errors import NotFound
from scheduling.leaves import pseudonym


def pack_candidates(means: Means, candidate_ids: Sequence[str]) -> bytes:
    """The candidates of a pool, sealed under the key of the hub."""
    packed = zlib.compress("\n".join(candidate_ids).encode(), 1)
    return means.vault.seal(packed.hex(), means.chance.octets(12))


async def candidates_of(session: AsyncSession, means: Means, draw: Draw) -> list[str]:
    """The candidates of a draw.

    Raises:
        NotFound: it has no pool.
    """
    pool = await store.pool_of(session, draw.id)
    if pool is None:
        raise NotFound
    return await asyncio.to_thread(_unpacked, means, pool)


async def key_of(session: AsyncSession, means: Means, draw: Draw, share: bytes) -> bytes:
    """The key of a pool from the supervisor's half; a wrong half is refused before anything depends on it.

    Raises:
        NotFound: the draw has no pool.
        KeyShareWrong: no candidate of the pool has the pseudonym that the key gives.
    """
    own = bytes.fromhex(means.vault.open(draw.key_centre_sealed))
    key = bytes(a ^ b for a, b in zip(own, share, strict=True))
    pool = await store.pool_of(session, draw.id)
    if pool is None:
        raise NotFound
    if not await asyncio.to_thread(_belongs, means, pool, key):
        raise KeyShareWrong
    return key


def _unpacked(means: Means, pool: DrawPool) -> list[str]:
    return zlib.decompress(bytes.fromhex(means.vault.open(pool.candidates_sealed))).decode().split("\n")


def _belongs(means: Means, pool: DrawPool, key: bytes) -> bool:
    # Every candidate has a leaf, so one is enough.
    pid = pseudonym(key, _unpacked(means, pool)[0]).pid.hex()
    return f'["{pid}"'.encode() in zlib.decompress(pool.leaves)
