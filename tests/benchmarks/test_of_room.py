import io
import json

from benchmarks.measure import Bench
from benchmarks.of_room import measure


def test_a_measured_room_replays_to_the_same_digest():
    out = io.StringIO()
    bench = Bench("room", quick=True, out=out)
    measure(bench, 5, 3, 4)
    figures = {line["figure"]: line["value"] for line in map(json.loads, out.getvalue().splitlines())}
    assert figures["same digest after replay"] == 1
    assert bench.misses == 0
