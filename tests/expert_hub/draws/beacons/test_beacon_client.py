"""Relays on real sockets: honest, late, lying, slow, huge and broken ones."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from expert_hub.draws.beacons.beacon import RoundFound, RoundNotYet, RoundUnreachable
from expert_hub.draws.beacons.beacon_chains import QUICKNET
from expert_hub.draws.beacons.beacon_client import fetch_round
from expert_hub.draws.errors import BeaconRoundOutOfRange

NUMBER = 1000
PATH = f"/{QUICKNET.chain_hash}/public/{NUMBER}"
SIGNATURE = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
OTHER = "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b"
RANDOMNESS = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
PUBLISHED = {"round": NUMBER, "randomness": RANDOMNESS, "signature": SIGNATURE}

Speaker = Callable[[asyncio.StreamWriter], Awaitable[None]]


class Relay:
    """A server that keeps what it was asked for."""

    def __init__(self, speak: Speaker) -> None:
        self.asked: list[str] = []
        self.url = ""
        self._speak = speak
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        assert self._server
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode().split(" ")[1])
        try:
            await self._speak(writer)
        except ConnectionError:
            pass
        finally:
            writer.close()


def says(body: bytes, status: str = "200 OK", headers: str = "") -> Speaker:
    async def speak(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 {status}\r\ncontent-length: {len(body)}\r\n{headers}\r\n".encode() + body)
        await writer.drain()

    return speak


def publishes(**change: object) -> Speaker:
    return says(json.dumps(PUBLISHED | change).encode())


async def waits(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(30)


async def dribbles(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 300\r\n\r\n{")
    for _ in range(300):
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(0.1)


async def floods(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 10000000\r\n\r\n")
    for _ in range(1_000):
        writer.write(b" " * 10_000)
        await writer.drain()


async def hangs_up(writer: asyncio.StreamWriter) -> None:
    writer.transport.abort()


BAD: dict[str, Speaker] = {
    "altered signature": publishes(signature="a" + SIGNATURE[1:]),
    "signature of another round": publishes(signature=OTHER),
    "another round": publishes(round=657413, signature=OTHER),
    "no signature": publishes(signature=None),
    "garbage": says(b"\xff\x00garbage"),
    "nothing": says(b""),
    "not HTTP": says(b"", status="abc"),
    "server error": says(json.dumps(PUBLISHED).encode(), status="500 Oh"),
    "redirect": says(b"", status="302 Found", headers="location: http://127.0.0.1:1/\r\n"),
    "compressed": says(json.dumps(PUBLISHED).encode()[::-1], headers="content-encoding: gzip\r\n"),
    "too large": floods,
    "too slow": dribbles,
    "silent": waits,
    "hangs up": hangs_up,
}


@asynccontextmanager
async def relays(*speakers: Speaker) -> AsyncIterator[list[Relay]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Relay(speak)) for speak in speakers]


async def ask(made: list[Relay], patience_s: float = 10) -> Any:
    return await fetch_round(QUICKNET, [relay.url for relay in made], NUMBER, patience_s)


async def test_a_published_round_is_found_at_its_path() -> None:
    async with relays(publishes()) as made:
        found = await ask(made)
        assert made[0].asked == [PATH]
        assert isinstance(found, RoundFound)
        assert (found.round.number, found.randomness.hex(), found.source) == (NUMBER, RANDOMNESS, made[0].url)


async def test_the_randomness_a_relay_claims_is_not_used() -> None:
    async with relays(publishes(randomness="00" * 32)) as made:
        assert (await ask(made)).randomness.hex() == RANDOMNESS


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_a_bad_relay_alone_is_a_fault_with_its_name(bad: Speaker) -> None:
    async with relays(bad) as made:
        answer = await ask(made, patience_s=0.5)
        assert isinstance(answer, RoundUnreachable)
        ((relay, fault),) = answer.faults
        assert relay == made[0].url
        assert fault


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
async def test_a_bad_relay_beside_an_honest_one_changes_nothing(bad: Speaker) -> None:
    async with relays(bad, publishes()) as made:
        async with asyncio.timeout(60):
            found = await ask(made)
        assert isinstance(found, RoundFound)
        assert (found.randomness.hex(), found.source) == (RANDOMNESS, made[1].url)


async def test_all_bad_relays_together_are_all_named() -> None:
    async with relays(*BAD.values()) as made:
        answer = await ask(made, patience_s=1.5)
        assert isinstance(answer, RoundUnreachable)
        assert [relay for relay, _ in answer.faults] == sorted(relay.url for relay in made)


@pytest.mark.parametrize("status", ["404 Not Found", "425 Too Early"])
async def test_a_round_that_is_not_out_is_not_yet(status: str) -> None:
    async with relays(says(b"{}", status), BAD["garbage"]) as made:
        assert await ask(made) == RoundNotYet()


async def test_one_who_denies_the_round_does_not_hide_it() -> None:
    async with relays(says(b"", "404 Not Found"), publishes()) as made:
        assert isinstance(await ask(made), RoundFound)


async def test_a_redirect_is_not_followed() -> None:
    async with relays(publishes()) as honest:
        target = f"location: {honest[0].url}{PATH}\r\n"
        async with relays(says(b"", "307 Temporary Redirect", target)) as made:
            assert isinstance(await ask(made), RoundUnreachable)
        assert honest[0].asked == []


async def test_without_relays_or_behind_closed_ports_nothing_is_reached() -> None:
    assert await fetch_round(QUICKNET, [], NUMBER) == RoundUnreachable()
    async with relays(publishes()) as made:
        url = made[0].url
    answer = await fetch_round(QUICKNET, [url, "http://127.0.0.1:1", "http://[::bad", "ftp://x"], NUMBER, 2)
    assert isinstance(answer, RoundUnreachable)
    assert len(answer.faults) == 4


async def test_a_number_that_is_none_is_not_even_asked_for() -> None:
    async with relays(publishes()) as made:
        with pytest.raises(BeaconRoundOutOfRange):
            await fetch_round(QUICKNET, [made[0].url], 0)
        assert made[0].asked == []


async def test_a_slash_at_the_end_and_a_path_in_the_address_are_fine() -> None:
    async with relays(publishes()) as made:
        assert isinstance(await fetch_round(QUICKNET, [f"{made[0].url}/drand/"], NUMBER), RoundFound)
        assert made[0].asked == [f"/drand{PATH}"]
