"""Rounds are planned ahead, asked for where they come from, and taken by hand where no line leads."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from expert_hub.draws.beacons.beacon import RoundFound, RoundNotYet, RoundUnreachable
from expert_hub.draws.beacons.beacon_chains import DEFAULT, QUICKNET, time_of_round
from expert_hub.draws.beacons.beacon_desk import BeaconDesk, open_desk
from expert_hub.draws.beacons.private_beacon import load_beacon_secret, sign_round
from expert_hub.draws.errors import BeaconRoundMalformed, BeaconSignatureInvalid, BeaconUnknown
from expert_hub.foundation.chance import SeededChance
from expert_hub.foundation.clock import FixedClock
from expert_hub.foundation.settings import Settings


def desk_of(tmp_path: Path, clock: FixedClock, *beacons: str) -> BeaconDesk:
    settings = Settings(var_dir=tmp_path, beacons=list(beacons), own_beacon_period_s=3, beacon_lead_s=60)  # type: ignore[arg-type]
    return open_desk(settings, tmp_path / "keys", clock, SeededChance("beacon"))


def test_each_source_is_planned_after_the_lead_in_the_order_of_the_settings(tmp_path: Path, clock: FixedClock) -> None:
    desk = desk_of(tmp_path, clock, "quicknet", "default", "own")
    plan = desk.plan(clock.now(), alone=True)
    assert [item.level for item in plan] == ["public", "public", "federated", "parties"]
    assert [listed.chain for listed in desk.listed[:2]] == [QUICKNET, DEFAULT]
    for item in plan[:-1]:
        due = desk.due_at(item.chain or "", item.round or 0)
        period = timedelta(seconds=desk.chain(item.chain or "").period_s)
        assert clock.now() + timedelta(seconds=60) < due <= clock.now() + timedelta(seconds=60) + period
        assert item.deadline == due + timedelta(seconds=1800)


def test_the_parties_alone_stand_in_the_plan_only_where_they_are_enough_or_nothing_else_is(
    tmp_path: Path, clock: FixedClock
) -> None:
    assert [item.level for item in desk_of(tmp_path, clock, "own").plan(clock.now(), alone=False)] == ["federated"]
    assert [item.level for item in desk_of(tmp_path, clock).plan(clock.now(), alone=False)] == ["parties"]


async def test_the_own_beacon_answers_in_its_time_and_never_before(tmp_path: Path, clock: FixedClock) -> None:
    desk = desk_of(tmp_path, clock, "own")
    (item,) = desk.plan(clock.now(), alone=False)
    assert isinstance(await desk.ask(item.chain or "", item.round or 0), RoundNotYet)
    clock.at = desk.due_at(item.chain or "", item.round or 0)
    assert isinstance(await desk.ask(item.chain or "", item.round or 0), RoundFound)
    latest = await desk.latest(clock.now())
    assert latest is not None
    assert (latest.level, latest.round) == ("federated", item.round)
    assert desk_of(tmp_path, clock, "own").listed == desk.listed


async def test_without_a_line_nothing_is_known(tmp_path: Path, clock: FixedClock) -> None:
    desk = desk_of(tmp_path, clock, "quicknet")
    assert await desk.latest(clock.now()) is None
    assert isinstance(await desk.ask(QUICKNET.chain_hash, 1), RoundUnreachable)
    assert isinstance(await desk.ask("0" * 64, 1), RoundUnreachable)
    with pytest.raises(BeaconUnknown):
        desk.due_at("0" * 64, 1)


async def test_by_hand_only_the_very_round_is_taken(tmp_path: Path, clock: FixedClock) -> None:
    desk = desk_of(tmp_path, clock, "own")
    chain = desk.listed[0].chain
    secret = load_beacon_secret(tmp_path / "keys", SeededChance("beacon"))
    signed = sign_round(secret, chain, 7)
    assert await desk.by_hand(chain.chain_hash, 7, f" {signed.signature.hex()}\n") == signed
    with pytest.raises(BeaconSignatureInvalid):
        await desk.by_hand(chain.chain_hash, 8, signed.signature.hex())
    with pytest.raises(BeaconRoundMalformed):
        await desk.by_hand(chain.chain_hash, 7, "no round")


def test_rounds_of_quicknet_come_every_three_seconds() -> None:
    assert time_of_round(QUICKNET, 2) - time_of_round(QUICKNET, 1) == timedelta(seconds=3)
    assert time_of_round(QUICKNET, 1) == datetime.fromtimestamp(QUICKNET.genesis, UTC)
