from scheduling.linear import is_solved, new_programme


def test_an_optimum_is_found_and_changes_are_seen():
    solver = new_programme()
    x = solver.NumVar(0.0, 2.0, "")
    solver.Maximize(x)
    assert is_solved(solver)
    assert x.solution_value() == 2.0
    x.SetUb(1.0)
    assert is_solved(solver)
    assert x.solution_value() == 1.0


def test_a_contradiction_is_no_solution():
    solver = new_programme()
    x = solver.NumVar(0.0, 2.0, "")
    solver.Add(x >= 3)
    assert not is_solved(solver)
