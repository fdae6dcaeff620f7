import asyncio
from pathlib import Path
from typing import Any

import pytest

from evaluation.protocol import AckFrame, ChangesFrame, PongFrame
from expert_hub.seat_client.errors import SeatSuperseded, ServerUntrusted
from expert_hub.seat_client.link import LinkLost, open_link, read_frame
from expert_hub.seat_client.settings import LinkSettings


def test_frames_are_read_as_text_or_octets() -> None:
    assert read_frame('{"kind":"pong"}') == PongFrame()
    assert read_frame(b'{"kind":"ack","command_id":"c","version":4}') == AckFrame(command_id="c", version=4)
    changes = '{"kind":"changes","version":4,"from":3,"set":{"a":1},"unset":["b"]}'
    assert read_frame(changes) == ChangesFrame(version=4, since=3, set={"a": 1}, unset=["b"])


def test_unknown_kind_is_nothing_and_a_broken_known_one_is_a_loss() -> None:
    assert read_frame('{"kind":"weather"}') is None
    for broken in ('{"kind":"ack"}', '{"kind":1}', "{}", "x", b"\xff", '{"kind":"view","version":"1","view":{}}'):
        with pytest.raises(LinkLost):
            read_frame(broken)


async def test_link_ends_by_its_code(room: Any) -> None:
    async def close(socket: Any) -> str:
        await socket.close(4409)
        return "stop"

    room.on_connect = [close]
    link = await open_link(room.url, "t", LinkSettings())
    with pytest.raises(SeatSuperseded) as ended:
        await link.serve(lambda frame: None)
    assert ended.value.facts == {"close_code": 4409}


async def test_cut_link_is_lost(room: Any) -> None:
    link = await open_link(room.url, "t", LinkSettings())
    asyncio.get_running_loop().call_soon(link.cut)
    with pytest.raises(LinkLost):
        await link.serve(lambda frame: None)


async def test_nobody_listening_is_a_loss(unused_url: str) -> None:
    with pytest.raises(LinkLost):
        await open_link(unused_url, "t", LinkSettings())


@pytest.fixture
async def unused_url() -> str:
    server = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    return f"ws://127.0.0.1:{port}/"


async def test_certificate_nobody_vouches_for_gets_no_token(tmp_path: Path) -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    async with await asyncio.start_server(listen, "127.0.0.1", 0, ssl=_own_certificate(tmp_path)) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(ServerUntrusted):
            await open_link(f"wss://localhost:{port}/", "t", LinkSettings())
    assert b"".join(heard) == b""


def _own_certificate(folder: Path) -> Any:
    import ssl
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(at - timedelta(1)).not_valid_after(at + timedelta(1))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(
        private + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
