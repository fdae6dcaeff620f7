from benchmarks.of_main import changes, last_line


def test_changes_are_what_was_added_or_updated(tmp_path):
    report = tmp_path / "report.json"
    report.write_text('{"rows": 10, "imported": 2, "updated": 1, "unchanged": 7}', encoding="utf-8")
    assert changes(report) == 3


def test_the_last_line_of_a_silent_command(tmp_path):
    (tmp_path / "log.txt").write_text("", encoding="utf-8")
    assert last_line(tmp_path) == "nothing was said"
