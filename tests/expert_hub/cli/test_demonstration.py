"""`expert-hub demo`: what it refuses; the whole story is a scenario of its own."""

from typing import Any


def test_a_library_too_small_for_the_panel_is_a_mistake_of_use(command_line: Any) -> None:
    end = command_line.run("demo", "--exit", "--experts", "149")
    assert (end.code, end.out) == (2, "")
    assert "150" in end.err
    assert "Traceback" not in end.err
    assert not (command_line.home / "var").exists()


def test_a_file_where_the_folder_should_be_is_refused(command_line: Any) -> None:
    (command_line.home / "taken").write_text("a file")
    command_line.refused("demo", "--exit", "--folder", "taken")
    command_line.refused("demo", "--exit", "--folder", "taken/below")
    assert (command_line.home / "taken").read_text() == "a file"
