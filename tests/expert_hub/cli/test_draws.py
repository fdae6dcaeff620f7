"""`expert-hub draw verify` on what is no transcript at all; whole and altered ones are in the scenario of the demo."""

from typing import Any

import pytest


@pytest.mark.parametrize("content", [b"", b"not json", b"{}", b"[]", b'"text"', b"\xff\xfe", b"[" * 20_000, b"1e999"])
def test_a_file_that_is_no_transcript_fails_with_the_rule(command_line: Any, content: bytes) -> None:
    path = command_line.home / "transcript.json"
    path.write_bytes(content)
    end = command_line.run("draw", "verify", path)
    assert (end.code, end.err) == (1, "")
    *findings, verdict = end.out.splitlines()
    assert findings
    assert verdict == "draw verified: FAIL"


def test_a_file_that_cannot_be_read_is_refused(command_line: Any) -> None:
    for path in ("missing.json", "."):
        code, zh, en = command_line.refused("draw", "verify", path)
        assert code == "hub/file-missing"
        assert zh.startswith(f"无法读取文件 {path}：")
        assert en.startswith(f"The file {path} cannot be read: ")


def test_nothing_of_the_hub_is_needed(command_line: Any) -> None:
    path = command_line.home / "transcript.json"
    path.write_bytes(b"{}")
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    assert command_line.run("draw", "verify", path, DATABASE_URL=nowhere).code == 1
    assert [entry.name for entry in command_line.home.iterdir() if not entry.name.startswith("std")] == [path.name]
