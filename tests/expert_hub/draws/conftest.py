"""Gateways on real sockets: one that takes signed JSON, one that takes mail; both do as they are told."""

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

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

SECRET = "gateway-secret-of-32-characters!"


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
