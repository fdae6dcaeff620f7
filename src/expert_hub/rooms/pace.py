"""How fast frames may come: a bucket for each connection and one for each account.

Who sends faster is not refused but read more slowly, so that a client which sends its outbox after an outage loses
nothing, and one that floods waits for itself.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from expert_hub.rooms.errors import TooManySockets

BURST_S = 5.0
"""Seconds of frames that may come at once."""


class Bucket:
    """Frames that may still come; filled at a steady rate."""

    __slots__ = ("_at", "_left", "_most", "_rate")

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._left = self._most = rate * BURST_S
        self._at = asyncio.get_running_loop().time()

    def take(self, now: float) -> float:
        """Take one; returns the seconds to wait for it, 0 if it was there. `now` is on the loop's clock."""
        left = self._left + (now - self._at) * self._rate
        self._left = left = (left if left < self._most else self._most) - 1
        self._at = now
        return 0.0 if left >= 0 else -left / self._rate


class Pace:
    """The two buckets that a frame is taken from."""

    __slots__ = ("_buckets",)

    def __init__(self, *buckets: Bucket) -> None:
        self._buckets = buckets

    def take(self, now: float) -> float:
        """Take the next frame; returns the seconds to wait until it may be answered, mostly 0."""
        pause_s = 0.0
        for bucket in self._buckets:
            pause_s = max(pause_s, bucket.take(now))
        return pause_s


class Pulse:
    """How often something happens, over the last tenths of a second."""

    __slots__ = ("_before", "_count", "_since", "_time")
    _WINDOW_S = 0.2

    def __init__(self) -> None:
        self._time = time.monotonic
        self._since, self._count, self._before = self._time(), 0, 0.0

    def beat(self) -> None:
        """It has happened once more."""
        self._turn()
        self._count += 1

    def per_s(self) -> float:
        """Times a second: of the window that ended last, or of the present one if that is more already."""
        self._turn()
        return max(self._before, self._count / self._WINDOW_S)

    def _turn(self) -> None:
        passed = self._time() - self._since
        if passed >= self._WINDOW_S:
            self._before = self._count / passed
            self._since, self._count = self._since + passed, 0


class Gate:
    """Who may open how many sockets, and how fast each may speak."""

    def __init__(self, frames_per_s: float, sockets_per_account: int) -> None:
        self._frames_per_s = frames_per_s
        self._limit = sockets_per_account
        self._open: Counter[str] = Counter()
        self._accounts: dict[str, Bucket] = {}

    @contextmanager
    def entered(self, account_id: str) -> Iterator[Pace]:
        """One more socket of an account while the block runs.

        Raises:
            TooManySockets: it has as many as it may.
        """
        if self._open[account_id] >= self._limit:
            raise TooManySockets(limit=self._limit)
        self._open[account_id] += 1
        shared = self._accounts.setdefault(account_id, Bucket(2 * self._frames_per_s))
        try:
            yield Pace(Bucket(self._frames_per_s), shared)
        finally:
            self._open[account_id] -= 1
            if not self._open[account_id]:
                del self._open[account_id], self._accounts[account_id]
