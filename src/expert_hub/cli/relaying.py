"""`expert-hub relay`: the program of a guest venue; `relay add|revoke|list`: its credential, made by the centre."""

import asyncio
import signal
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from expert_hub.cli.entry import app, opened_hub, run, say
from expert_hub.foundation.chance import SystemChance
from expert_hub.foundation.clock import SystemClock, instant_text
from expert_hub.relay.errors import RelayMisconfigured
from expert_hub.relay.outbox import Store
from expert_hub.relay.relay import Place, Relay, Told
from expert_hub.relay.settings import RelaySettings
from expert_hub.relay.upstream import Upstream
from expert_hub.rooms.relay_access import add_relay, list_relays, revoke_relay

_SOCKET = "/api/v1/relay/socket"
relay = typer.Typer(help="The relay of a guest venue, and its credential.", invoke_without_command=True)
app.add_typer(relay, name="relay")


@relay.callback()
def serve_seats(
    context: typer.Context,
    upstream: Annotated[str, typer.Option("--upstream", help="wss://HUB, the address of the hub.")] = "",
    listen: Annotated[str, typer.Option("--listen", help="HOST:PORT for the seats.")] = "127.0.0.1:8100",
    store: Annotated[Path, typer.Option("--store", help="File of the outbox.")] = Path("relay.db"),
    credential_file: Annotated[Path | None, typer.Option("--credential-file", help="File with the credential.")] = None,
    credential: Annotated[str | None, typer.Option(envvar="EXPERT_HUB_RELAY_CREDENTIAL", hidden=True)] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", help="Certificate for seats on other machines.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", help="Key of the certificate.")] = None,
    origin: Annotated[list[str] | None, typer.Option("--origin", help="Origin whose pages may connect.")] = None,
    heartbeat_s: Annotated[
        float, typer.Option("--heartbeat", min=0.1, max=15, help="Seconds between two beats to the hub.")
    ] = 5.0,
) -> None:
    """Carry the seats of a guest venue over one connection; without a link, keep what they send.

    The credential may also come in EXPERT_HUB_RELAY_CREDENTIAL. Runs until interrupted.
    """
    if context.invoked_subcommand is not None:
        return
    url = _checked_url(upstream)
    secret = _credential(credential_file, credential)
    place = _place(listen, (certificate, key), origin or [])
    settings = RelaySettings(heartbeat_s=heartbeat_s, dead_after_s=3 * heartbeat_s)
    run(_serve(url, secret, place, (store, settings)))


async def _serve(url: str, secret: str, place: Place, kept: tuple[Path, RelaySettings]) -> None:
    chance, settings = SystemChance(), kept[1]
    store = Store(kept[0], secret, chance)
    try:
        relay_ = Relay(Upstream(url, secret, settings, chance), store, settings, (SystemClock(), chance))
        relay_.observe(_Teller().tell)
        async with relay_.listening(place) as port:
            say(f"席位地址：{place.host}:{port}", f"Seats connect to {place.host}:{port}")
            await _until_signal(relay_)
    finally:
        store.close()


async def _until_signal(relay_: Relay) -> None:
    running = asyncio.create_task(relay_.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    try:
        await running
    except asyncio.CancelledError:
        if not running.cancelled():
            raise


class _Teller:
    """Says each change of the link once, not each attempt."""

    def __init__(self) -> None:
        self._said: bool | None = None

    def tell(self, told: Told) -> None:
        """Say it on the console."""
        if told.online == self._said:
            return
        self._said, at = told.online, instant_text(SystemClock().now())
        if told.online:
            say(f"{at} 已连接中心，{told.kept} 条待确认。", f"{at} online, {told.kept} not acknowledged yet.")
        else:
            say(
                f"{at} 与中心的连接中断，已保存 {told.kept} 条：{told.why}",
                f"{at} offline, {told.kept} kept: {told.why}",
            )


@relay.command()
def add(venue: Annotated[str, typer.Option("--venue", help="Venue whose seats the relay carries.")]) -> None:
    """Make the credential of a venue's relay; it is printed once."""

    async def work() -> str:
        async with opened_hub() as hub, hub.database.write() as session:
            return (await add_relay(session, hub.clock, hub.chance, venue))[1]

    made = run(work())
    say(f"中继凭据（仅显示一次）：{made}", f"Credential of the relay (shown once): {made}")


@relay.command()
def revoke(relay_id: Annotated[str, typer.Argument(metavar="RELAY", help="Id of the relay.")]) -> None:
    """End a credential; an open connection ends within a second."""

    async def work() -> None:
        async with opened_hub() as hub, hub.database.write() as session:
            await revoke_relay(session, hub.clock, relay_id)

    run(work())
    say(f"已吊销中继 {relay_id}。", f"Relay {relay_id} is revoked.")


@relay.command("list")
def show() -> None:
    """List relays: id, venue, last connection, revocation."""

    async def work() -> list[tuple[str, ...]]:
        async with opened_hub() as hub, hub.database.read() as session:
            return [
                (
                    row.id,
                    row.venue_id,
                    instant_text(row.connected_at) if row.connected_at else "-",
                    "revoked" if row.revoked_at else "",
                )
                for row in await list_relays(session)
            ]

    for row in run(work()):
        typer.echo("\t".join(row).rstrip())


def _checked_url(upstream: str) -> str:
    parts = urlsplit(upstream)
    if parts.scheme not in ("ws", "wss") or not parts.hostname or parts.username is not None or parts.query:
        raise RelayMisconfigured(why="--upstream wss://HUB")
    return upstream.rstrip("/") + _SOCKET if parts.path in ("", "/") else upstream


def _credential(file: Path | None, given: str | None) -> str:
    text = file.read_text(encoding="utf-8").strip() if file is not None else (given or "").strip()
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        raise RelayMisconfigured(why="--credential-file or EXPERT_HUB_RELAY_CREDENTIAL")
    return text


def _place(listen: str, files: tuple[Path | None, Path | None], origins: list[str]) -> Place:
    host, _, port = listen.rpartition(":")
    host = host.strip("[]")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise RelayMisconfigured(why="--listen HOST:PORT")
    if files[0] is None:
        if not _is_own(host):
            raise RelayMisconfigured(why=f"--listen {host}: --certificate, --key")
        return Place(host, int(port), None, origins)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        tls.load_cert_chain(files[0], files[1])
    except ssl.SSLError as error:
        raise RelayMisconfigured(why=f"--certificate: {error}") from None
    return Place(host, int(port), tls, origins)


def _is_own(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
