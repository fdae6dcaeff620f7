import stat

import pytest

from benchmarks.peer import figures, has_peer, run_peer

TABLES = ("a\nx\ny\n", "category,feature,min,max\na,x,0,1\na,y,0,1\n", 1, None)


def interpreter(folder, body):
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return str(program)


def test_figures_of_a_lottery_over_panels():
    found = figures([0.5, 0.25, 0.25], [[0, 1], [1, 2], [0, 2]], 3)
    assert found == pytest.approx((0.5, (0 * 0.5 - 2 * 0.5 + 2 * 0.75) / (3 * 2), 1.5, 0.5))


def test_the_answer_of_the_program_is_read(tmp_path, monkeypatch):
    answer = '{"seconds": 2.0, "min_probability": 0.5, "gini": 0, "entropy_bits": 1, "max_pair_probability": 0}'
    monkeypatch.setenv("EXPERT_HUB_PEER_PYTHON", interpreter(tmp_path, f"cat > /dev/null; echo '{answer}'"))
    assert has_peer()
    assert run_peer(*TABLES, limit_s=20).seconds == 2.0


def test_a_peer_that_fails_says_why(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPERT_HUB_PEER_PYTHON", interpreter(tmp_path, "cat > /dev/null; echo no solver >&2; exit 3"))
    assert not has_peer()
    with pytest.raises(RuntimeError, match="no solver"):
        run_peer(*TABLES, limit_s=20)


def test_a_slow_peer_is_ended(tmp_path, monkeypatch):
    monkeypatch.setenv("EXPERT_HUB_PEER_PYTHON", interpreter(tmp_path, "exec sleep 20"))
    assert run_peer(*TABLES, limit_s=0.2) is None
