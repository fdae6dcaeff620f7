"""A folder and a bucket: the bucket is served by another process on a real socket."""

import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from expert_hub.foundation.settings import Settings

_SERVER = """
import sys
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple("127.0.0.1", int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=True)
"""


@pytest.fixture(scope="session")
def s3_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path_factory.mktemp("s3") / "log").open("wb")
    server = subprocess.Popen([sys.executable, "-c", _SERVER, str(port)], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        _await_answer(address, server)
        yield address
    finally:
        server.kill()
        server.wait()
        log.close()


def _await_answer(address: str, server: subprocess.Popen[bytes]) -> None:
    with httpx.Client() as client:
        for _ in range(1200):
            assert server.poll() is None, "the S3 server ended"
            try:
                client.get(address)
                return
            except httpx.TransportError:
                time.sleep(0.05)
    raise AssertionError("the S3 server does not answer")


@pytest.fixture(params=["folder", "bucket"])
async def storage_settings(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    """Settings of a storage that is empty."""
    if request.param == "folder":
        yield {"documents_dir": tmp_path / "documents"}
        return
    address, bucket = request.getfixturevalue("s3_address"), f"bids-{tmp_path.name[-40:].lower().replace('_', '-')}"
    async with httpx.AsyncClient(base_url=address) as client:
        (await client.put(f"/{bucket}")).raise_for_status()
    yield {
        "documents_dir": tmp_path / "documents",
        "documents_bucket": bucket,
        "documents_prefix": "hub/documents",
        "documents_endpoint": address,
        "documents_key_id": SecretStr("key"),
        "documents_key": SecretStr("secret"),
    }


@pytest.fixture
def document_settings(storage_settings: dict[str, Any], tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path / "var", documents_max_mib=16, **storage_settings)
