"""`expert-hub serve`: the service itself."""

import os
import socket
from typing import Annotated

import typer
import uvicorn

from expert_hub.cli.entry import app, run, say, settings
from expert_hub.foundation.db import Database
from expert_hub.foundation.errors import HubError
from expert_hub.foundation.migrations import ensure_migrated, upgrade
from expert_hub.foundation.self_checks import ensure_safe


class PortTaken(HubError):
    """Something listens there already."""

    code = "hub/port-taken"
    zh = "无法监听 {host}:{port}：{why}。请用 --port 选择其他端口。"
    en = "Cannot listen on {host}:{port}: {why}. Choose another with --port."


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="Port to listen on.", min=0, max=65535)] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="Processes (PostgreSQL only above 1).")] = None,
    migrate: Annotated[bool, typer.Option("--migrate", help="Upgrade the schema first.")] = False,
) -> None:
    """Serve HTTP and WebSocket until interrupted."""
    for name, value in (("HOST", host), ("PORT", port), ("WORKERS", workers)):
        if value is not None:
            os.environ[f"EXPERT_HUB_{name}"] = str(value)
    chosen = settings()
    ensure_safe(chosen)
    # The embedded default has no administrator who would migrate it.
    run(_make_ready(chosen.effective_database_url, migrate or chosen.database_url is None))
    _ensure_free(chosen.host, chosen.port)
    say(f"服务地址：http://{chosen.host}:{chosen.port}", f"Serving on http://{chosen.host}:{chosen.port}")
    uvicorn.run(
        "expert_hub.app:app_from_settings",
        factory=True,
        host=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        loop="uvloop",
        http="httptools",
        ws="expert_hub.foundation.websockets_server:WebSocketProtocol",
        # Rooms have a heartbeat of their own, and end whoever is silent or does not read.
        ws_ping_interval=None,
        ws_max_size=65_536,
        ws_per_message_deflate=False,
        log_level="warning",
        access_log=False,
        proxy_headers=chosen.behind_tls,
        timeout_graceful_shutdown=5,
    )


async def _make_ready(database_url: str, migrate: bool) -> None:
    database = Database(database_url)
    try:
        await database.ping()
        database.claim()
        if migrate:
            await upgrade(database)
        await ensure_migrated(database)
    finally:
        await database.close()


def _ensure_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortTaken(host=host, port=port, why=error.strerror) from None
