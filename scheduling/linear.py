"""Solving a linear programme repeatedly without trusting a warm start."""

from ortools.linear_solver import pywraplp


def new_programme() -> pywraplp.Solver:
    """Return an empty programme for one simplex thread.

    Source: engineering choice
    """
    solver = pywraplp.Solver.CreateSolver("GLOP")
    solver.SetNumThreads(1)
    return solver


def is_solved(solver: pywraplp.Solver) -> bool:
    """Solve and tell whether an optimum was found.

    A warm start is tried first. Incremental solves end abnormally now and then, so a programme that is neither solved
    nor shown infeasible is solved once more from nothing.

    Source: engineering choice
    """
    if solver.Solve() == pywraplp.Solver.OPTIMAL:
        return True
    afresh = pywraplp.MPSolverParameters()
    afresh.SetIntegerParam(afresh.INCREMENTALITY, afresh.INCREMENTALITY_OFF)
    status = solver.Solve(afresh)
    if status not in (pywraplp.Solver.OPTIMAL, pywraplp.Solver.INFEASIBLE):
        afresh.SetIntegerParam(afresh.LP_ALGORITHM, afresh.DUAL)
        afresh.SetIntegerParam(afresh.PRESOLVE, afresh.PRESOLVE_OFF)
        status = solver.Solve(afresh)
    return bool(status == pywraplp.Solver.OPTIMAL)
