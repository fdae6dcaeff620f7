"""The short way out of a socket: the same octets as the long one, nothing into a reader that does not read."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
import websockets
from websockets.asyncio.client import connect

from expert_hub.foundation.websockets_server import EXTENSION, WebSocketProtocol

Talk = Callable[[Callable[[bytes], bool], Any, Any], Awaitable[None]]


@asynccontextmanager
async def served(talk: Talk) -> AsyncIterator[str]:
    """A server whose application talks to each socket by the extension."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await talk(scope["extensions"][EXTENSION]["write"], receive, send)

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, ws=WebSocketProtocol, ws_per_message_deflate=False, ws_ping_interval=None, lifespan="off",
            log_level="critical",
        )  # fmt: skip
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            await asyncio.wait_for(task, 30)


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 200_000])
async def test_a_message_of_any_size_arrives_whole_and_in_its_order(size: int) -> None:
    text = "评" * (size // 3) + "a" * (size % 3)
    assert len(text.encode()) == size

    async def talk(write: Callable[[bytes], bool], receive: Any, send: Any) -> None:
        await send({"type": "websocket.send", "text": "first"})
        assert write(text.encode())
        await send({"type": "websocket.send", "text": "last"})
        await receive()

    async with served(talk) as address, connect(address, proxy=None, max_size=None) as client:
        assert [await client.recv() for _ in range(3)] == ["first", text, "last"]


async def test_nothing_is_written_to_one_who_does_not_read_and_the_ordinary_way_waits() -> None:
    written: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    frame = b"x" * 60_000

    async def talk(write: Callable[[bytes], bool], receive: Any, send: Any) -> None:
        count = 0
        while write(frame):
            count += 1
        written.set_result(count)
        await send({"type": "websocket.send", "text": "after"})
        await receive()

    async with served(talk) as address, connect(address, proxy=None, max_size=None, max_queue=1) as client:
        async with asyncio.timeout(30):
            count = await written
            got = [await client.recv() for _ in range(count + 1)]
    assert got == [frame.decode()] * count + ["after"]
    # What the kernel takes and one buffer of the server, not all there is memory for.
    assert count * len(frame) < 64 * 2**20


async def test_a_connection_that_is_over_says_so() -> None:
    ended: asyncio.Future[BaseException | None] = asyncio.get_running_loop().create_future()

    async def talk(write: Callable[[bytes], bool], receive: Any, send: Any) -> None:
        while (await receive())["type"] != "websocket.disconnect":
            pass
        try:
            write(b"late")
            ended.set_result(None)
        except OSError as error:
            ended.set_result(error)

    async with served(talk) as address:
        async with connect(address, proxy=None):
            pass
        async with asyncio.timeout(30):
            assert isinstance(await ended, OSError)


async def test_after_the_server_closed_nothing_follows_the_close_frame() -> None:
    refused: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def talk(write: Callable[[bytes], bool], receive: Any, send: Any) -> None:
        await send({"type": "websocket.close", "code": 4404, "reason": "gone"})
        with pytest.raises(OSError):
            write(b"late")
        refused.set_result(True)

    async with served(talk) as address, connect(address, proxy=None) as client:
        with pytest.raises(websockets.ConnectionClosed):
            await client.recv()
        assert client.close_code == 4404
        assert await refused


@pytest.mark.parametrize("fragments", [[b"\xff"], [b"\xe8\xaf", b"\x84\xff"], [b"ok", b"\xed\xa0\x80"]])
async def test_text_that_is_not_utf_8_ends_the_connection_and_leaves_nothing_in_the_log(
    fragments: list[bytes], caplog: pytest.LogCaptureFixture
) -> None:
    seen: list[str] = []

    async def talk(write: Callable[[bytes], bool], receive: Any, send: Any) -> None:
        while (message := await receive())["type"] != "websocket.disconnect":
            seen.append(message["type"])

    with caplog.at_level(logging.WARNING):
        async with served(talk) as address, connect(address, proxy=None) as client:
            head = (len(fragments) > 1 and 1) or 0x81
            octets = [bytes((head, 0x80 | len(fragments[0]))) + bytes(4) + fragments[0]]
            octets += [bytes((0x80, 0x80 | len(rest))) + bytes(4) + rest for rest in fragments[1:]]
            client.transport.write(b"".join(octets) * 2)
            with pytest.raises(websockets.ConnectionClosed):
                await client.recv()
            assert client.close_code == 1007
    assert seen == []
    assert caplog.records == []


async def test_text_in_pieces_that_split_a_character_is_whole() -> None:
    got: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def talk(write: Callable[[bytes], bool], receive: Any, send: Any) -> None:
        got.set_result((await receive())["text"])

    async with served(talk) as address, connect(address, proxy=None) as client:
        text = "评标".encode()
        client.transport.write(b"\x01\x82" + bytes(4) + text[:2] + b"\x80\x84" + bytes(4) + text[2:])
        async with asyncio.timeout(30):
            assert await got == "评标"
