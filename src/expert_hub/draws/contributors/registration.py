"""The public document of a party: its keys, the tip of its chain, and the escrow of the chain's root, signed by itself.

`{party, ed25519, x25519, chain: {tip, length}, escrow, signature}`, where escrow is null or
`{threshold, shares: [{holder, x25519, commitment, sealed}]}`; all bytes in lower-case hexadecimal. The signature is
that of `h("registration", canonical JSON of the document without "signature")` with the context "registration".
"""

from dataclasses import dataclass
from typing import Any

import msgspec

from expert_hub.draws.contributors.chains import MAX_LENGTH, tip_of
from expert_hub.draws.contributors.escrow import SHARE_BYTES, DealtShare, Escrow, Holder, check_plan
from expert_hub.draws.contributors.party_keys import (
    KEY_BYTES,
    SIGNATURE_BYTES,
    PartyKeys,
    check_name,
    sign,
    verify_signature,
)
from expert_hub.draws.errors import RegistrationInvalid
from expert_hub.draws.octets import octets_of
from scheduling.canonical import encode
from scheduling.seed import h

CONTEXT = "registration"
SEALED_BYTES = KEY_BYTES + SHARE_BYTES + 16


@dataclass(frozen=True, slots=True)
class Registration:
    """A document whose form and signature were checked."""

    party: str
    ed25519: bytes
    x25519: bytes
    tip: bytes
    length: int
    escrow: Escrow | None


class _Chain(msgspec.Struct, forbid_unknown_fields=True):
    tip: str
    length: int


class _Share(msgspec.Struct, forbid_unknown_fields=True):
    holder: str
    x25519: str
    commitment: str
    sealed: str


class _Escrow(msgspec.Struct, forbid_unknown_fields=True):
    threshold: int
    shares: list[_Share]


class _Document(msgspec.Struct, forbid_unknown_fields=True):
    party: str
    ed25519: str
    x25519: str
    chain: _Chain
    escrow: _Escrow | None
    signature: str


def registration_of(keys: PartyKeys, escrow: Escrow | None) -> dict[str, Any]:
    """The document that a party hands to the hub."""
    body: dict[str, Any] = {
        "party": keys.party,
        "ed25519": keys.ed25519.hex(),
        "x25519": keys.x25519.hex(),
        "chain": {"tip": tip_of(keys.root, keys.length).hex(), "length": keys.length},
        "escrow": None if escrow is None else _escrow_body(escrow),
    }
    return body | {"signature": sign(keys, CONTEXT, _digest_of(body)).hex()}


def read_registration(document: object) -> Registration:
    """Check a document from outside.

    Args:
        document: nested builtins.

    Raises:
        RegistrationInvalid: `field` says what is wrong: the form, a value, or the signature.
        PartyNameInvalid: a name of the party or of a holder.
        EscrowPlanInvalid: an escrow that one person could open, or nobody.
    """
    try:
        given = msgspec.convert(document, type=_Document)
    except msgspec.ValidationError:
        raise RegistrationInvalid(field="form") from None
    check_name(given.party)
    if not 1 <= given.chain.length <= MAX_LENGTH:
        raise RegistrationInvalid(field="length")
    found = Registration(
        given.party,
        _octets(given.ed25519, "ed25519", KEY_BYTES),
        _octets(given.x25519, "x25519", KEY_BYTES),
        _octets(given.chain.tip, "tip", KEY_BYTES),
        given.chain.length,
        None if given.escrow is None else _escrow(given.escrow),
    )
    body = {name: value for name, value in msgspec.to_builtins(given).items() if name != "signature"}
    signature = _octets(given.signature, "signature", SIGNATURE_BYTES)
    if not verify_signature(found.ed25519, CONTEXT, _digest_of(body), signature):
        raise RegistrationInvalid(field="signature")
    return found


def _digest_of(body: dict[str, Any]) -> bytes:
    return h("registration", encode(body))


def _escrow_body(escrow: Escrow) -> dict[str, Any]:
    shares = [
        {
            "holder": dealt.holder.name,
            "x25519": dealt.holder.key.hex(),
            "commitment": dealt.commitment.hex(),
            "sealed": dealt.sealed.hex(),
        }
        for dealt in escrow.shares
    ]
    return {"threshold": escrow.threshold, "shares": shares}


def _escrow(given: _Escrow) -> Escrow:
    shares = tuple(
        DealtShare(
            Holder(share.holder, _octets(share.x25519, "escrow", KEY_BYTES)),
            _octets(share.commitment, "escrow", KEY_BYTES),
            _octets(share.sealed, "escrow", SEALED_BYTES),
        )
        for share in given.shares
    )
    for dealt in shares:
        check_name(dealt.holder.name)
    check_plan(given.threshold, [dealt.holder for dealt in shares])
    return Escrow(given.threshold, shares)


def _octets(text: str, field: str, length: int) -> bytes:
    found = octets_of(text, length)
    if found is None or text != text.lower():
        raise RegistrationInvalid(field=field)
    return found
