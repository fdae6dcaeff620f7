import io
import json

import pytest

from benchmarks.measure import Bench
from benchmarks.room_figures import Sizes, acknowledgements, fan_out

SMALL = Sizes(rooms=2, closed_s=0.3, open_s=0.3, rounds_s=0.3, crowds=2, crowd_observers=3, growth=(1, 2))


def measured(work):
    out, err = io.StringIO(), io.StringIO()
    work(Bench("room", quick=True, out=out, err=err))
    return {line["figure"]: line for line in map(json.loads, out.getvalue().splitlines())}, err.getvalue()


def test_a_served_room_is_measured_with_its_goals():
    figures, said = measured(lambda bench: acknowledgements(bench, "sqlite", 1, 50, SMALL))
    assert figures["durable acks, every member waits for its own"]["value"] > 0
    assert figures["durable acks, every member waits for its own"]["goal"] == ">= 5000"
    assert figures["p99 at 5000 scores/s due"]["goal"] == "<= 50"
    assert figures["all of them back and up to date"]["value"] > 0
    assert figures["octets a returning socket receives"]["value"] > 0
    assert "not opened" not in said
    assert "refused {'" not in said


@pytest.mark.slow
def test_fan_out_is_measured_against_a_bare_application_with_the_same_octets():
    figures, said = measured(lambda bench: fan_out(bench, SMALL))
    room = figures["deliveries of the room"]["value"]
    (bare,) = [line for name, line in figures.items() if name.startswith("deliveries of a bare application")]
    assert room > 0
    assert bare["value"] > 0
    assert figures["room against bare application"]["goal"] == ">= 0.9"
    assert "not opened" not in said
