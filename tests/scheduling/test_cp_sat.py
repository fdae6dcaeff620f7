"""The solver is loaded by its first use, not by importing what may use it."""

import subprocess
import sys

import pytest

from scheduling import cp_sat

SCRIPT = """
import sys
import scheduling.commitment, scheduling.relaxations
assert "ortools.sat.python.cp_model" not in sys.modules
from scheduling import cp_sat
assert cp_sat.CpModel().new_bool_var("b") is not None
assert "ortools.sat.python.cp_model" in sys.modules
"""


def test_importing_the_lottery_loads_no_solver() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_it_has_what_the_library_has_and_nothing_else() -> None:
    solver, model = cp_sat.CpSolver(), cp_sat.CpModel()
    value = model.new_int_var(0, 5, "v")
    model.maximize(value)
    assert solver.solve(model) == cp_sat.OPTIMAL
    assert solver.value(value) == 5
    with pytest.raises(AttributeError):
        cp_sat.no_such_thing  # noqa: B018
