import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduling.canonical import encode
from scheduling.seed import h, u64
from scheduling.transcript import (
    BeaconValue,
    commit_digest,
    draw_seed,
    exclusion_document,
    lottery_hash,
    outcome_digest,
    policy_hash,
    replacement_seed,
    signed_digest,
    transcript_digest,
)

BEACON = BeaconValue("public", "ab" * 32, 7, "cd" * 48)
LINKS = [b"c" * 32, b"s" * 32]


def test_digests_are_domain_separated_hashes_of_canonical_bytes() -> None:
    value = {"b": 1, "a": ["x"]}
    for function, tag in ((lottery_hash, "lottery"), (policy_hash, "policy"), (commit_digest, "commit")):
        assert function(value) == h(tag, encode(value)).hex()
    assert transcript_digest({**value, "digest": "anything"}) == h("transcript", encode(value)).hex()
    assert signed_digest("commit", b"d" * 32) == h("sign", b"commit", b"d" * 32)
    assert outcome_digest("ab" * 32, (1, 2, 3), "absent") == h(
        "outcome", bytes.fromhex("ab" * 32), u64(1), u64(2), u64(3), b"absent"
    )


def test_seeds_follow_from_commitment_links_and_beacon() -> None:
    randomness = hashlib.sha256(bytes.fromhex("cd" * 48)).digest()
    parts = (b"public", bytes.fromhex("ab" * 32), u64(7), randomness)
    first = draw_seed("ef" * 32, LINKS, BEACON)
    assert first == h("seed", bytes.fromhex("ef" * 32), *LINKS, *parts)
    assert replacement_seed(first, 2, LINKS, BEACON) == h("replace", first, u64(2), *LINKS, *parts)
    assert draw_seed("ef" * 32, LINKS, None) == h("seed", bytes.fromhex("ef" * 32), *LINKS, b"parties", b"", b"", b"")


def test_every_part_changes_the_seed() -> None:
    seeds = {
        draw_seed("ef" * 32, LINKS, BEACON),
        draw_seed("ee" * 32, LINKS, BEACON),
        draw_seed("ef" * 32, LINKS[::-1], BEACON),
        draw_seed("ef" * 32, LINKS, BeaconValue("federated", "ab" * 32, 7, "cd" * 48)),
        draw_seed("ef" * 32, LINKS, BeaconValue("public", "ab" * 32, 8, "cd" * 48)),
        draw_seed("ef" * 32, LINKS, None),
    }
    assert len(seeds) == 6


@pytest.mark.parametrize(
    ("counts", "shown", "merged"),
    [
        ({"C01": 5, "C16": 9}, [["C01", 5], ["C16", 9]], None),
        ({"C02": 4, "C01": 5}, [["C01", 5]], None),
        ({"C02": 4, "C03": 4}, [], 8),
    ],
)
def test_cf_08_small_counts_are_merged_and_a_small_sum_is_hidden(
    counts: dict[str, int], shown: list[list[object]], merged: int | None
) -> None:
    assert exclusion_document(counts, 5) == {"shown": shown, "merged": merged}


@given(st.dictionaries(st.sampled_from([f"C{n:02}" for n in range(1, 20)]), st.integers(1, 20)), st.integers(1, 9))
def test_cf_08_no_number_below_k_is_ever_shown(counts: dict[str, int], k: int) -> None:
    document = exclusion_document(counts, k)
    numbers = [count for _, count in document["shown"]]
    assert all(number >= k for number in numbers)
    assert document["merged"] is None or document["merged"] >= k
