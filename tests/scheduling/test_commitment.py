from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from scheduling.canonical import decode, encode
from scheduling.commitment import Commitment, CommitTerms, commit, ensure_parties, pseudonym, pseudonyms
from scheduling.draw import CandidateRecord, DrawRequest, Eligibility, build_lottery
from scheduling.errors import (
    CommitmentBrokenError,
    ContributionMissingError,
    ContributionReusedError,
    InvalidTermsError,
    NotCanonicalError,
    RequestChangedError,
    TooEarlyError,
)

CHINA = timezone(timedelta(hours=8))
Terms = Callable[..., CommitTerms]


@pytest.fixture(scope="module")
def committed(
    make_record: Callable[..., CandidateRecord], assessed: Callable[..., Eligibility], make_terms: Terms
) -> Callable[..., Commitment]:
    def build(terms: dict[str, Any] | None = None, **changes: Any) -> Commitment:
        records = [make_record(number, standing="admitted" if number else "suspended") for number in range(8)]
        eligibility = assessed(records, **changes)
        lottery = build_lottery(eligibility, eligibility.request)
        return commit(eligibility.request, eligibility, lottery, make_terms(**(terms or {})))

    return build


Committed = Callable[..., Commitment]


def test_el_20_leaves_hold_pseudonyms_in_their_order_and_no_id(committed: Committed) -> None:
    made = committed()
    by_pid = pseudonyms(b"k" * 32, [f"e{number:04}" for number in range(8)])
    assert [leaf[0] for leaf in made.leaves] == sorted(by_pid)
    assert b"e000" not in made.to_bytes()
    assert "设计院".encode() not in made.to_bytes()


def test_every_candidate_has_a_leaf_eligible_or_with_a_ground(committed: Committed) -> None:
    out = pseudonym(b"k" * 32, "e0000")
    for pid, salt, unit, quotas, classes, grounds in committed().leaves:
        assert (quotas, classes, grounds) == (([], [], ["C16"]) if pid == out else ([0], [0], []))
        assert (len(salt), len(unit)) == (32, 64)


def test_dr_14_body_holds_counts_and_digests_only(committed: Committed) -> None:
    body = committed().body
    assert body["pool"]["size"] == 8
    assert body["eligible"] == [7]
    assert body["excluded"] == {"shown": [], "merged": None}
    assert not any(leaf[0] in str(body) for leaf in committed().leaves)


def test_another_key_gives_another_order_and_another_commitment(committed: Committed) -> None:
    other = committed({"draw_key": b"z" * 32})
    assert other.digest != committed().digest
    assert {leaf[0] for leaf in other.leaves}.isdisjoint(leaf[0] for leaf in committed().leaves)


def test_commitment_comes_back_from_its_bytes(committed: Committed) -> None:
    assert Commitment.from_bytes(committed().to_bytes()) == committed()


def test_changed_bytes_of_a_stored_commitment_are_refused(committed: Committed) -> None:
    stored: Any = decode(committed().to_bytes())
    stored["leaves"][0][1] = "0" * 32
    with pytest.raises(CommitmentBrokenError):
        Commitment.from_bytes(encode(stored))
    stored = decode(committed().to_bytes())
    stored["lottery"]["candidates"] = 6
    with pytest.raises(CommitmentBrokenError):
        Commitment.from_bytes(encode(stored))
    with pytest.raises(NotCanonicalError):
        Commitment.from_bytes(committed().to_bytes() + b" ")


def test_dr_10_draw_before_its_window_is_refused(committed: Committed) -> None:
    opens_at = datetime(2026, 3, 1, 9, tzinfo=CHINA)
    committed(draw_opens_at=opens_at)
    with pytest.raises(TooEarlyError) as caught:
        committed({"committed_at": opens_at - timedelta(seconds=1)}, draw_opens_at=opens_at)
    assert caught.value.facts == {"opens_at": "2026-03-01T01:00:00Z"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"draw_key": b"short"}, "draw_key below 32 bytes"),
        ({"attempt": 2}, "attempt"),
        ({"attempt": 2, "previous": ("x",)}, "previous"),
        ({"committed_at": datetime(2026, 3, 1)}, "committed_at without offset"),  # noqa: DTZ001
        ({"contributions": {"centre": "aa", "supervisor": "ab" * 32}}, "contribution of centre"),
    ],
)
def test_incomplete_terms_are_refused(committed: Committed, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(InvalidTermsError) as caught:
        committed(changes)
    assert caught.value.facts == {"reasons": [reason]}


def test_dr_21_two_different_contributors(committed: Committed) -> None:
    with pytest.raises(ContributionMissingError):
        committed({"contributions": {"centre": "ab" * 32}})
    with pytest.raises(ContributionReusedError):
        committed({"contributions": {"centre": "ab" * 32, "supervisor": "ab" * 32}})
    ensure_parties({"centre": "", "supervisor": ""})


def test_chapter_3_request_of_another_pool_is_refused(
    make_record: Callable[..., CandidateRecord],
    assessed: Callable[..., Eligibility],
    make_request: Callable[..., DrawRequest],
    make_terms: Terms,
) -> None:
    eligibility = assessed([make_record(number) for number in range(8)])
    lottery = build_lottery(eligibility, eligibility.request)
    with pytest.raises(RequestChangedError):
        commit(make_request(request_id="r2"), eligibility, lottery, make_terms())
