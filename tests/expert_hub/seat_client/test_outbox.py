import os
import stat
from pathlib import Path

import pytest

from expert_hub.seat_client.errors import OutboxInUse, OutboxOfOtherRoom, OutboxUnreadable
from expert_hub.seat_client.outbox import Kept, Outbox

FIRST, SECOND = Kept("c1", b'{"type":"submit_sheet"}'), Kept("c0", b'{"type":"check_in","phone_locked":true}')


def test_commands_stay_in_order_until_they_are_removed(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "o.db", "/rooms/1")
    outbox.add(FIRST)
    outbox.add(SECOND)
    outbox.close()
    again = Outbox(tmp_path / "o.db", "/rooms/1")
    assert again.unanswered() == [FIRST, SECOND]
    again.remove("c1")
    again.remove("never kept")
    assert again.unanswered() == [SECOND]
    again.close()


def test_memory_keeps_as_long_as_the_client_lives() -> None:
    outbox = Outbox(None, "/rooms/1")
    outbox.add(FIRST)
    assert outbox.unanswered() == [FIRST]
    outbox.close()


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    Outbox(tmp_path / "o.db", "/rooms/1").close()
    assert stat.S_IMODE(os.stat(tmp_path / "o.db").st_mode) == 0o600


def test_second_client_is_kept_out_until_the_first_is_done(tmp_path: Path) -> None:
    first = Outbox(tmp_path / "o.db", "/rooms/1")
    with pytest.raises(OutboxInUse):
        Outbox(tmp_path / "o.db", "/rooms/1")
    first.add(FIRST)
    with pytest.raises(OutboxInUse):
        Outbox(tmp_path / "o.db", "/rooms/1")
    first.close()
    Outbox(tmp_path / "o.db", "/rooms/1").close()


def test_commands_of_one_room_never_reach_another(tmp_path: Path) -> None:
    Outbox(tmp_path / "o.db", "/rooms/1").close()
    with pytest.raises(OutboxOfOtherRoom) as refused:
        Outbox(tmp_path / "o.db", "/rooms/2")
    assert refused.value.facts["room"] == "/rooms/1"
    Outbox(tmp_path / "o.db", "/rooms/1").close()


def test_file_that_is_no_outbox(tmp_path: Path) -> None:
    (tmp_path / "o.db").write_bytes(b"scores of yesterday" * 100)
    with pytest.raises(OutboxUnreadable):
        Outbox(tmp_path / "o.db", "/rooms/1")
    with pytest.raises(OutboxUnreadable):
        Outbox(tmp_path / "missing" / "o.db", "/rooms/1")
