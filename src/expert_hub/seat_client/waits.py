"""Waiting for something to become true, with an end in time and an end for good."""

import asyncio
from collections.abc import Callable

from expert_hub.seat_client.errors import WaitTimedOut

Condition = Callable[[], bool]


class Waits:
    """Callers that wait for conditions; whoever changes the state they look at calls `wake`."""

    def __init__(self) -> None:
        self.failure: Exception | None = None
        self._waiting: list[tuple[Condition, asyncio.Future[None]]] = []

    async def until(self, is_met: Condition, timeout_s: float | None) -> None:
        """Wait until a condition holds.

        Args:
            is_met: looked at now and on every `wake`.
            timeout_s: seconds to wait, None for as long as it takes.

        Raises:
            WaitTimedOut: when it did not come true in time.
            Exception: what `fail` was called with, or what the condition itself raised.
        """
        if is_met():
            return
        if self.failure is not None:
            raise self.failure
        met: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((is_met, met))
        try:
            async with asyncio.timeout(timeout_s):
                await met
        except TimeoutError as error:
            raise WaitTimedOut(timeout_s=timeout_s) from error
        finally:
            self._waiting.remove((is_met, met))

    def wake(self) -> None:
        """Look at every condition again."""
        for is_met, met in self._waiting:
            if not met.done():
                _look(is_met, met)

    def fail(self, failure: Exception) -> None:
        """End every wait, now and from now on; the first failure counts."""
        self.failure = self.failure or failure
        for _, met in self._waiting:
            if not met.done():
                met.set_exception(self.failure)


def _look(is_met: Condition, met: asyncio.Future[None]) -> None:
    try:
        if is_met():
            met.set_result(None)
    except Exception as error:
        # A condition that fails is the waiting caller's affair, not that of whoever woke it.
        met.set_exception(error)
