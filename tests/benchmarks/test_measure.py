import io
import json
import sys

from benchmarks.measure import Bench, at_least, at_most, exactly, run_process, timed


def test_a_figure_is_one_line_of_json():
    out = io.StringIO()
    bench = Bench("draw", quick=True, out=out)
    bench.report("10 experts", "lottery", 0.123456, "s", at_most(0.1))
    assert json.loads(out.getvalue()) == {
        "bench": "draw", "case": "10 experts", "figure": "lottery", "value": 0.1235, "unit": "s", "goal": "<= 0.1",
        "ok": False,
    }  # fmt: skip
    assert bench.misses == 1


def test_a_figure_without_a_goal_is_neither_good_nor_bad():
    out = io.StringIO()
    bench = Bench("draw", quick=True, out=out)
    bench.report("c", "f", 1, "s")
    assert (json.loads(out.getvalue())["ok"], bench.misses) == (None, 0)


def test_goals_include_their_bound():
    assert [at_most(2).is_met(value) for value in (1, 2, 3)] == [True, True, False]
    assert [at_least(2).is_met(value) for value in (1, 2, 3)] == [False, True, True]
    assert [exactly(2).is_met(value) for value in (1, 2, 3)] == [False, True, False]


def test_a_note_does_not_mix_with_the_figures():
    out, err = io.StringIO(), io.StringIO()
    Bench("web", quick=True, out=out, err=err).note("nothing")
    assert (out.getvalue(), err.getvalue()) == ("", "web: nothing\n")


def test_work_is_repeated_and_its_result_kept():
    seen = []
    seconds, result = timed(lambda: seen.append(1) or len(seen), repeats=3)
    assert result == 3
    assert seconds >= 0


def test_a_process_tells_its_memory_output_and_status(tmp_path):
    program = "import os; x = b'x' * 2**26; print(os.environ['ANSWER']); raise SystemExit(3)"
    went = run_process([sys.executable, "-c", program], {"ANSWER": "42"}, tmp_path / "log")
    assert (went.status, went.output) == (3, "42\n")
    assert went.peak_mib > 64
    assert went.seconds > 0
