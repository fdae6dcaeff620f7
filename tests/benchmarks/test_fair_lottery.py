import io
import json

import pytest

from benchmarks.fair_lottery import Instance, compare, make_library, make_shape, measure_fair, measure_instance, report
from benchmarks.measure import Bench
from benchmarks.peer import PeerRun
from scheduling.fair import build_fair_lottery, problem_from_csv


def lines(out):
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_a_generated_shape_is_the_same_every_time_and_can_be_filled():
    tables = make_shape(60, 8, (2, 3))
    assert tables == make_shape(60, 8, (2, 3))
    out = io.StringIO()
    report(Bench("draw", quick=True, out=out), "case", 0.1, build_fair_lottery(problem_from_csv(*tables, 8)))
    ratio = next(line for line in lines(out) if line["figure"] == "achieved minimum of the bound")
    assert ratio["ok"]


def test_a_folder_is_measured_with_its_goals(tmp_path):
    people, quotas = make_shape(60, 8, (2, 3))
    (tmp_path / "respondents.csv").write_text(people)
    (tmp_path / "categories.csv").write_text(quotas)
    out = io.StringIO()
    measure_instance(Bench("draw", quick=True, out=out), tmp_path, Instance("f", 60.0, seats=8, bits=1000.0))
    goals = {line["figure"]: line["ok"] for line in lines(out) if line["goal"]}
    assert goals == {"fair lottery": True, "achieved minimum of the bound": True, "entropy": False}


def test_an_incomplete_folder_is_said_not_measured(tmp_path):
    out, err = io.StringIO(), io.StringIO()
    measure_instance(Bench("draw", quick=True, out=out, err=err), tmp_path, Instance("f", 1.0))
    assert (out.getvalue(), "not measured" in err.getvalue()) == ("", True)


def test_without_the_folder_the_reason_is_said(monkeypatch):
    monkeypatch.delenv("EXPERT_HUB_SHARED", raising=False)
    monkeypatch.setattr("benchmarks.fair_lottery.SHAPES", ((60, 8, (2, 3), None),))
    monkeypatch.setattr("benchmarks.fair_lottery.LIBRARY", 5_000)
    out, err = io.StringIO(), io.StringIO()
    measure_fair(Bench("draw", quick=True, out=out, err=err))
    assert "EXPERT_HUB_SHARED is not set" in err.getvalue()
    assert out.getvalue()


@pytest.mark.parametrize("seats", [30])
def test_seven_categories_keep_one_per_cent(seats):
    figures = build_fair_lottery(problem_from_csv(*make_shape(120, seats, (2, 3, 2, 3, 2, 2, 2)), seats)).figures
    assert figures.min_probability >= 0.99 * figures.upper_bound


def test_the_library_is_the_same_every_time_and_can_be_drawn_from():
    one, two = make_library(5_000), make_library(5_000)
    assert (one.kinds == two.kinds).all()
    assert (one.units == two.units).all()
    figures = build_fair_lottery(one).figures
    assert figures.min_probability >= 0.99 * figures.upper_bound


def test_a_peer_is_set_beside_our_figures():
    out, err = io.StringIO(), io.StringIO()
    bench = Bench("draw", quick=True, out=out, err=err)
    compare(bench, Instance("f", 1.0), 0.5, PeerRun(5.0, 0.1, 0.2, 3.0, 0.4))
    assert [line["value"] for line in lines(out)] == [5.0, 0.1, 0.1, 0.2, 3.0, 0.4]
    compare(bench, Instance("f", 1.0), 0.5, "not finished in 8 s")
    assert "f: sortition-algorithms not finished in 8 s" in err.getvalue()
