import io
import json

from benchmarks.measure import Bench
from benchmarks.of_draw import make_records, make_request, measure


def test_the_same_seed_gives_the_same_pool():
    assert make_records(50, 7) == make_records(50, 7)
    assert make_records(50, 7) != make_records(50, 8)


def test_the_request_has_seven_seats():
    assert sum(quota.count for quota in make_request().quotas) == 7


def test_a_measured_draw_verifies():
    out = io.StringIO()
    measure(Bench("draw", quick=True, out=out), 200)
    figures = {line["figure"]: line for line in map(json.loads, out.getvalue().splitlines())}
    assert figures["findings"]["value"] == 0
    assert {"assess", "lottery", "draw", "verify"} <= set(figures)
