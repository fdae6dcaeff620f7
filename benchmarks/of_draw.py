"""The draw: fair lotteries against a published library, from request to commitment, eligibility, and verification."""

import hashlib
import json
from functools import partial
from pathlib import Path

from benchmarks.eligibility import measure_eligibility
from benchmarks.fair_lottery import measure_fair
from benchmarks.library_growth import measure_growth
from benchmarks.measure import Bench, at_most, exactly, timed
from scheduling.verify_draw import verify

GOLDEN = Path(__file__).resolve().parents[1] / "tests/scheduling/golden"


def run(bench: Bench) -> None:
    """Measure everything about draws."""
    measure_fair(bench)
    measure_growth(bench)
    measure_eligibility(bench)
    measure_verification(bench)


def measure_verification(bench: Bench) -> None:
    """Report how long a stranger needs for each honest golden transcript; every cheat among them must be named."""
    index = json.loads((GOLDEN / "index.json").read_text(encoding="utf-8"))
    missed = 0
    for name, entry in sorted(index.items()):
        transcript, policy = (GOLDEN / f"{name}.json").read_bytes(), (GOLDEN / entry["policy"]).read_bytes()
        published = tuple(entry["published"])
        seconds, verdict = timed(partial(verify, transcript, policy, published), 1 if bench.quick else 3)
        missed += [finding.rule for finding in verdict.findings] != entry["fails"]
        if verdict.ok:
            hashed, _ = timed(partial(hashlib.sha256, transcript), 3)
            bench.report(name, "verify", seconds, "s", at_most(1.0))
            bench.report(name, "verify against one hash of the transcript", seconds / hashed, "ratio")
    bench.report("golden transcripts", "wrong verdicts", missed, "transcripts", exactly(0))
