import io
import json

from benchmarks import eligibility
from benchmarks.measure import Bench
from scheduling.eligibility import assess
from scheduling.pool import Pool


def test_a_library_is_the_same_every_time_and_has_every_kind_of_reason():
    pool = Pool.from_columns(eligibility.make_library(4_000))
    assert pool.units == Pool.from_columns(eligibility.make_library(4_000)).units
    found = assess(pool, eligibility.make_request(("4401",)))
    assert {"C01", "C16", "Q1", "Q2"} <= set(found.ground_counts())
    assert found.mask.any(axis=1).all()


def test_the_steps_are_reported_for_each_size(monkeypatch):
    monkeypatch.setattr(eligibility, "SIZES", (3_000, 4_000, 5_000))
    monkeypatch.setattr(eligibility, "GOAL_ASSESS_S", dict.fromkeys((3_000, 4_000, 5_000), 60.0))
    out = io.StringIO()
    eligibility.measure_eligibility(Bench("draw", quick=True, out=out))
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert {line["case"] for line in lines} == {"3000 experts", "4000 experts"}
    figures = {line["figure"]: line["value"] for line in lines}
    assert figures["relaxations found"] > 0
    assert {"pool from columns", "assess", "panel problem", "prediction risk", "peak memory"} <= set(figures)
