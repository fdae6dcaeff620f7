import io
import json

from benchmarks.measure import Bench
from benchmarks.of_draw import measure_verification


def test_golden_transcripts_are_verified_and_every_cheat_is_named() -> None:
    out = io.StringIO()
    measure_verification(Bench("draw", quick=True, out=out))
    lines = list(map(json.loads, out.getvalue().splitlines()))
    assert [line["value"] for line in lines if line["figure"] == "wrong verdicts"] == [0]
    assert sum(line["figure"] == "verify" for line in lines) == 5
