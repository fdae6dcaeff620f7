"""What every source of rounds must do, whichever it is."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from expert_hub.draws.beacons.beacon import Beacon, RoundFound, RoundNotYet, RoundUnreachable, verify_round
from expert_hub.draws.beacons.beacon_chains import QUICKNET, BeaconChain, time_of_round
from expert_hub.draws.beacons.beacon_client import HandBeacon, RelayBeacon
from expert_hub.draws.beacons.private_beacon import PrivateBeacon, own_chain, sign_round
from expert_hub.draws.errors import BeaconRoundOutOfRange
from expert_hub.foundation.clock import FixedClock

SECRET = 2026
CHAIN = own_chain("suite", SECRET, 30, int(datetime(2026, 3, 1, tzinfo=UTC).timestamp()))
NUMBER = 42
SIGNED = sign_round(SECRET, CHAIN, NUMBER)


@dataclass(frozen=True)
class Sources:
    """One source that has round 42, one that does not have it yet."""

    has: Beacon
    awaits: Beacon


@pytest.fixture(params=["relays", "hand", "private"])
async def sources(request: pytest.FixtureRequest) -> AsyncIterator[Sources]:
    if request.param == "hand":
        yield Sources(HandBeacon(SIGNED.signature.hex()), HandBeacon(" \n"))
    elif request.param == "private":
        due = time_of_round(CHAIN, NUMBER)
        early = FixedClock(time_of_round(CHAIN, NUMBER - 1))
        yield Sources(PrivateBeacon(SECRET, CHAIN, FixedClock(due)), PrivateBeacon(SECRET, CHAIN, early))
    else:
        async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
            url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield Sources(RelayBeacon((url,)), RelayBeacon((f"{url}/early",)))


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    path = (await reader.readuntil(b"\r\n\r\n")).decode().split(" ")[1]
    body = json.dumps({"round": int(path.rsplit("/", 1)[1]), "signature": SIGNED.signature.hex()}).encode()
    status = "404 Not Found" if path.startswith("/early") else "200 OK"
    writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n\r\n".encode() + body)
    await writer.drain()
    writer.close()


async def test_what_is_found_was_verified(sources: Sources) -> None:
    assert isinstance(sources.has, Beacon)
    found = await sources.has.ask(CHAIN, NUMBER)
    assert isinstance(found, RoundFound)
    assert (found.round, found.randomness) == (SIGNED, verify_round(CHAIN, SIGNED))
    assert found.source


async def test_what_is_not_there_yet_is_said_to_come(sources: Sources) -> None:
    assert await sources.awaits.ask(CHAIN, NUMBER) == RoundNotYet()


@pytest.mark.parametrize("chain", [QUICKNET, replace(CHAIN, public_key=QUICKNET.public_key)], ids=["other", "key"])
async def test_another_chain_is_not_answered_with_this_one(sources: Sources, chain: BeaconChain) -> None:
    answer = await sources.has.ask(chain, NUMBER)
    assert isinstance(answer, RoundUnreachable)
    assert answer.faults


async def test_what_is_no_number_is_refused(sources: Sources) -> None:
    for number in (0, -1, 2**53):
        with pytest.raises(BeaconRoundOutOfRange):
            await sources.has.ask(CHAIN, number)
