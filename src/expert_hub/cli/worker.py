"""`expert-hub worker`: sends invitations beside the server processes, or without any."""

import asyncio
import signal

from expert_hub.cli.entry import app, opened_hub, run, say, settings
from expert_hub.foundation.logs import configure_logs
from expert_hub.foundation.self_checks import ensure_safe


@app.command()
def worker() -> None:
    """Send, repeat and end invitations until interrupted; every server process does the same beside serving."""
    ensure_safe(settings())
    configure_logs()
    run(_work())


async def _work() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with opened_hub() as hub:
        # On SQLite this is refused while a server writes to the file.
        hub.database.claim()
        async with hub.worker.running():
            say("邀请发送进程已启动。", "Sending invitations.")
            await stop.wait()
