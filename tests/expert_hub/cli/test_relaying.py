"""`expert-hub relay`: credentials are shown once, and a relay that cannot run says why."""

import re
from pathlib import Path
from typing import Any

from expert_hub.sample.writer import write_sample


def test_a_credential_is_made_listed_and_revoked(expert_hub: Any, tmp_path: Path, clock: Any) -> None:
    sample = write_sample(tmp_path / "sample", 50, 5, clock.now())
    assert expert_hub.run("venues", "import", sample.venues).code == 0
    made = expert_hub.run("--lang", "en", "relay", "add", "--venue", "zhanjiang")
    shown = re.fullmatch(r"Credential of the relay \(shown once\): (ehr1\.([0-9a-f]{32})\.[0-9a-f]{64})\n", made.out)
    assert shown, made
    listed = expert_hub.run("relay", "list").out
    assert listed == f"{shown[2]}\tzhanjiang\t-\n"
    assert expert_hub.run("--lang", "en", "relay", "revoke", shown[2]).out == f"Relay {shown[2]} is revoked.\n"
    assert expert_hub.run("relay", "list").out == f"{shown[2]}\tzhanjiang\t-\trevoked\n"
    assert expert_hub.refused("relay", "revoke", shown[2])[0] == "rooms/relay-unknown"
    assert expert_hub.refused("relay", "add", "--venue", "nowhere")[0] == "rooms/relay-venue-unknown"


def test_a_relay_that_cannot_run_says_why(command_line: Any, tmp_path: Path) -> None:
    key = {"EXPERT_HUB_RELAY_CREDENTIAL": "ehr1.x.y"}
    upstream = ("--upstream", "wss://hub.example")
    for arguments, env in (
        (("relay",), key),
        (("relay", "--upstream", "https://hub.example"), key),
        (("relay", *upstream), {}),
        (("relay", *upstream, "--listen", "8100"), key),
        (("relay", *upstream, "--listen", "0.0.0.0:8100"), key),
    ):
        assert command_line.refused(*arguments, **env)[0] == "relay/misconfigured"
    (tmp_path / "other").write_bytes(b"no outbox" * 200)
    refused = command_line.refused("relay", *upstream, "--store", tmp_path / "other", **key)
    assert refused[0] == "relay/store-unreadable"
