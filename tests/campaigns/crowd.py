"""Members who score through every fault: what is not acknowledged is sent again until it is."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from random import Random

from benchmarks.room_client import Refused, RoomSocket, command, command_in, resume, version_in
from benchmarks.room_seeding import SeededSeat
from benchmarks.room_stage import socket_path

_PATIENCE_S = 30.0
Score = tuple[str, str, str]
"""Bid, item, value."""


class Scorer:
    """One member with an outbox of at most `window` commands."""

    def __init__(self, name: str, seat: SeededSeat, items: tuple[tuple[str, str, str], ...], window: int = 2) -> None:
        self.name, self.seat, self.items, self.window = name, seat, items, window
        self.rng = Random(name)
        self.limit: int | None = None
        self.patience_s = _PATIENCE_S
        self.socket: RoomSocket | None = None
        self.sent: dict[str, Score] = {}
        self.acked: dict[str, int] = {}
        self.refused: Counter[str] = Counter()
        self.closes: Counter[int | None] = Counter()
        self.contradictions: list[str] = []
        self.links = self.repeated = self.version = 0
        self.is_paused = False
        self.finished = asyncio.Event()
        self.on_ack: Callable[[Scorer], None] = lambda _: None
        self.times: list[float] = []
        """Seconds from sending to acknowledgement, repeated commands from their first time."""
        self._pending: dict[str, bytes] = {}
        self._since: dict[str, float] = {}

    async def run(self, address: tuple[str, int]) -> None:
        """Score until `limit` commands are acknowledged, through any number of connections."""
        while not self.finished.is_set():
            socket = RoomSocket(self._take)
            try:
                async with asyncio.timeout(self.patience_s):
                    await socket.open(address, socket_path(self.seat.room_id), self.seat.token)
            except (OSError, Refused, TimeoutError) as error:
                socket.abort()
                self._learn_patience(isinstance(error, TimeoutError))
                await asyncio.sleep(self.rng.uniform(0.02, 0.2))
                continue
            self.socket, self.links = socket, self.links + 1
            socket.send(resume(self.version or None))
            self.repeated += len(self._pending)
            for octets in self._pending.values():
                socket.send(octets)
            self.go_on()
            await self._stay(socket)
            self.closes[socket.close_code] += 1
            await asyncio.sleep(self.rng.uniform(0.0, 0.05))

    async def _stay(self, socket: RoomSocket) -> None:
        while not socket.closed.is_set():
            before = len(self.acked)
            try:
                async with asyncio.timeout(self.patience_s):
                    await socket.closed.wait()
            except TimeoutError:
                if self._pending and len(self.acked) == before:
                    # Nobody answers: the link is dead, whatever it looks like.
                    socket.abort()
                    self._learn_patience(True)

    def _learn_patience(self, was_late: bool) -> None:
        """What looks dead may be slow: wait longer the next time."""
        if was_late:
            self.patience_s = min(2 * self.patience_s, _PATIENCE_S)

    def finish(self, limit: int = 0) -> None:
        """Begin no command beyond `limit`; by default no further one."""
        self.limit = max(limit, len(self.sent)) if limit == 0 else limit
        self.is_paused = False
        self.go_on()

    def go_on(self) -> None:
        """Fill the outbox and send what is new; the end once everything is acknowledged."""
        while (
            self.socket
            and not self.socket.closed.is_set()
            and not self.is_paused
            and len(self._pending) < self.window
            and (self.limit is None or len(self.sent) < self.limit)
        ):
            self._score(self.socket)
        if self.limit is not None and len(self.sent) >= self.limit and not self._pending:
            self.finished.set()
            if self.socket:
                self.socket.abort()

    def _score(self, socket: RoomSocket) -> None:
        number = len(self.sent)
        bid, item, full = self.items[self.rng.randrange(len(self.items))]
        value = f"{self.rng.randrange(2 * int(full) + 1) / 2:g}"
        command_id = f"{self.name}-{number}"
        self.sent[command_id] = (bid, item, value)
        body = f'{{"type":"enter_score","bid_id":"{bid}","criterion_id":"{item}","value":"{value}"}}'
        self._pending[command_id] = command(command_id, body)
        self._since[command_id] = time.perf_counter()
        socket.send(self._pending[command_id])

    def _take(self, socket: RoomSocket, payload: bytes) -> None:
        if payload.startswith(b'{"kind":"ack"'):
            self._acknowledge(command_in(payload), version_in(payload))
        elif payload.startswith(b'{"kind":"refusal"'):
            self._refuse(socket, payload)
        elif payload.startswith((b'{"kind":"changes"', b'{"kind":"view"')):
            self.version = max(self.version, version_in(payload))

    def _acknowledge(self, command_id: str, version: int) -> None:
        if self.acked.setdefault(command_id, version) != version:
            self.contradictions.append(command_id)
        if self._pending.pop(command_id, None) is not None:
            self.times.append(time.perf_counter() - self._since.pop(command_id))
            self.on_ack(self)
            self.go_on()

    def _refuse(self, socket: RoomSocket, payload: bytes) -> None:
        command_id, code = command_in(payload), payload.partition(b'"code":"')[2].partition(b'"')[0].decode()
        self.refused[code] += 1
        if command_id in self._pending and b'"status":503' in payload:
            # Not now: the same frame again in a moment.
            asyncio.get_running_loop().call_later(0.2, self._again, socket, command_id)
        elif command_id in self._pending:
            self.contradictions.append(f"{command_id}: {code}")

    def _again(self, socket: RoomSocket, command_id: str) -> None:
        if command_id in self._pending and not socket.closed.is_set():
            self.repeated += 1
            socket.send(self._pending[command_id])


class Crowd:
    """Scorers at work, and the count of what they were promised."""

    def __init__(self, scorers: list[Scorer]) -> None:
        self.scorers = scorers
        self.acks = 0
        self._tasks: list[asyncio.Task[None]] = []
        self._at: int | None = None
        self._reached = asyncio.Event()
        for scorer in scorers:
            scorer.on_ack = self._count

    def start(self, address: tuple[str, int]) -> None:
        """Let everyone begin."""
        self._tasks = [asyncio.create_task(scorer.run(address)) for scorer in self.scorers]

    def _count(self, _scorer: Scorer) -> None:
        self.acks += 1
        if self._at is not None and self.acks >= self._at:
            self._reached.set()

    async def more(self, acks: int, limit_s: float = 120) -> None:
        """Wait for so many further acknowledgements."""
        self._at = self.acks + acks
        self._reached.clear()
        async with asyncio.timeout(limit_s):
            await self._reached.wait()
        self._at = None

    def p99_ms(self, since: int = 0) -> float:
        """The 99th percentile of the times to an acknowledgement, without the first `since` of each member."""
        times = sorted(one for scorer in self.scorers for one in scorer.times[since:])
        return 1000 * times[int(0.99 * (len(times) - 1))] if times else 0.0

    async def finish(self, limit_s: float = 180) -> None:
        """Let everyone end with an empty outbox."""
        for scorer in self.scorers:
            scorer.finish()
        await self.ended(limit_s)

    async def ended(self, limit_s: float = 180) -> None:
        """Wait until everyone has ended."""
        async with asyncio.timeout(limit_s):
            await asyncio.gather(*self._tasks)

    async def cancel(self) -> None:
        """End at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for scorer in self.scorers:
            if scorer.socket:
                scorer.socket.abort()
