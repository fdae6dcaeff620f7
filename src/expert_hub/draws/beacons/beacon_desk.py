"""The chains that draws of this hub may use, in the order of preference, and where their rounds come from."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from expert_hub.draws.beacons.beacon import (
    Beacon,
    BeaconRound,
    RoundAnswer,
    RoundFound,
    RoundUnreachable,
    round_by_hand,
)
from expert_hub.draws.beacons.beacon_chains import DEFAULT, QUICKNET, BeaconChain, round_at, time_of_round
from expert_hub.draws.beacons.beacon_client import RelayBeacon
from expert_hub.draws.beacons.private_beacon import PrivateBeacon, load_beacon_secret, own_chain
from expert_hub.draws.errors import BeaconUnknown
from expert_hub.draws.policy import FEDERATED, PARTIES, PUBLIC, ListedBeacon
from expert_hub.foundation.chance import Chance
from expert_hub.foundation.clock import Clock
from expert_hub.foundation.settings import Settings
from scheduling.commitment import PlanItem
from scheduling.transcript import BeaconValue

OWN = "own"
# Round 1 of a hub's own beacon: any instant before the first draw will do, and it must never change.
_OWN_GENESIS = 1_767_225_600
_KNOWN = {"quicknet": QUICKNET, "default": DEFAULT}


class BeaconDesk:
    """Plans rounds ahead and asks for them when they are due.

    Args:
        sources: chains with their level and where their rounds come from, best first.
        lead: from now to the round that a draw waits for.
        patience: from that round to the moment when the next source may be used.
    """

    def __init__(self, sources: Sequence[tuple[ListedBeacon, Beacon]], lead: timedelta, patience: timedelta) -> None:
        self._sources = list(sources)
        self._lead, self._patience = lead, patience

    @property
    def listed(self) -> list[ListedBeacon]:
        """The chains for the policy."""
        return [listed for listed, _ in self._sources]

    def plan(self, now: datetime, *, alone: bool) -> tuple[PlanItem, ...]:
        """Sources of randomness for a draw that is committed now.

        Args:
            now: the present.
            alone: whether the parties are enough by themselves, as the last resort.
        """
        items = []
        for listed, _ in self._sources:
            number = round_at(listed.chain, now + self._lead) + 1
            deadline = time_of_round(listed.chain, number) + self._patience
            items.append(PlanItem(listed.level, listed.chain.chain_hash, number, deadline))
        return (*items, PlanItem(PARTIES)) if alone or not items else tuple(items)

    def chain(self, chain_hash: str) -> BeaconChain:
        """The chain with this hash.

        Raises:
            BeaconUnknown: draws of this hub do not use it.
        """
        for listed, _ in self._sources:
            if listed.chain.chain_hash == chain_hash:
                return listed.chain
        raise BeaconUnknown(chain=chain_hash)

    def due_at(self, chain_hash: str, number: int) -> datetime:
        """When a round is published."""
        return time_of_round(self.chain(chain_hash), number)

    async def ask(self, chain_hash: str, number: int) -> RoundAnswer:
        """The round, from the first source that has it."""
        for listed, source in self._sources:
            if listed.chain.chain_hash == chain_hash:
                return await source.ask(listed.chain, number)
        return RoundUnreachable()

    async def by_hand(self, chain_hash: str, number: int, text: str) -> BeaconRound:
        """The round that somebody carried in.

        Raises:
            HubError: the text is not that round.
        """
        found = await asyncio.to_thread(round_by_hand, self.chain(chain_hash), number, text)
        return found.round

    async def latest(self, now: datetime) -> BeaconValue | None:
        """A round that is known now: proof that a commitment was not written before it. None without a line."""
        for listed, source in self._sources:
            number = round_at(listed.chain, now)
            answer = await source.ask(listed.chain, number) if number else None
            if isinstance(answer, RoundFound):
                return value_of(listed.level, listed.chain.chain_hash, answer.round)
        return None


def value_of(level: str, chain_hash: str, found: BeaconRound) -> BeaconValue:
    """A round as the protocol writes it."""
    return BeaconValue(level, chain_hash, found.number, found.signature.hex(), found.previous.hex() or None)


def open_desk(settings: Settings, keys_dir: Path, clock: Clock, chance: Chance) -> BeaconDesk:
    """The desk that the settings describe."""
    sources: list[tuple[ListedBeacon, Beacon]] = []
    for name in settings.beacons:
        if name == OWN:
            secret = load_beacon_secret(keys_dir, chance)
            chain = own_chain(settings.origin, secret, settings.own_beacon_period_s, _OWN_GENESIS)
            sources.append((ListedBeacon(FEDERATED, chain), PrivateBeacon(secret, chain, clock)))
        else:
            sources.append((ListedBeacon(PUBLIC, _KNOWN[name]), RelayBeacon(tuple(settings.beacon_relays))))
    lead, patience = timedelta(seconds=settings.beacon_lead_s), timedelta(seconds=settings.beacon_patience_s)
    return BeaconDesk(sources, lead, patience)
