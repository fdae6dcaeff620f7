"""Changes of the outbox in order, many in one transaction: what came while the disk was busy shares the next wait."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from expert_hub.relay.outbox import Store

Change = Callable[[Store], None]


class Keeper:
    """Writes to the store from one thread; a change is durable when its future is done."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[Change, asyncio.Future[None]]] = []
        self._bell = asyncio.Event()

    def put(self, change: Change) -> asyncio.Future[None]:
        """Have a change carried out after those already put."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # Whoever does not wait is no defect; whoever does still gets the failure.
        done.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        self._waiting.append((change, done))
        self._bell.set()
        return done

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Write while the block runs; what was put before its end is written."""
        writing = asyncio.create_task(self._run())
        try:
            yield
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await self._write()

    async def _run(self) -> None:
        while True:
            await self._bell.wait()
            self._bell.clear()
            # A thread cannot be called back: whoever ends this waits for the transaction that it is in.
            step = asyncio.ensure_future(self._write())
            try:
                await asyncio.shield(step)
            except asyncio.CancelledError:
                await asyncio.gather(step, return_exceptions=True)
                raise

    async def _write(self) -> None:
        batch, self._waiting = self._waiting, []
        if not batch:
            return
        failure = None
        try:
            await asyncio.to_thread(self._store.apply, [change for change, _ in batch])
        except Exception as error:
            failure = error
        for _, done in batch:
            if done.cancelled():
                continue
            if failure is None:
                done.set_result(None)
            else:
                done.set_exception(failure)
