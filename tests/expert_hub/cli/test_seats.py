"""`expert-hub seat`: what it refuses before it connects; the rest is told in the tests of the script."""

from typing import Any

import pytest


def test_a_token_file_that_is_missing_is_refused(command_line: Any) -> None:
    seat = ("seat", "--url", "ws://127.0.0.1:1/api/v1/rooms/r/socket", "--token-file", "absent")
    code, zh, en = command_line.refused(*seat)
    assert (code, "absent" in zh, "absent" in en) == ("hub/file-missing", True, True)


@pytest.mark.parametrize(
    ("url", "token"),
    [
        ("http://127.0.0.1:1/socket", "abc"),
        ("nonsense", "abc"),
        ("ws://127.0.0.1:1/api/v1/rooms/r/socket", "two words"),
    ],
)
def test_an_address_or_token_that_cannot_be_used_is_refused(command_line: Any, url: str, token: str) -> None:
    (command_line.home / "token").write_text(token)
    assert command_line.refused("seat", "--url", url, "--token-file", "token")[0] == "seat/misconfigured"


def test_without_a_server_the_commands_stay_in_the_outbox(command_line: Any) -> None:
    (command_line.home / "token").write_text("abc")
    seat = ("seat", "--url", "ws://127.0.0.1:1/api/v1/rooms/r/socket", "--token-file", "token")
    line = '{"type": "check_in", "phone_locked": true}\n'
    end = command_line.run(*seat, "--outbox", "outbox", "--settle", "0.2", stdin=line)
    assert (end.code, end.err) == (1, "")
    assert [line for line in end.out.splitlines() if '"kind":"unanswered"' in line]
    assert (command_line.home / "outbox").stat().st_mode & 0o077 == 0


def test_the_screen_refuses_what_the_lines_refuse(command_line: Any) -> None:
    assert command_line.refused("desk", "--url", "ws://127.0.0.1:1/api/v1/rooms/r/socket")[0] == "seat/misconfigured"
    (command_line.home / "token").write_text("two words")
    assert command_line.refused("desk", "--url", "nonsense", "--token-file", "token")[0] == "seat/misconfigured"
