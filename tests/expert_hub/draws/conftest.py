"""Drawn panels without the way there, and gateways on real sockets that do as they are told."""

import asyncio
import email
import email.policy
import json
import ssl
from base64 import b64decode
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select

from expert_hub.app import Hub
from expert_hub.draws.calling.invitation_rules import Parcel
from expert_hub.draws.calling.inviting import invite
from expert_hub.draws.calling.notifier import Message, Receipt, Result
from expert_hub.draws.calling.worker import InvitationWorker, WorkerTools
from expert_hub.draws.drawing import names_vault
from expert_hub.draws.means import Means
from expert_hub.draws.tables import Draw, DrawPosition, Invitation
from expert_hub.experts.importing import ImportContext, import_catalogue, import_library
from expert_hub.experts.tables import Expert
from expert_hub.foundation.chance import new_id
from expert_hub.ledger.tables import LedgerEntry
from expert_hub.listings.rules import TenderForm
from expert_hub.listings.service import register
from expert_hub.sample.tender import tender_document
from tests.expert_hub.draws.ceremonies import Ceremonies, ceremonies_on

SECRET = "gateway-secret-of-32-characters!"
KEY = b"k" * 32
"""Of the pools of panels that are drawn by hand."""


@dataclass
class Posted:
    """One request as it came in."""

    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class HttpGateway:
    """Answers with `status` and `headers`; `mode` is "answer", "hang" or "drop"; `decide` may choose by request."""

    status: int = 202
    headers: dict[str, str] = field(default_factory=dict)
    mode: str = "answer"
    delay_s: float = 0
    decide: Callable[[Posted], int] | None = None
    posted: list[Posted] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/messages"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head if line)}
            posted = Posted(headers, await reader.readexactly(int(headers["content-length"])))
            self.posted.append(posted)
            if self.mode == "hang":
                await reader.read()
            elif self.mode == "answer":
                await asyncio.sleep(self.delay_s)
                status = self.decide(posted) if self.decide else self.status
                extra = "".join(f"{name}: {value}\r\n" for name, value in self.headers.items())
                writer.write(f"HTTP/1.1 {status} X\r\n{extra}Content-Length: 0\r\nConnection: close\r\n\r\n".encode())
                await writer.drain()
        writer.close()


@pytest.fixture
async def gateway() -> AsyncIterator[HttpGateway]:
    gateway = HttpGateway()
    server = await asyncio.start_server(gateway.serve, "127.0.0.1", 0)
    gateway.port = server.sockets[0].getsockname()[1]
    yield gateway
    server.close()


@dataclass
class MailServer:
    """Speaks as much SMTP as a client needs. `replies` replaces the answer to a verb; "hang" and "drop" are modes."""

    implicit: ssl.SSLContext | None = None
    starttls: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None
    mode: str = "answer"
    replies: dict[str, str] = field(default_factory=dict)
    mails: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    secured: list[bool] = field(default_factory=list)
    logins: list[tuple[str, str]] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            if self.mode == "hang":
                await reader.read()
            elif self.mode == "answer":
                await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _say(writer, self.replies.get("GREETING", "220 ready"))
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            verb = line.split(" ")[0].upper()
            if verb == "STARTTLS" and self.starttls and verb not in self.replies:
                await _say(writer, "220 go on")
                await writer.start_tls(self.starttls)
                continue
            reply = self.replies.get(verb) or self._usual(verb, line, writer)
            await _say(writer, reply)
            if verb == "QUIT":
                return
            if reply.startswith("354"):
                content = await reader.readuntil(b"\r\n.\r\n")
                reply = self.replies.get("CONTENT", "250 taken")
                if reply.startswith("250"):
                    mail = email.message_from_bytes(content[:-3], policy=email.policy.default)
                    self.mails.append(mail)  # type: ignore[arg-type]
                    self.secured.append(writer.get_extra_info("ssl_object") is not None)
                await _say(writer, reply)

    def _usual(self, verb: str, line: str, writer: asyncio.StreamWriter) -> str:
        if verb == "EHLO":
            is_secure = writer.get_extra_info("ssl_object") is not None
            offers = ["hub", *(["AUTH PLAIN"] if self.login else [])]
            offers += ["STARTTLS"] if self.starttls and not is_secure else []
            return "\r\n".join(f"250{'-' if offer != offers[-1] else ' '}{offer}" for offer in offers)
        if verb == "AUTH":
            _, user, password = b64decode(line.split(" ")[2]).decode().split("\0")
            self.logins.append((user, password))
            return "235 welcome" if (user, password) == self.login else "535 no"
        if verb == "RCPT":
            self.recipients.append(line)
        return {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 fine")


async def _say(writer: asyncio.StreamWriter, text: str) -> None:
    writer.write(f"{text}\r\n".encode())
    await writer.drain()


@pytest.fixture
async def start_mail() -> AsyncIterator[Callable[[MailServer], Awaitable[None]]]:
    """Starts mail servers that end with the test."""
    servers = []

    async def start(mail_server: MailServer) -> None:
        server = await asyncio.start_server(mail_server.serve, "127.0.0.1", 0, ssl=mail_server.implicit)
        mail_server.port = server.sockets[0].getsockname()[1]
        servers.append(server)

    yield start
    for server in servers:
        server.close()


@pytest.fixture
async def mail_server(start_mail: Callable[[MailServer], Awaitable[None]]) -> MailServer:
    """Without TLS."""
    mail_server = MailServer()
    await start_mail(mail_server)
    return mail_server


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 that signs itself, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def server_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    return context


@dataclass
class Recorder:
    """A channel that keeps what it gets and answers as `decide` says; without it, yes; the first call may hang."""

    name: str = "recorder"
    reports: bool = False
    decide: Callable[[Message], Receipt] | None = None
    hangs_once: bool = False
    sent: list[Message] = field(default_factory=list)
    is_closed: bool = False

    async def send(self, message: Message) -> Receipt:
        if self.hangs_once:
            self.hangs_once = False
            await asyncio.sleep(60)
        receipt = self.decide(message) if self.decide else Receipt(Result.ACCEPTED)
        if receipt.result is Result.ACCEPTED:
            self.sent.append(message)
        return receipt

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class Bench:
    """A hub with a library and one lot, on which panels are drawn by hand."""

    hub: Hub
    lot_id: str
    experts: list[str]
    attempts: int = 0

    @property
    def means(self) -> Means:
        return self.hub.means

    async def draw(self, seats: int, alternates: int = 0) -> str:
        """A draw of one quota whose panel is invited; alternates drawn ahead are held. Returns its id."""
        self.attempts += 1
        draw = _drawn(new_id(self.hub.chance), self.lot_id, self.attempts, self.hub.clock.now())
        first = self.attempts * 7
        async with self.hub.database.write() as session:
            session.add(draw)
            for place in range(seats + alternates):
                expert_id = self.experts[(first + place) % len(self.experts)]
                position = DrawPosition(
                    id=new_id(self.hub.chance),
                    draw_id=draw.id,
                    number=0,
                    seat=place if place < seats else None,
                    place=place,
                    position=place,
                    quota=0,
                    quota_id="q1",
                    is_alternate=place >= seats,
                    expert_sealed=names_vault(KEY).seal(expert_id, self.hub.chance.octets(12)),
                )
                session.add(position)
                await session.flush()
                await invite(session, self.means, draw, position, expert_id, is_held=position.is_alternate)
        return draw.id

    def expert_of(self, position: DrawPosition) -> str:
        """Who was drawn for a place."""
        return names_vault(KEY).open(position.expert_sealed)

    def worker(self, *channels: Any, timeout_s: float = 5) -> InvitationWorker:
        hub = self.hub
        public_url = hub.settings.public_url
        tools = WorkerTools(hub.clock, hub.chance, hub.vault, hub.packs, public_url, timeout_s, poll_s=0.05)
        return InvitationWorker(hub.database, tools, channels)

    async def rows(self, table: Any, *conditions: Any) -> list[Any]:
        async with self.hub.database.read() as session:
            return list((await session.execute(select(table).where(*conditions))).scalars())

    async def invitations(self) -> list[Invitation]:
        return sorted(await self.rows(Invitation), key=lambda row: (row.queued_at, row.id))

    async def outcomes(self) -> list[str]:
        """Of all places, in the order of the draw."""
        return [row.outcome for row in sorted(await self.rows(DrawPosition), key=lambda row: row.place)]

    async def state(self, draw_id: str) -> str:
        return str((await self.rows(Draw, Draw.id == draw_id))[0].state)

    async def kinds(self) -> list[str]:
        """Kinds of the entries of the ledger about draws, in order."""
        rows = await self.rows(LedgerEntry, LedgerEntry.kind.like("draws/%"))  # type: ignore[attr-defined]
        return [row.kind for row in sorted(rows, key=lambda row: row.index)]

    async def codes(self) -> list[str]:
        """Of the invitations that are not held and whose parcel is still there."""
        rows = [row for row in await self.invitations() if row.parcel_sealed and row.state != "held"]
        return [self.parcel(row).code for row in rows]

    def parcel(self, row: Invitation) -> Parcel:
        return msgspec.json.decode(self.hub.vault.open(row.parcel_sealed or b""), type=Parcel)


def _drawn(draw_id: str, lot_id: str, attempt: int, now: datetime) -> Draw:
    return Draw(
        id=draw_id,
        lot_id=lot_id,
        attempt=attempt,
        state="inviting",
        requested_by="centre",
        contributors=[],
        replacement="fresh_seed",
        place="三楼",
        phone="020-00000000",
        fixed="{}",
        lottery="{}",
        funnel={},
        key_centre_sealed=b"",
        key_supervisor_sealed=b"",
        signatures={},
        commitment=f"{attempt:064x}",
        requested_at=now,
    )


async def bench_on(hub: Hub, sample: Any, starts_at: datetime) -> Bench:
    form = msgspec.convert(tender_document(starts_at), TenderForm, strict=False)
    async with hub.database.write() as session:
        await import_catalogue(session, hub.clock)
        await import_library(session, sample.experts, ImportContext(hub.clock, hub.chance, hub.vault))
        _, lot = await register(session, hub.clock, hub.chance, hub.packs, form)
    async with hub.database.read() as session:
        experts = sorted((await session.execute(select(Expert.id))).scalars())  # type: ignore[call-overload]
    return Bench(hub, lot.id, experts)


@pytest.fixture
async def bench(hub: Hub, sample: Any) -> Bench:
    """The evaluation begins two hours after now."""
    return await bench_on(hub, sample, hub.clock.now() + timedelta(hours=2))


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def make_recorder() -> type[Recorder]:
    return Recorder


@pytest.fixture
def make_bench() -> Callable[..., Awaitable[Bench]]:
    return bench_on


@pytest.fixture
async def ceremonies(hub: Hub, sample: Any) -> Ceremonies:
    """Draws step by step, with a registered supervisor."""
    return await ceremonies_on(hub, sample)


@pytest.fixture
def bench_worker(hub: Hub) -> Callable[..., InvitationWorker]:
    """A worker of the hub that sends over these channels."""

    def make(*channels: Any) -> InvitationWorker:
        tools = WorkerTools(hub.clock, hub.chance, hub.vault, hub.packs, hub.settings.public_url, 5, poll_s=0.05)
        return InvitationWorker(hub.database, tools, channels)

    return make
