"""The load on a server, in a process of its own: orders as JSON lines on stdin, what came of them on stdout.

`python -m benchmarks.room_load CROWD.json`, where the file names the address, the run (commands of two runs have
other ids) and the sockets: path, token and group.
Orders: `connect`, `drop`, `closed`, `open`, `rounds`; each ends by itself within the time it was given.
"""

import asyncio
import json
import resource
import sys
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.room_client import RoomSocket, command, resume, version_in

_DRAIN_S = 20.0
_AT_ONCE = 64
Answer = dict[str, Any]


class Member:
    """One socket of the crowd and the command that it waits for."""

    def __init__(self, name: str, place: Sequence[str], items: Sequence[Sequence[str]]) -> None:
        self.name = name
        self.path, self.token, self.group = place
        self.items = items
        self.socket = RoomSocket(self._take)
        self.version = 0
        self.sent = 0
        self.since = 0.0
        self.waits = False
        self.late: deque[float] = deque()
        self.on_ack: Callable[[Member, bytes], None] = _nothing
        self.on_news: Callable[[Member, int, int], None] = _no_news
        self.heard = asyncio.Event()

    def _take(self, _socket: RoomSocket, payload: bytes) -> None:
        if payload.startswith((b'{"kind":"ack"', b'{"kind":"refusal"')):
            self.on_ack(self, payload)
            return
        if payload.startswith((b'{"kind":"changes"', b'{"kind":"view"')):
            before, self.version = self.version, max(self.version, version_in(payload))
            self.heard.set()
            self.on_news(self, before, len(payload))

    async def connect(self, address: tuple[str, int], path: str | None = None) -> None:
        """Open the socket and wait for what has changed."""
        self.socket, self.waits = RoomSocket(self._take), False
        self.late.clear()
        self.heard.clear()
        await self.socket.open(address, path or self.path, self.token)
        self.socket.send(resume(self.version or None))
        await self.heard.wait()

    def score(self, since: float) -> None:
        """Enter one score; `since` is the instant from which the time of the answer counts."""
        bid, item, full = self.items[self.sent % len(self.items)]
        value = (self.sent % (2 * int(full) + 1)) / 2
        self.sent += 1
        self.since, self.waits = since, True
        body = f'{{"type":"enter_score","bid_id":"{bid}","criterion_id":"{item}","value":"{value:g}"}}'
        self.socket.send(command(f"{self.name}-{self.sent}", body))


def _nothing(_member: Member, _payload: bytes) -> None:
    return


def _no_news(_member: Member, _before: int, _size: int) -> None:
    return


class Tally:
    """Answers and their times."""

    def __init__(self) -> None:
        self.acks = 0
        self.refused: Counter[str] = Counter()
        self.times: list[float] = []

    def take(self, member: Member, payload: bytes) -> None:
        """Count one answer."""
        if payload.startswith(b'{"kind":"ack"'):
            self.acks += 1
            self.times.append(time.perf_counter() - member.since)
        else:
            self.refused[payload.partition(b'"code":"')[2].partition(b'"')[0].decode()] += 1

    def summary(self, seconds: float) -> Answer:
        """Figures: answers a second and times in milliseconds."""
        found = sorted(self.times)
        at = {name: found[min(len(found) - 1, int(share * len(found)))] * 1000 if found else 0.0
              for name, share in (("p50", 0.5), ("p99", 0.99), ("max", 1.0))}  # fmt: skip
        return {"acks": self.acks, "per_s": self.acks / seconds, "refused": dict(self.refused), **at}


class Crowd:
    """All sockets of the load, and the drills they can do."""

    def __init__(self, told: Answer) -> None:
        self.address = (told["host"], told["port"])
        places, run = told["places"], told["run"]
        self.members = [Member(f"{run}-{number}", place, told["items"]) for number, place in enumerate(places)]

    def _range(self, order: Answer) -> list[Member]:
        return self.members[order.get("first", 0) : order.get("last") : order.get("step", 1)]

    async def connect(self, order: Answer) -> Answer:
        """Open sockets, a few at a time, and wait until each knows the present version. `at_once` bounds the few."""
        members, failed, times = self._range(order), Counter[str](), list[float]()
        gate, start = asyncio.Semaphore(order.get("at_once", _AT_ONCE)), time.perf_counter()

        async def one(member: Member) -> None:
            async with gate:
                try:
                    async with asyncio.timeout(order.get("limit_s", 60)):
                        await member.connect(self.address)
                except (OSError, TimeoutError, ValueError, RuntimeError) as error:
                    failed[type(error).__name__] += 1
                times.append(time.perf_counter() - start)

        await asyncio.gather(*map(one, members))
        times.sort()
        p99 = times[int(0.99 * (len(times) - 1))] if times else 0.0
        seconds, octets = time.perf_counter() - start, sum(member.socket.received for member in members)
        opened = len(members) - sum(failed.values())
        return {"opened": opened, "failed": dict(failed), "p99_s": p99, "seconds": seconds, "octets": octets}

    async def drop(self, order: Answer) -> Answer:
        """Cut connections without a word."""
        members = self._range(order)
        for member in members:
            member.socket.abort()
        await asyncio.gather(*(member.socket.closed.wait() for member in members))
        return {"dropped": len(members)}

    async def closed(self, order: Answer) -> Answer:
        """Each member sends its next score as soon as the one before is answered: what the server can do."""
        members, tally = self._range(order), Tally()
        start = time.perf_counter()
        end = start + order["seconds"]

        def answered(member: Member, payload: bytes) -> None:
            member.waits = False
            tally.take(member, payload)
            now = time.perf_counter()
            if now < end:
                member.score(now)

        for member in members:
            member.on_ack = answered
            member.score(time.perf_counter())
        await asyncio.sleep(order["seconds"])
        # The answers of the drain are answers, but not of the measured time.
        within, seconds = tally.acks, time.perf_counter() - start
        unanswered = await self._drain(members, order)
        return {**tally.summary(seconds), "per_s": within / seconds, "unanswered": unanswered}

    async def open(self, order: Answer) -> Answer:
        """Scores fall due evenly over the members at `rate` a second; times count from the moment they were due."""
        members, tally = self._range(order), Tally()
        start, period = time.perf_counter(), 1 / order["rate"]

        def answered(member: Member, payload: bytes) -> None:
            member.waits = False
            tally.take(member, payload)
            if member.late:
                member.score(member.late.popleft())

        for member in members:
            member.on_ack = answered
        due, total = 0, int(order["rate"] * order["seconds"])
        while due < total:
            now = time.perf_counter()
            while due < total and start + due * period <= now:
                _due(members[due % len(members)], start + due * period)
                due += 1
            await asyncio.sleep(0.001)
        end = time.perf_counter()
        within = tally.acks
        waiting = [since for member in members for since in member.late]
        for member in members:
            member.late.clear()
        unanswered = await self._drain(members, order)
        # What never got its turn has waited at least until now.
        tally.times += [end - since for since in waiting]
        return {**tally.summary(end - start), "per_s": within / (end - start), "unsent": len(waiting),
                "unanswered": unanswered}  # fmt: skip

    async def rounds(self, order: Answer) -> Answer:
        """Per group one sender; its next score is sent when every socket of the group has heard of the one before."""
        groups: dict[str, _Group] = {}
        for member in self._range(order):
            groups.setdefault(member.group, _Group(member)).members.append(member)
        start = time.perf_counter()
        end = start + order["seconds"]
        for group in groups.values():
            group.begin(end)
        await asyncio.sleep(order["seconds"])
        seconds = time.perf_counter() - start
        heard, sizes = sum(group.heard for group in groups.values()), sum((g.sizes for g in groups.values()), Counter())
        await self._drain([group.sender for group in groups.values()], order)
        return {"deliveries": heard, "per_s": heard / seconds, "rounds": sum(group.rounds for group in groups.values()),
                "size": sizes.most_common(1)[0][0] if sizes else 0}  # fmt: skip

    async def _drain(self, members: Sequence[Member], order: Answer) -> int:
        end = time.perf_counter() + order.get("drain_s", _DRAIN_S)
        # A thousand members would each have to look who is the last.
        while (left := sum(member.waits for member in members)) and time.perf_counter() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        for member in members:
            member.on_ack, member.on_news = _nothing, _no_news
        return left


def _due(member: Member, since: float) -> None:
    if member.waits:
        member.late.append(since)
    else:
        member.score(since)


class _Group:
    """The sockets of one room in lock-step, so that no version is skipped."""

    def __init__(self, sender: Member) -> None:
        self.sender = sender
        self.members: list[Member] = []
        self.rounds = self.heard = 0
        self.sizes: Counter[int] = Counter()
        self._target = self._behind = 0
        self._end = 0.0

    def begin(self, end: float) -> None:
        """Send the first score; no round begins after `end`."""
        self._end = end
        self.sender.on_ack = self._acknowledged
        for member in self.members:
            member.on_news = self._news
        self.sender.score(time.perf_counter())

    def _acknowledged(self, member: Member, payload: bytes) -> None:
        member.waits = False
        assert payload.startswith(b'{"kind":"ack"'), payload
        self._target = version_in(payload)
        self._behind = sum(one.version < self._target for one in self.members)
        self._next()

    def _news(self, member: Member, before: int, size: int) -> None:
        self.heard += 1
        self.sizes[size] += 1
        if before < self._target <= member.version:
            self._behind -= 1
            self._next()

    def _next(self) -> None:
        if not self._behind and not self.sender.waits and time.perf_counter() < self._end:
            self.rounds += 1
            self.sender.score(time.perf_counter())


async def serve_orders(crowd: Crowd) -> None:
    """Carry out orders until stdin ends."""
    lines = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    while line := await lines.readline():
        order = json.loads(line)
        print(json.dumps(await getattr(crowd, order["do"])(order)), flush=True)


def main(path: str) -> None:
    """Read the crowd and wait for orders."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    uvloop.run(serve_orders(Crowd(json.loads(Path(path).read_text("utf-8")))))


if __name__ == "__main__":
    main(sys.argv[1])
