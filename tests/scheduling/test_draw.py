import doctest
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import scheduling.draw
from scheduling.artefact import lottery_from_document
from scheduling.draw import (
    CandidateRecord,
    CommitTerms,
    DrawRequest,
    Eligibility,
    Quota,
    build_lottery,
    commit,
    drawn_seats,
    encode,
    pseudonyms,
    replay,
    run_draw,
)
from scheduling.errors import (
    ContributionMismatchError,
    ContributionMissingError,
    NoFeasiblePanelError,
    PoolTooSmallError,
    RequestChangedError,
    TooTangledError,
)

Maker = Callable[..., CandidateRecord]
TranscriptOf = Callable[..., dict[str, Any]]
PROGRAM = """
from datetime import UTC, date, datetime
from scheduling.draw import *
codes = (("A08",), ("A08", "A09"), ("A09",))
pool = Pool.from_records(CandidateRecord(f"e{n}", "admitted", date(1980, 1, 1), "senior", "", f"u{n % 13}", "440100",
    specialities=codes[n % 3], kin=(f"e{n + 1}",), relations=(Relation("director", "", "u7"),) * (n % 5 == 0))
    for n in range(40))
request = DrawRequest("r1", (Quota("a", "A08", 2), Quota("b", "A09", 2)), (Party("bidder", "", "u7"),),
    date(2026, 3, 2), datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC), 1,
    ("C01", "C02", "C13", "C14"), 3, 1, 65, 70, "self_or_descendant", "ab" * 32)
eligibility = assess(pool, request)
secrets = {"centre": b"c" * 32, "supervisor": b"s" * 32}
sealed = {p: contribution_commitment(s) for p, s in secrets.items()}
terms = CommitTerms(b"k" * 32, sealed, datetime(2026, 3, 1, tzinfo=UTC))
made = commit(request, eligibility, build_lottery(eligibility, request), terms)
print(encode(run_draw(made, secrets)).decode())
"""


def test_example_of_the_module() -> None:
    results = doctest.testmod(scheduling.draw)
    assert (results.failed, results.attempted > 5) == (0, True)


def test_same_input_same_bytes_whatever_the_hash_seed() -> None:
    root = str(Path(scheduling.draw.__file__).parents[1])
    outputs = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": root, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "4242")
    }
    assert len(outputs) == 1
    assert replay(outputs.pop().rstrip()).ok


def test_transcript_has_the_seats_of_every_quota(make_record: Maker, transcript_of: TranscriptOf) -> None:
    quotas = (Quota("a", "A08", 3), Quota("b", "A09", 1))
    records = [make_record(number, specialities=("A08", "A09")) for number in range(12)]
    transcript = transcript_of(records, quotas=quotas, alternates_per_quota=2)
    seats = drawn_seats(transcript)
    assert [(seat.quota_id, seat.rank, seat.is_alternate) for seat in seats] == [
        *[("a", 0, False), ("a", 1, False), ("a", 2, False), ("b", 0, False)],
        *[("a", 0, True), ("a", 1, True), ("b", 0, True), ("b", 1, True)],
    ]
    known = pseudonyms(b"k" * 32, (record.candidate_id for record in records))
    assert len({known[seat.pid] for seat in seats}) == 8


people = st.fixed_dictionaries(
    {
        "standing": st.sampled_from(["admitted", "admitted", "admitted", "suspended"]),
        "specialities": st.sampled_from([("A08",), ("A09",), ("A0801", "A0902"), ("B01",)]),
        "employer_name": st.sampled_from(["甲公司", "乙", "丙", "丁", "戊", "己", ""]),
        "kin": st.sampled_from([(), (), ("e0001",), ("e0002", "e0003")]),
        "leaves": st.just(()),
    }
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(people, min_size=4, max_size=14))
def test_excluded_never_drawn_and_every_rule_kept(
    make_record: Maker, transcript_of: TranscriptOf, assessed: Callable[..., Eligibility], rows: list[dict[str, Any]]
) -> None:
    records = [make_record(number, **row) for number, row in enumerate(rows)]
    quotas = (Quota("a", "A08", 1), Quota("b", "A09", 2))
    try:
        transcript = transcript_of(records, quotas=quotas, alternates_per_quota=0)
    except (PoolTooSmallError, NoFeasiblePanelError):
        return
    eligibility = assessed(records, quotas=quotas, alternates_per_quota=0)
    known = pseudonyms(b"k" * 32, eligibility.pool.candidate_ids)
    seats = drawn_seats(transcript)
    drawn = [eligibility.pool.candidate_ids.index(known[seat.pid]) for seat in seats]
    excluded = {exclusion.index for exclusion in eligibility.exclusions}
    assert [seat.quota_id for seat in seats] == ["a", "b", "b"]
    assert all(eligibility.mask["ab".index(s.quota_id), place] for s, place in zip(seats, drawn, strict=True))
    assert excluded.isdisjoint(drawn)
    assert len(set(drawn)) == 3
    units = [eligibility.pool.units[place] for place in drawn if eligibility.pool.units[place]]
    assert len(set(units)) == len(units)
    assert not any(a in drawn and b in drawn for a, b in eligibility.edges)
    assert replay(encode(transcript)).ok


@pytest.fixture
def committed(make_record: Maker, assessed: Callable[..., Eligibility], make_terms: Callable[..., CommitTerms]) -> Any:
    eligibility = assessed([make_record(number) for number in range(8)])
    return commit(eligibility.request, eligibility, build_lottery(eligibility, eligibility.request), make_terms())


def test_chapter_3_request_changed_after_commitment(
    committed: Any, secrets: dict[str, bytes], make_request: Callable[..., DrawRequest]
) -> None:
    run_draw(committed, secrets, make_request())
    with pytest.raises(RequestChangedError):
        run_draw(committed, secrets, make_request(quotas=(Quota("q1", "A08", 2),)))


def test_dr_21_secret_must_be_the_committed_one(committed: Any, secrets: dict[str, bytes]) -> None:
    with pytest.raises(ContributionMismatchError) as caught:
        run_draw(committed, {**secrets, "supervisor": b"x" * 32})
    assert caught.value.facts == {"party": "supervisor"}
    with pytest.raises(ContributionMissingError):
        run_draw(committed, {"centre": secrets["centre"]})


def test_dr_21_other_secrets_give_another_seed(
    make_record: Maker, assessed: Callable[..., Eligibility], make_terms: Callable[..., CommitTerms]
) -> None:
    eligibility = assessed([make_record(number) for number in range(8)])
    lottery = build_lottery(eligibility, eligibility.request)
    seeds = set()
    for letter in (b"p", b"q"):
        secrets = {"centre": letter * 32, "supervisor": b"s" * 32}
        terms = make_terms(
            contributions={party: scheduling.draw.contribution_commitment(secret) for party, secret in secrets.items()}
        )
        seeds.add(run_draw(commit(eligibility.request, eligibility, lottery, terms), secrets)["seed"])
    assert len(seeds) == 2


def test_lottery_that_is_never_accepted_ends_with_a_reason(committed: Any, secrets: dict[str, bytes]) -> None:
    committed.lottery["policy"]["max_tries"] = 1
    committed.lottery["classes"][0]["members"] = [3]
    assert lottery_from_document(committed.lottery, ("",) * 8).classes[0].members == (3,)
    with pytest.raises(TooTangledError):
        run_draw(committed, secrets)
