import pytest

from benchmarks import groups


def test_an_empty_group_says_so_and_succeeds(capsys):
    assert groups.main(["timetable", "--quick"]) == 0
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("", "timetable: no measurements yet\n")


def test_an_unknown_group_is_refused(capsys):
    with pytest.raises(SystemExit):
        groups.main(["nothing"])
    assert "no such group: nothing" in capsys.readouterr().err


def test_every_module_of_measurements_is_a_group():
    from importlib.resources import files

    named = {path.name.removeprefix("of_").removesuffix(".py") for path in files("benchmarks").iterdir()
             if path.name.startswith("of_")}  # fmt: skip
    assert named <= set(groups.GROUPS)
    assert {"main", "draw", "room"} <= named
