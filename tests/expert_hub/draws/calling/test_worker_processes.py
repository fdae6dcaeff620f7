"""Two hundred invitations and several workers: real processes on PostgreSQL, where any number may write.

On SQLite exactly one process writes, so there four workers share one process, and the one process is killed.
"""

import asyncio
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from expert_hub.app import open_hub
from expert_hub.draws.calling.channels import channels_of
from expert_hub.draws.calling.invitations import answer
from expert_hub.draws.tables import Draw, DrawPosition, InvitationAttempt
from expert_hub.foundation.settings import Settings
from expert_hub.ledger.service import verify

DRAWS, SEATS = 20, 10
SECRET = "gateway-secret-of-32-characters!"

# To load the program takes seconds, so it is loaded once; the children are processes of their own.
_LAUNCHER = """
import os, sys
import expert_hub.cli
for _ in range(int(sys.argv[1])):
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.environ["WORKER_LOG"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), 1)
        os.dup2(1, 2)
        sys.argv = ["expert-hub", "--lang", "en", "worker"]
        expert_hub.cli.main()
        os._exit(0)
    print(child, flush=True)
codes = [os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(int(sys.argv[1]))]
print(sorted(codes), flush=True)
"""


@pytest.fixture
async def live(database_url: str, tmp_path: Path, gateway: Any, sample: Any, make_bench: Any) -> AsyncIterator[Any]:
    """A bench on the real clock, with two hundred invitations that wait to be sent."""
    settings = Settings(
        database_url=database_url,
        var_dir=tmp_path / "var",
        notifier="webhook",
        notifier_timeout_s=2,
        webhook_url=gateway.url,
        webhook_secret=SECRET,  # type: ignore[arg-type]
        public_url="https://hub.example.org",
    )
    hub = open_hub(settings)
    bench = await make_bench(hub, sample, datetime.now(UTC) + timedelta(days=1))
    for _ in range(DRAWS):
        await bench.draw(SEATS)
    yield bench
    await hub.database.close()


@asynccontextmanager
async def _processes(bench: Any, count: int, log: Path) -> AsyncIterator[list[int]]:
    """`expert-hub worker` so many times; at the end those that still run are told to stop, and do."""
    settings = bench.hub.settings
    environment = {
        "PATH": os.environ["PATH"],
        "WORKER_LOG": str(log),
        "DATABASE_URL": settings.database_url,
        "EXPERT_HUB_VAR_DIR": str(settings.var_dir),
        "EXPERT_HUB_NOTIFIER": "webhook",
        "EXPERT_HUB_NOTIFIER_TIMEOUT_S": "2",
        "EXPERT_HUB_WEBHOOK_URL": settings.webhook_url,
        "EXPERT_HUB_WEBHOOK_SECRET": SECRET,
        "EXPERT_HUB_PUBLIC_URL": settings.public_url,
    }
    # On SQLite this process must let go of the file.
    await bench.hub.database.close()
    launcher = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _LAUNCHER, str(count), env=environment, stdout=asyncio.subprocess.PIPE
    )
    assert launcher.stdout
    pids = [int(await asyncio.wait_for(launcher.stdout.readline(), 60)) for _ in range(count)]
    try:
        yield pids
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        try:
            codes = (await asyncio.wait_for(launcher.stdout.readline(), 20)).decode()
        except TimeoutError:
            for pid in pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            raise
        await launcher.wait()
    assert set(re.findall(r"-?\d+", codes)) <= {"0", "-9"}, log.read_text("utf-8")


@asynccontextmanager
async def _workers(bench: Any, count: int, log: Path) -> AsyncIterator[None]:
    if not bench.hub.database.is_sqlite:
        async with _processes(bench, count, log):
            yield
        return
    async with AsyncExitStack() as stack:
        for _ in range(count):
            worker = bench.worker(*channels_of(bench.hub.settings, bench.hub.clock))
            await stack.enter_async_context(worker.running())
        yield


class _Experts:
    """Answer as soon as they are called: one in five declines."""

    def __init__(self, bench: Any) -> None:
        self.bench = bench
        self.said: dict[str, str] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    def hear(self, posted: Any) -> int:
        message = posted.json
        task = asyncio.create_task(self._reply(message["message_id"], message["text"]))
        self.tasks.add(task)
        return 202

    async def _reply(self, message_id: str, text: str) -> None:
        code = re.search(r"/i/(\w+)", text)
        assert code
        accept = int(message_id[:8], 16) % 5 != 0
        async with self.bench.hub.database.write() as session:
            taken = await answer(session, self.bench.means, code[1], accept=accept)
        self.said[message_id] = taken.state


async def test_four_workers_hand_each_message_over_once_and_note_each_answer_once(
    live: Any, gateway: Any, tmp_path: Path
) -> None:
    experts = _Experts(live)
    gateway.decide = experts.hear
    async with _workers(live, 4, tmp_path / "workers.log"):
        await _until(lambda: len(gateway.posted) >= DRAWS * SEATS and _all_done(experts), 60)
        await _until_settled(live, experts)
    keys = Counter(posted.headers["idempotency-key"] for posted in gateway.posted)
    rows = await live.invitations()
    assert set(keys.values()) == {1}
    assert {key.removesuffix(".1") for key in keys} == {row.id for row in rows}
    assert {row.id: row.state for row in rows} == experts.said
    assert Counter(row.result for row in await live.rows(InvitationAttempt)) == {"accepted": len(rows)}
    for draw in await live.rows(Draw):
        places = Counter(row.outcome for row in await live.rows(DrawPosition, DrawPosition.draw_id == draw.id))
        assert places["accepted"] + places["declined"] == SEATS, places
        assert draw.state == ("vacant" if places["declined"] else "ready")
    await _ledger_is_whole(live)
    if (tmp_path / "workers.log").exists():
        assert (tmp_path / "workers.log").read_text("utf-8") == "Sending invitations.\n" * 4


async def test_kill_9_loses_no_message_and_repeats_only_what_was_on_its_way(
    live: Any, gateway: Any, tmp_path: Path
) -> None:
    count = 1 if live.hub.database.is_sqlite else 4
    gateway.delay_s = 0.1
    async with _processes(live, count, tmp_path / "workers.log") as pids:
        await _until(lambda: len(gateway.posted) >= 60, 60)
        # Of several workers two survive and take over; one alone has a successor.
        for pid in pids[: max(count // 2, 1)]:
            os.kill(pid, signal.SIGKILL)
        if count > 1:
            await _until_sent(live)
    if count == 1:
        async with _processes(live, 1, tmp_path / "successor.log"):
            await _until_sent(live)
    keys = Counter(posted.headers["idempotency-key"] for posted in gateway.posted)
    rows = await live.invitations()
    assert set(keys) == {f"{row.id}.1" for row in rows}
    assert len(rows) == DRAWS * SEATS
    # One worker has at most sixteen calls under way.
    assert sum(keys.values()) - len(rows) <= 16 * 2
    assert max(keys.values()) <= 2
    assert Counter((row.round, row.result) for row in await live.rows(InvitationAttempt)) == {(1, "accepted"): 200}
    await _ledger_is_whole(live)


def _all_done(experts: _Experts) -> bool:
    return all(task.done() for task in experts.tasks)


async def _until(condition: Any, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.05)


async def _until_settled(bench: Any, experts: _Experts) -> None:
    async with asyncio.timeout(30):
        while {row.state for row in await bench.invitations()} & {"queued", "sent"} or not _all_done(experts):
            await asyncio.sleep(0.1)
    # The answer may overtake the note that the message is out.
    async with asyncio.timeout(10):
        while len(await bench.rows(InvitationAttempt)) < len(await bench.invitations()):
            await asyncio.sleep(0.1)
    for task in experts.tasks:
        task.result()


async def _until_sent(bench: Any) -> None:
    async with asyncio.timeout(40):
        while {row.state for row in await bench.invitations()} != {"sent"}:
            await asyncio.sleep(0.2)


async def _ledger_is_whole(bench: Any) -> None:
    async with bench.hub.database.read() as session:
        assert (await verify(session)).ok
