from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expert_hub.draws.beacons import bls
from expert_hub.draws.beacons.beacon_chains import (
    DEFAULT,
    PUBLIC_CHAINS,
    QUICKNET,
    BeaconChain,
    chain_hash_of,
    round_at,
    time_of_round,
)
from expert_hub.draws.errors import BeaconChainInvalid, BeaconRoundOutOfRange

FOUNDED_BY = {
    QUICKNET: "f477d5c89f21a17c863a7f937c6a6d15859414d2be09cd448d4279af331c5d3e",
    DEFAULT: "176f93498eac9ca337150b46d21dd58673ea4e3581185f869672e59fa4cb390a",
}


@pytest.mark.parametrize(("chain", "group_hash"), FOUNDED_BY.items(), ids=lambda value: getattr(value, "name", ""))
def test_the_pinned_constants_give_the_published_chain_hash(chain: BeaconChain, group_hash: str) -> None:
    assert chain_hash_of(chain, bytes.fromhex(group_hash)) == chain.chain_hash
    assert PUBLIC_CHAINS[chain.chain_hash] is chain
    assert bls.is_point(chain.rules.group.other, bytes.fromhex(chain.public_key))


def test_rounds_follow_the_clock() -> None:
    start = datetime.fromtimestamp(QUICKNET.genesis, UTC)
    tick = timedelta(microseconds=1)
    assert round_at(QUICKNET, start - tick) == 0
    assert round_at(QUICKNET, start) == 1
    assert round_at(QUICKNET, start + timedelta(seconds=3) - tick) == 1
    assert round_at(QUICKNET, start + timedelta(seconds=3)) == 2
    assert time_of_round(DEFAULT, 1) == datetime.fromtimestamp(1595431050, UTC)
    assert round_at(DEFAULT, datetime(1969, 12, 31, tzinfo=UTC)) == 0


@given(
    st.integers(1, 10**9),
    st.integers(1, 86_400),
    st.integers(0, 2**32 - 1),
    st.timedeltas(timedelta(0), timedelta(days=1)),
)
def test_a_round_is_the_latest_from_its_instant_until_the_next(
    number: int, period: int, genesis: int, later: timedelta
):
    chain = replace(QUICKNET, period_s=period, genesis=genesis)
    try:
        at = time_of_round(chain, number)
    except BeaconRoundOutOfRange:
        assert genesis + number * period > datetime(9999, 1, 1, tzinfo=UTC).timestamp()
        return
    assert round_at(chain, at) == number
    assert round_at(chain, at - timedelta(microseconds=1)) == number - 1
    if at.year < 9999:
        assert round_at(chain, at + later) == number + later // timedelta(seconds=period)


@pytest.mark.parametrize("number", [0, -1, 2**53, 2**53 - 1, 10**12])
def test_a_round_without_an_instant_is_refused(number: int) -> None:
    with pytest.raises(BeaconRoundOutOfRange):
        time_of_round(QUICKNET, number)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("scheme", "bls-bn254-unchained-on-g1"),
        ("chain_hash", QUICKNET.chain_hash.upper()),
        ("chain_hash", QUICKNET.chain_hash[2:]),
        ("chain_hash", "../" + QUICKNET.chain_hash[3:]),
        ("public_key", DEFAULT.public_key),
        ("public_key", "zz" * 96),
        ("period_s", 0),
        ("genesis", -1),
        ("genesis", 2**32),
    ],
)
def test_constants_that_make_no_chain_are_refused(field: str, value: object) -> None:
    with pytest.raises(BeaconChainInvalid) as refused:
        replace(QUICKNET, **{field: value})
    assert refused.value.facts["field"] == field
