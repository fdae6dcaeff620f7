"""A TCP proxy that spoils connections by a seed: cut after so many octets, delayed, half open, or left alone."""

import asyncio
from collections import Counter
from random import Random

_PIECE = 4096


class Proxy:
    """Stands between members and a hub; each connection gets the next fate of the seed."""

    def __init__(self, seed: int, target: tuple[str, int], spoiled: int) -> None:
        self._rng = Random(seed)
        self._target = target
        self._left = spoiled
        self.fates: Counter[str] = Counter()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        assert self._server is not None
        name = self._server.sockets[0].getsockname()
        return (name[0], name[1])

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._meet, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    def _fate(self) -> tuple[str, int, int]:
        """What happens, in which direction (0 to the hub, 1 from it), after how many octets."""
        if self._left <= 0:
            return ("whole", 0, 0)
        self._left -= 1
        fate = self._rng.choice(("cut", "cut", "cut", "half", "slow", "whole"))
        way = self._rng.randrange(2)
        # The handshake is a few hundred octets; a view some thousands; a score about 150 there and 80 back.
        return (fate, way, self._rng.choice((1, 100, 500, 900, 1_500, 7_000, 9_000)) + self._rng.randrange(200))

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fate = self._fate()
        self.fates[fate[0]] += 1
        try:
            back, there = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        both = (writer, there)
        self._writers.update(both)
        for way, (source, sink) in enumerate(((reader, there), (back, writer))):
            task = asyncio.create_task(self._carry(source, sink, fate if fate[1] == way else (fate[0], -1, 0), both))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        fate: tuple[str, int, int],
        both: tuple[asyncio.StreamWriter, ...],
    ) -> None:
        kind, way, limit = fate
        carried = 0
        try:
            while data := await source.read(_PIECE):
                if kind == "slow":
                    await asyncio.sleep(self._rng.uniform(0, 0.02))
                if way >= 0 and kind in ("cut", "half") and carried + len(data) >= limit:
                    sink.write(data[: limit - carried])
                    if kind == "cut":
                        break
                    # Half open: both ends believe in a link on which one direction is dead.
                    while await source.read(_PIECE):
                        pass
                    return
                carried += len(data)
                sink.write(data)
                await sink.drain()
        except OSError:
            pass
        for writer in both:
            writer.transport.abort()
