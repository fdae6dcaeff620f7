"""Draws step by step over the service, each step in a transaction of its own: every test stops where it looks."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from expert_hub.app import Hub
from expert_hub.draws import ceremony, record, rounds, service, store
from expert_hub.draws.beacons.beacon_desk import value_of
from expert_hub.draws.beacons.private_beacon import load_beacon_secret, sign_round
from expert_hub.draws.calling import invitations
from expert_hub.draws.contributors import attestations, parties
from expert_hub.draws.contributors.escrow import Escrow
from expert_hub.draws.contributors.party_keys import PartyKeys, create_keys, own_link, sign
from expert_hub.draws.contributors.registration import registration_of
from expert_hub.draws.contributors.sealed_box import open_sealed
from expert_hub.draws.means import Means
from expert_hub.draws.preparing import requesting
from expert_hub.draws.tables import Draw, DrawPosition, DrawRound, Invitation
from expert_hub.experts.importing import ImportContext, import_catalogue, import_library
from expert_hub.foundation.chance import SeededChance
from expert_hub.identity.rules import Actor, Role
from expert_hub.ledger.notes import Signer, cosignature, read
from expert_hub.listings.rules import TenderForm
from expert_hub.listings.service import register
from expert_hub.sample.tender import tender_document
from scheduling.transcript import BeaconValue, commit_digest
from scheduling.verify_draw import Verdict, verify

CENTRE = Actor("c" * 32, "centre", frozenset({Role.CENTRE_OPERATOR}))
SUPERVISOR = Actor("5" * 32, "supervisor", frozenset({Role.SUPERVISOR}))
AUDITOR = Actor("a" * 32, "auditor", frozenset({Role.AUDITOR}))
ACTORS = {"supervisor": SUPERVISOR, "auditor": AUDITOR}


@dataclass
class Ceremonies:
    """A hub with a library, its parties' keys, and as many lots as are asked for."""

    hub: Hub
    keys: dict[str, PartyKeys] = field(default_factory=dict)
    lots: int = 0
    changes: dict[str, Any] = field(default_factory=dict)

    @property
    def means(self) -> Means:
        """Those of the hub, with what the test changes."""
        return msgspec.structs.replace(self.hub.means, **self.changes)

    async def do(self, use_case: Callable[..., Awaitable[Any]], *arguments: Any) -> Any:
        """A use case that takes session and means, committed."""
        async with self.hub.database.write() as session:
            return await use_case(session, self.means, *arguments)

    async def party(self, name: str, escrow: Escrow | None = None, keys: PartyKeys | None = None) -> PartyKeys:
        """Keys of a party, registered."""
        self.keys[name] = keys or create_keys(name, 512, SeededChance(f"keys of {name}"))
        await self.do(parties.register, ACTORS[name], registration_of(self.keys[name], escrow))
        return self.keys[name]

    async def lot(self, **committee: Any) -> str:
        """A new lot; each is evaluated on a day of its own."""
        self.lots += 1
        document: Any = tender_document(self.hub.clock.now() + timedelta(days=2 * self.lots))
        for part in ("project", "lot"):
            document[part]["code"] += f"-{self.lots}"
        document["committee"].update(committee)
        form = msgspec.convert(document, TenderForm, strict=False)
        async with self.hub.database.write() as session:
            _, lot = await register(session, self.hub.clock, self.hub.chance, self.hub.packs, form)
        return str(lot.id)

    async def request(self, lot_id: str | None = None, contributors: Sequence[str] = ()) -> str:
        order = requesting.DrawOrder(lot_id or await self.lot(), "三楼", "020-00000000", list(contributors))
        draw = await self.do(requesting.request_draw, CENTRE, order)
        return str(draw.id)

    async def propose(self, draw_id: str, latest: BeaconValue | None = None) -> bytes:
        """Digest of what the supervisor is asked to sign."""
        _, body = await self.do(ceremony.propose, SUPERVISOR, draw_id, latest)
        return bytes.fromhex(commit_digest(body))

    def signed(self, digest: bytes) -> bytes:
        return sign(self.keys["supervisor"], ceremony.COMMIT, digest)

    async def commit(self, draw_id: str, latest: BeaconValue | None = None) -> None:
        digest = await self.propose(draw_id, latest)
        await self.do(ceremony.commit_draw, SUPERVISOR, draw_id, self.signed(digest))

    async def round(self, draw_id: str, number: int) -> DrawRound:
        async with self.hub.database.read() as session:
            found = [row for row in await store.rounds_of(session, draw_id) if row.number == number]
        return found[0]

    async def cosignature(self, draw_id: str, number: int, by: str = "supervisor", at: datetime | None = None) -> str:
        checkpoint, _ = read((await self.round(draw_id, number)).checkpoint)
        at = at or self.hub.clock.now()
        return cosignature(checkpoint, Signer(by, self.keys[by].signing_key), int(at.timestamp()))

    async def cosign(self, draw_id: str, number: int = 0) -> None:
        await self.do(ceremony.cosign, (draw_id, number), await self.cosignature(draw_id, number))

    async def contribution(self, draw_id: str, number: int, party: str) -> rounds.Contribution:
        links = (await self.round(draw_id, number)).links
        index = next(link["index"] for link in links if link["party"] == party)
        share = await self.share(draw_id) if party == "supervisor" else None
        return rounds.Contribution(party, own_link(self.keys[party], index), share)

    async def share(self, draw_id: str) -> bytes:
        """The supervisor's half of the key of the pool."""
        sealed = (await self.draw(draw_id)).key_supervisor_sealed
        return open_sealed(self.keys["supervisor"].sealing_key, sealed, rounds.KEY_CONTEXT)

    async def link(self, draw_id: str, number: int = 0, party: str = "supervisor") -> None:
        given = await self.contribution(draw_id, number, party)
        await self.do(rounds.contribute, ACTORS[party], (draw_id, number), given)

    async def beacon(self, draw_id: str, number: int = 0) -> BeaconValue | None:
        """The round that a drawing waits for, at its time."""
        awaited = rounds.beacon_awaited(await self.round(draw_id, number))
        if awaited is None:
            return None
        level, chain, at = awaited
        due = self.means.desk.due_at(chain, at)
        self.hub.clock.at = max(self.hub.clock.at, due + timedelta(milliseconds=1))
        secret = load_beacon_secret(self.hub.settings.effective_keys_dir, self.hub.chance)
        signed = await asyncio.to_thread(sign_round, secret, self.means.desk.chain(chain), at)
        return value_of(level, chain, signed)

    async def settle(self, draw_id: str, number: int = 0) -> None:
        await self.do(ceremony.settle_beacon, (draw_id, number), await self.beacon(draw_id, number))

    async def contribute(self, draw_id: str, number: int = 0) -> None:
        """Cosignature and every link; then only the beacon is awaited."""
        await self.cosign(draw_id, number)
        for link in (await self.round(draw_id, number)).links[1:]:
            await self.link(draw_id, number, link["party"])

    async def finish(self, draw_id: str, number: int = 0) -> None:
        """From the opened drawing to the invitations."""
        await self.contribute(draw_id, number)
        await self.settle(draw_id, number)

    async def drawn(self, lot_id: str | None = None, contributors: Sequence[str] = ()) -> str:
        """A draw whose panel is invited."""
        draw_id = await self.request(lot_id, contributors)
        await self.commit(draw_id)
        await self.finish(draw_id)
        return draw_id

    async def replace(self, draw_id: str) -> int:
        """Draw for the empty seats. Returns the number of the drawing."""
        await self.do(ceremony.open_replacement, SUPERVISOR, draw_id)
        async with self.hub.database.read() as session:
            rows = await store.rounds_of(session, draw_id)
        if rows[-1].state != "drawn":
            await self.finish(draw_id, rows[-1].number)
        return rows[-1].number

    async def draw(self, draw_id: str) -> Draw:
        async with self.hub.database.read() as session:
            return await service.draw_named(session, draw_id)

    async def state(self, draw_id: str) -> str:
        return (await self.draw(draw_id)).state

    async def positions(self, draw_id: str) -> list[DrawPosition]:
        async with self.hub.database.read() as session:
            return await store.positions_of(session, draw_id)

    async def held(self, draw_id: str) -> dict[int, DrawPosition]:
        """The newest holder of each seat."""
        rows = [row for row in await self.positions(draw_id) if row.seat is not None]
        return {row.seat or 0: row for row in sorted(rows, key=lambda row: row.number)}

    async def code(self, position: DrawPosition) -> str:
        async with self.hub.database.read() as session:
            rows: list[Invitation] = await store.invitations_of(session, position.draw_id)
        row = next(row for row in rows if row.position_id == position.id)
        return self.hub.vault.open(row.code_sealed or b"")

    async def answer(self, position: DrawPosition, *, accept: bool, insist: bool = False) -> invitations.Answered:
        code = await self.code(position)
        async with self.hub.database.write() as session:
            return await invitations.answer(session, self.means, code, accept=accept, insist=insist)

    async def accept_all(self, draw_id: str) -> None:
        """Everybody who was asked and has not answered accepts."""
        for position in (await self.held(draw_id)).values():
            if position.outcome == "invited":
                await self.answer(position, accept=True)

    async def decline(self, draw_id: str, *seats: int) -> None:
        held = await self.held(draw_id)
        for seat in seats:
            await self.answer(held[seat], accept=False)

    async def attest(self, draw_id: str) -> None:
        """The supervisor signs every outcome that needs it."""
        async with self.hub.database.write() as session:
            draw = await service.draw_named(session, draw_id)
            for row in await attestations.unattested(session, draw):
                digest = attestations.outcome_of(draw, row)
                signature = sign(self.keys["supervisor"], attestations.OUTCOME, digest)
                await attestations.attest(session, SUPERVISOR, (draw_id, row.number, row.seat or 0), signature)

    async def close(self, draw_id: str) -> str:
        """The transcript of a draw."""
        draw = await self.do(record.open_closing, SUPERVISOR, draw_id)
        checkpoint, _ = read(draw.closing)
        signer = Signer("supervisor", self.keys["supervisor"].signing_key)
        line = cosignature(checkpoint, signer, int(self.hub.clock.now().timestamp()))
        return str((await self.do(record.close, SUPERVISOR, draw_id, line)).transcript)

    async def verdict(self, draw_id: str, *published: str) -> Verdict:
        """What a stranger says about the closed draw."""
        transcript = await self.close(draw_id)
        draw = await self.draw(draw_id)
        async with self.hub.database.read() as session:
            policy = await ceremony.policy_text(session, draw.policy or "")
        return await asyncio.to_thread(verify, transcript.encode(), policy.encode(), published)


async def ceremonies_on(hub: Hub, sample: Any) -> Ceremonies:
    """A hub with the sample library and a registered supervisor."""
    async with hub.database.write() as session:
        await import_catalogue(session, hub.clock)
        await import_library(session, sample.experts, ImportContext(hub.clock, hub.chance, hub.vault))
    made = Ceremonies(hub)
    await made.party("supervisor")
    return made
