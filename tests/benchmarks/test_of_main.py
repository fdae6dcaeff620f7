from benchmarks.of_main import changes, last_line


def test_changes_come_from_the_last_line():
    assert changes('reading\n{"added": 2, "changed": 1, "unchanged": 7}\n') == 3


def test_the_last_line_of_a_silent_command(tmp_path):
    (tmp_path / "log.txt").write_text("", encoding="utf-8")
    assert last_line(tmp_path) == "nothing was said"
