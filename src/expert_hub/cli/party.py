"""`expert-hub party`: what a party (centre, supervisor, another hub) does on its own machine, without a hub."""

import asyncio
import json
import signal
from pathlib import Path
from typing import Annotated, Any

import typer

from expert_hub.cli.entry import app, out, run
from expert_hub.draws.contributors.chains import tip_of
from expert_hub.draws.contributors.escrow import Escrow, Holder, check_share, deal, open_share
from expert_hub.draws.contributors.party_keys import (
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
from expert_hub.draws.contributors.registration import SEALED_BYTES, read_registration, registration_of
from expert_hub.draws.errors import HolderExpected, RegistrationInvalid
from expert_hub.draws.octets import octets_of, octets_or_refuse
from expert_hub.foundation.chance import Chance, SystemChance
from expert_hub.foundation.clock import SystemClock
from expert_hub.party_agent.visit import Visit, at_hub

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


@party.command()
def attend(
    key: KeyFile,
    url: Annotated[str, typer.Option("--url", help="Address of the hub, such as https://hub.example.")],
    username: Annotated[str, typer.Option("--username", help="Account of the party at the hub.")],
    password: Annotated[
        str, typer.Option("--password", envvar="EXPERT_HUB_PARTY_PASSWORD", prompt=True, hide_input=True)
    ],
    register: Annotated[
        Path | None, typer.Option("--register", help="Register this public document of the party first.")
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Take what waits now and end.")] = False,
) -> None:
    """Sign, cosign and reveal for the party whenever a draw waits for it, until Ctrl-C."""
    document = None if register is None else json.loads(register.read_bytes())
    run(_attended(Visit(load_keys(key), key.with_suffix(".seen.json"), url, (username, password)), document, once=once))


@party.command()
def close(
    key: KeyFile,
    url: Annotated[str, typer.Option("--url", help="Address of the hub.")],
    username: Annotated[str, typer.Option("--username", help="Account of the party at the hub.")],
    password: Annotated[
        str, typer.Option("--password", envvar="EXPERT_HUB_PARTY_PASSWORD", prompt=True, hide_input=True)
    ],
    draw_id: Annotated[str, typer.Argument(metavar="DRAW", help="Identifier of the draw.")],
) -> None:
    """Cosign the end of a draw, so that its transcript exists."""
    run(_closed(Visit(load_keys(key), key.with_suffix(".seen.json"), url, (username, password)), draw_id))


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


async def _attended(visit: Visit, document: dict[str, Any] | None, *, once: bool) -> None:
    async with at_hub(visit, SystemClock()) as agent:
        if document is not None:
            await agent.hand_in(document)
        if once:
            for line in await agent.step():
                out.print(line, markup=False)
            return
        stop = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await agent.attend(lambda line: out.print(line, markup=False), stop)


async def _closed(visit: Visit, draw_id: str) -> None:
    async with at_hub(visit, SystemClock()) as agent:
        await agent.close(draw_id)


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
