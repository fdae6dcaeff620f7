import json
from typing import Any

import pytest

from expert_hub.draws.contributors.chains import tip_of
from expert_hub.draws.contributors.escrow import Holder, deal
from expert_hub.draws.contributors.party_keys import create_keys
from expert_hub.draws.contributors.registration import read_registration, registration_of
from expert_hub.draws.errors import EscrowPlanInvalid, PartyNameInvalid, RegistrationInvalid
from expert_hub.foundation.chance import SeededChance

KEYS = create_keys("supervisor", 8, SeededChance("keys"))
OTHER = create_keys("supervisor", 8, SeededChance("other"))
TIP = tip_of(KEYS.root, 8)
HOLDERS = [Holder(f"holder-{seed}", create_keys("h", 1, SeededChance(seed)).x25519) for seed in "abc"]
ESCROW = deal(KEYS.root, TIP, 2, HOLDERS, SeededChance("deal"))


def document(**change: Any) -> dict[str, Any]:
    return json.loads(json.dumps(registration_of(KEYS, ESCROW))) | change


def test_a_registration_is_read_as_it_was_written() -> None:
    found = read_registration(document())
    assert (found.party, found.ed25519, found.x25519) == ("supervisor", KEYS.ed25519, KEYS.x25519)
    assert (found.tip, found.length, found.escrow) == (TIP, 8, ESCROW)
    assert read_registration(json.loads(json.dumps(registration_of(KEYS, None)))).escrow is None


def test_no_secret_is_in_the_document() -> None:
    text = json.dumps(document())
    for secret in (KEYS.signing, KEYS.root, KEYS.sealing_key.private_bytes_raw()):
        assert secret.hex() not in text


@pytest.mark.parametrize(
    "change",
    [
        {"party": "centre"},
        {"ed25519": OTHER.ed25519.hex()},
        {"x25519": OTHER.x25519.hex()},
        {"chain": {"tip": TIP.hex(), "length": 9}},
        {"chain": {"tip": "00" * 32, "length": 8}},
        {"escrow": None},
        {"signature": registration_of(OTHER, ESCROW)["signature"]},
    ],
    ids=str,
)
def test_a_changed_registration_is_not_signed(change: dict[str, Any]) -> None:
    with pytest.raises(RegistrationInvalid) as refused:
        read_registration(document(**change))
    assert refused.value.facts == {"field": "signature"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"more": 1}, "form"),
        ({"party": 5}, "form"),
        ({"chain": None}, "form"),
        ({"chain": {"tip": TIP.hex(), "length": 8.5}}, "form"),
        ({"chain": {"tip": TIP.hex(), "length": 0}}, "length"),
        ({"chain": {"tip": TIP.hex(), "length": 10**30}}, "length"),
        ({"chain": {"tip": TIP.hex()[2:], "length": 8}}, "tip"),
        ({"ed25519": KEYS.ed25519.hex().upper()}, "ed25519"),
        ({"x25519": "zz" * 32}, "x25519"),
        ({"signature": ""}, "signature"),
    ],
    ids=str,
)
def test_what_has_another_form_is_refused_by_the_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(RegistrationInvalid) as refused:
        read_registration(document(**change))
    assert refused.value.facts == {"field": field}


@pytest.mark.parametrize("given", [None, [], "text", 5, {}])
def test_what_is_no_document_is_refused(given: object) -> None:
    with pytest.raises(RegistrationInvalid):
        read_registration(given)


def test_an_escrow_is_checked_before_anybody_relies_on_it() -> None:
    shares = document()["escrow"]["shares"]
    with pytest.raises(EscrowPlanInvalid):
        read_registration(document(escrow={"threshold": 1, "shares": shares}))
    with pytest.raises(EscrowPlanInvalid):
        read_registration(document(escrow={"threshold": 2, "shares": [shares[0], shares[0]]}))
    with pytest.raises(PartyNameInvalid):
        read_registration(document(escrow={"threshold": 2, "shares": [shares[0] | {"holder": "\ud800"}, *shares[1:]]}))
    with pytest.raises(RegistrationInvalid):
        read_registration(document(escrow={"threshold": 2, "shares": [shares[0] | {"sealed": "00"}, *shares[1:]]}))


def test_a_name_that_is_no_identifier_is_refused() -> None:
    with pytest.raises(PartyNameInvalid):
        read_registration(document(party="监督"))
