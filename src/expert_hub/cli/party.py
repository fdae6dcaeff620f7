"""`expert-hub party`: what a party (centre, supervisor, another hub) does on its own machine, without a hub."""

import json
from pathlib import Path
from typing import Annotated

import typer

from expert_hub.cli.entry import app, out
from expert_hub.draws.chains import tip_of
from expert_hub.draws.errors import HolderExpected, RegistrationInvalid
from expert_hub.draws.escrow import Escrow, Holder, check_share, deal, open_share
from expert_hub.draws.octets import octets_of, octets_or_refuse
from expert_hub.draws.party_keys import (
    DIGEST_BYTES,
    KEY_BYTES,
    PartyKeys,
    check_name,
    create_keys,
    load_keys,
    own_link,
    save_keys,
    sign,
)
from expert_hub.draws.registration import SEALED_BYTES, read_registration, registration_of
from expert_hub.foundation.chance import Chance, SystemChance

party = typer.Typer(help="Keys and contributions of a party to draws.", no_args_is_help=True)
app.add_typer(party, name="party")

KeyFile = Annotated[Path, typer.Option("--key", help="Key file of the party.")]


@party.callback()
def _group() -> None:
    """Keys and contributions of a party to draws."""


@party.command()
def init(
    name: Annotated[str, typer.Option("--name", help="For example: centre, supervisor.")],
    out_file: Annotated[Path, typer.Option("--out", help="Key file to write; it must not exist.")],
    length: Annotated[int, typer.Option("--length", help="Links of the chain: one per draw or replacement.")] = 1024,
    escrow: Annotated[
        list[str] | None, typer.Option("--escrow", help="HOLDER=X25519KEY; once per holder of a share.")
    ] = None,
    threshold: Annotated[int, typer.Option("--threshold", help="Holders who can open the chain together.")] = 2,
) -> None:
    """Make the keys of a party; prints the public document to be registered."""
    chance = SystemChance()
    keys = create_keys(name, length, chance)
    dealt = _dealt(keys, threshold, [_holder(text) for text in escrow], chance) if escrow else None
    save_keys(out_file, keys)
    out.print(json.dumps(registration_of(keys, dealt)), markup=False)


@party.command()
def link(
    key: KeyFile, index: Annotated[int, typer.Option("--index", help="The index that the commit of the draw names.")]
) -> None:
    """Print one link of the chain. It gives away all links before it, so never print one that no commit names."""
    out.print(own_link(load_keys(key), index).hex(), markup=False)


@party.command("sign")
def sign_digest(
    key: KeyFile,
    digest: Annotated[str, typer.Argument(help="32 bytes in hexadecimal.")],
    context: Annotated[str, typer.Option("--context", help="What is signed, as the protocol names it.")],
) -> None:
    """Sign a digest; prints the signature."""
    out.print(sign(load_keys(key), context, octets_or_refuse(digest, DIGEST_BYTES, "DIGEST")).hex(), markup=False)


@party.command("open-share")
def open_sealed_share(
    key: KeyFile,
    sealed: Annotated[str, typer.Argument(help="The sealed share in hexadecimal.")],
    document: Annotated[
        Path | None, typer.Option("--document", help="Public document of the party that dealt; checks the share.")
    ] = None,
) -> None:
    """Open a share of another party's chain that was sealed to this key; prints it."""
    keys = load_keys(key)
    share = open_share(keys.sealing_key, octets_or_refuse(sealed, SEALED_BYTES, "SEALED"))
    if document is not None:
        _check(keys, share, document)
    out.print(share.hex(), markup=False)


def _dealt(keys: PartyKeys, threshold: int, holders: list[Holder], chance: Chance) -> Escrow:
    return deal(keys.root, tip_of(keys.root, keys.length), threshold, holders, chance)


def _holder(text: str) -> Holder:
    name, _, key = text.partition("=")
    octets = octets_of(key, KEY_BYTES)
    if octets is None:
        raise HolderExpected(text=text)
    check_name(name)
    return Holder(name, octets)


def _check(keys: PartyKeys, share: bytes, document: Path) -> None:
    try:
        dealer = read_registration(json.loads(document.read_bytes()))
    except (ValueError, RecursionError):
        raise RegistrationInvalid(field="form") from None
    names = (
        [dealt.holder.name for dealt in dealer.escrow.shares if dealt.holder.key == keys.x25519]
        if dealer.escrow
        else []
    )
    if dealer.escrow is None or not names:
        raise RegistrationInvalid(field="escrow")
    check_share(dealer.escrow, names[0], share, dealer.tip)
