"""Rounds from relays over HTTP, and rounds carried in by hand. No relay is trusted: only the signature counts."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

import httpx

from expert_hub.draws.beacons.beacon import (
    BeaconRound,
    RoundAnswer,
    RoundFound,
    RoundNotYet,
    RoundUnreachable,
    read_round,
    round_by_hand,
    verify_round,
)
from expert_hub.draws.beacons.beacon_chains import BeaconChain, check_number
from expert_hub.foundation.errors import HubError

_NOT_YET = (404, 425)
_LARGEST_ANSWER = 16_384
_PATIENCE_S = 10.0

_Heard = BeaconRound | RoundNotYet | str


class _Passed(Exception):
    """Why a relay is passed over."""


@dataclass(frozen=True, slots=True)
class RelayBeacon:
    """Asks all relays at once and takes the first answer that verifies.

    Args:
        relays: base addresses; the path `/{chain hash}/public/{round}` is added.
        patience_s: how long one relay may take, from the connection to the last byte.
    """

    relays: tuple[str, ...]
    patience_s: float = _PATIENCE_S

    async def ask(self, chain: BeaconChain, number: int) -> RoundAnswer:
        """The round, or what the relays said instead."""
        return await fetch_round(chain, self.relays, number, self.patience_s)


@dataclass(frozen=True, slots=True)
class HandBeacon:
    """The text that a person carried in; an empty one means that the round has not come yet."""

    text: str

    async def ask(self, chain: BeaconChain, number: int) -> RoundAnswer:
        """The round of the text, if the text is that round."""
        check_number(chain, number)
        if not self.text.strip():
            return RoundNotYet()
        try:
            return await asyncio.to_thread(round_by_hand, chain, number, self.text)
        except HubError as error:
            return RoundUnreachable((("hand", error.code),))


async def fetch_round(
    chain: BeaconChain, relays: Sequence[str], number: int, patience_s: float = _PATIENCE_S
) -> RoundAnswer:
    """Ask every relay for a round; the first answer whose signature holds ends the search.

    Returns:
        the round; or "not yet" if no relay has it and at least one says that it does not exist; or every relay's fault.

    Raises:
        BeaconRoundOutOfRange: the number.
    """
    check_number(chain, number)
    async with httpx.AsyncClient(timeout=patience_s, follow_redirects=False) as client:
        asked = [asyncio.create_task(_heard_from(client, relay, chain, number, patience_s)) for relay in set(relays)]
        try:
            return await _first_valid(chain, asked)
        finally:
            for task in asked:
                task.cancel()
            await asyncio.gather(*asked, return_exceptions=True)


async def _first_valid(chain: BeaconChain, asked: Sequence[asyncio.Task[tuple[str, _Heard]]]) -> RoundAnswer:
    faults: list[tuple[str, str]] = []
    is_awaited = False
    for answer in asyncio.as_completed(asked):
        relay, heard = await answer
        # One check after the other: each takes a third of a second of processor time, and one is enough.
        found = await _checked(chain, heard, relay) if isinstance(heard, BeaconRound) else heard
        if isinstance(found, RoundFound):
            return found
        if isinstance(found, RoundNotYet):
            is_awaited = True
        else:
            faults.append((relay, found))
    return RoundNotYet() if is_awaited else RoundUnreachable(tuple(sorted(faults)))


async def _checked(chain: BeaconChain, heard: BeaconRound, relay: str) -> RoundFound | str:
    try:
        return RoundFound(heard, await asyncio.to_thread(verify_round, chain, heard), relay)
    except HubError as error:
        return error.code


async def _heard_from(
    client: httpx.AsyncClient, relay: str, chain: BeaconChain, number: int, patience_s: float
) -> tuple[str, _Heard]:
    address = f"{relay.rstrip('/')}/{chain.chain_hash}/public/{number}"
    try:
        async with asyncio.timeout(patience_s):
            body = await _body_at(client, address)
        return relay, RoundNotYet() if body is None else read_round(chain, number, body)
    except HubError as error:
        return relay, error.code
    except _Passed as error:
        return relay, str(error)
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, ValueError) as error:
        return relay, type(error).__name__


async def _body_at(client: httpx.AsyncClient, address: str) -> bytes | None:
    """The body as sent; nothing if the relay does not have the round."""
    # Raw bytes and no compression: a small compressed answer could unfold to any size.
    async with client.stream("GET", address, headers={"accept-encoding": "identity"}) as answer:
        if answer.status_code in _NOT_YET:
            return None
        if answer.status_code != httpx.codes.OK:
            raise _Passed(f"HTTP {answer.status_code}")
        body = b""
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > _LARGEST_ANSWER:
                raise _Passed("too large")
        return body
