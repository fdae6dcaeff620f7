"""From a pool to a panel: assessment, lottery, commitment and draw, and the verification by a stranger.

Pools are alike: 7 seats, 4 specialities, 4 regions, employers of all sizes. The goals are what published lotteries of
this size take at best; the lottery measured first is the uniform one over all admissible panels,
then comes the fair one.
"""

import hashlib
from datetime import UTC, date, datetime
from random import Random

from benchmarks.fair_lottery import measure_fair
from benchmarks.measure import Bench, at_most, exactly, timed
from scheduling.draw import (
    CandidateRecord,
    CommitTerms,
    DrawRequest,
    Party,
    Pool,
    Quota,
    Relation,
    assess,
    build_lottery,
    commit,
    contribution_commitment,
    encode,
    replay,
    run_draw,
)

SPECIALITIES = ("A0801", "A0802", "B0132", "C0705")
REGIONS = ("440100", "440300", "440600", "441900")
QUOTA_COUNTS = (2, 2, 2, 1)
SECRETS = {"centre": b"c" * 32, "supervisor": b"s" * 32}
GOAL_S = {500: 0.5, 2_000: 0.7, 10_000: 1.0}


def make_records(count: int, seed: int) -> list[CandidateRecord]:
    """Candidates with one to three specialities and one of `count / 20` employers, large ones more often."""
    random = Random(seed)
    employers = max(20, count // 20)
    return [make_record(number, employers, random) for number in range(count)]


def make_record(number: int, employers: int, random: Random) -> CandidateRecord:
    """One candidate; every twentieth has worked for a bidder."""
    employer = int(employers * random.random() ** 2)
    relations = (Relation("employment", org_name="bidder 1", ends_on=date(2025, 6, 1)),) if number % 20 == 0 else ()
    return CandidateRecord(
        candidate_id=f"e{number:07d}",
        standing="admitted",
        born_on=date(1965 + random.randrange(30), 1, 1),
        title_level=random.choice(("senior", "intermediate")),
        employer_code="",
        employer_name=f"employer {employer}",
        region_code=random.choice(REGIONS),
        specialities=tuple(random.sample(SPECIALITIES, random.randint(1, 3))),
        relations=relations,
    )


def make_request() -> DrawRequest:
    """Seven seats without alternates, as in the published comparisons, three bidders."""
    quotas = zip(SPECIALITIES, QUOTA_COUNTS, strict=True)
    return DrawRequest(
        request_id="bench",
        quotas=tuple(Quota(f"q{n}", code, count, ("44",)) for n, (code, count) in enumerate(quotas, start=1)),
        parties=tuple(Party("bidder", "", f"bidder {number}") for number in (1, 2, 3)),
        bid_deadline=date(2026, 3, 2),
        evaluation_starts_at=datetime(2026, 3, 3, 1, tzinfo=UTC),
        evaluation_ends_at=datetime(2026, 3, 3, 9, tzinfo=UTC),
        alternates_per_quota=0,
        grounds=("C01", "C02", "C03", "C13", "C14"),
        window_years=3,
        same_employer_max=1,
        max_age=65,
        max_age_senior=70,
        speciality_match="self_or_descendant",
        pack_hash="ab" * 32,
    )


def run(bench: Bench) -> None:
    """Measure pools of growing size."""
    for count in (500, 2_000) if bench.quick else (500, 2_000, 10_000):
        measure(bench, count)
    measure_fair(bench)


def measure(bench: Bench, count: int) -> None:
    """Report the steps of one draw and of its verification."""
    case, request = f"{count} experts", make_request()
    repeats = 1 if bench.quick else 3
    pooled, pool = timed(lambda: Pool.from_records(make_records(count, 7)))
    assessed, eligibility = timed(lambda: assess(pool, request), repeats)
    built, lottery = timed(lambda: build_lottery(eligibility, request), repeats)
    promised = {party: contribution_commitment(secret) for party, secret in SECRETS.items()}
    terms = CommitTerms(b"k" * 32, promised, datetime(2026, 3, 1, tzinfo=UTC))
    committed, commitment = timed(lambda: commit(request, eligibility, lottery, terms), repeats)
    drawn, transcript = timed(lambda: run_draw(commitment, SECRETS), repeats)
    bench.report(case, "make pool", pooled, "s")
    bench.report(case, "assess", assessed, "s")
    bench.report(case, "lottery", built, "s")
    bench.report(case, "commit", committed, "s")
    bench.report(case, "draw", drawn, "s")
    whole = assessed + built + committed + drawn
    bench.report(case, "assess to panel", whole, "s", at_most(GOAL_S[count]) if count in GOAL_S else None)
    bench.report(case, "tries", transcript["tries"], "panels")
    raw = encode(transcript)
    verified, verdict = timed(lambda: replay(raw), repeats)
    hashed, _ = timed(lambda: hashlib.sha256(raw).digest(), repeats)
    bench.report(case, "verify", verified, "s", at_most(1.0))
    bench.report(case, "verify against one hash of the transcript", verified / hashed, "ratio")
    bench.report(case, "transcript", len(raw) / 2**20, "MiB")
    bench.report(case, "findings", len(verdict.findings), "findings", exactly(0))
