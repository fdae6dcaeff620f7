import io
import json

from benchmarks.library_growth import STEPS, report, steps_of
from benchmarks.measure import Bench


def test_a_library_is_walked_from_columns_to_a_commitment() -> None:
    found = steps_of(600)
    assert all(found[step] > 0 for step in STEPS)
    assert 0 < found["eligible"] < 600
    assert 0.9 < found["share"] <= 1 + 1e-9


def test_each_step_and_their_sum_are_reported() -> None:
    out = io.StringIO()
    found = {**dict.fromkeys(STEPS, 0.5), "eligible": 100, "share": 1.0}
    report(Bench("draw", quick=True, out=out, err=out), "600 experts", found, 64.0)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["value"] for line in lines] == [0.5, 0.5, 0.5, 0.5, 2.0, 100.0, 1.0, 64.0]
