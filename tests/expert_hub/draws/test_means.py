"""The keys of a hub are made once and stay with it."""

from pathlib import Path

import pytest

from expert_hub.app import Hub
from expert_hub.draws.errors import PartyKeyFileOpen
from expert_hub.draws.means import centre_keys, log_signer
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.rule_packs import CENTRE_PACK


def test_keys_are_made_on_first_use_for_their_owner_only_and_kept(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    first = centre_keys(folder, SeededChance("a")), log_signer(folder, "hub", SeededChance("b")).public
    again = centre_keys(folder, SeededChance("c")), log_signer(folder, "hub", SeededChance("d")).public
    assert first == again
    assert {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()} == {
        "centre.party.json": 0o600,
        "ledger-signing.key": 0o600,
    }


def test_a_key_file_that_others_read_is_refused(tmp_path: Path) -> None:
    centre_keys(tmp_path, SeededChance("a"))
    (tmp_path / "centre.party.json").chmod(0o644)
    with pytest.raises(PartyKeyFileOpen):
        centre_keys(tmp_path, SeededChance("a"))


def test_a_verifier_asks_of_a_no_answer_what_the_centre_grants(hub: Hub) -> None:
    limit = hub.packs[CENTRE_PACK].span("expert.answer_limit")
    assert hub.means.limits.answer_s == limit.total_seconds() == 600
