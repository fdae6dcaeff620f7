import os
from pathlib import Path

import pytest

from expert_hub.foundation.chance import SeededChance
from expert_hub.relay.errors import StoreInUse, StoreOfOtherCredential, StoreUnreadable
from expert_hub.relay.outbox import Entry, KeptCommand, Store

ONE = KeptCommand("room", "anna", "c1", b'{"type":"enter_score","value":"12.50"}')
TWO = KeptCommand("room", "bert", "c1", b'{"type":"submit_sheet"}')


def opened(path: Path, secret: str = "secret") -> Store:
    return Store(path, secret, SeededChance(f"store {os.urandom(4).hex()}"))


def test_commands_come_back_in_order_and_are_gone_once_answered(tmp_path: Path) -> None:
    store = opened(tmp_path / "relay.db")
    store.apply([lambda each: each.add(ONE), lambda each: each.add(TWO), lambda each: each.add(ONE)])
    store.close()
    store = opened(tmp_path / "relay.db")
    assert store.kept() == [ONE, TWO]
    store.remove(("room", "anna"), "c1")
    assert store.kept() == [TWO]
    store.refuse(("room", "bert"), "c1", b'{"kind":"refusal"}')
    assert store.kept() == [TWO._replace(command=b"{}", refusal=b'{"kind":"refusal"}')]
    store.close()


def test_a_failed_group_leaves_nothing(tmp_path: Path) -> None:
    def fail(_store: Store) -> None:
        raise ValueError

    store = opened(tmp_path / "relay.db")
    with pytest.raises(ValueError):
        store.apply([lambda each: each.add(ONE), fail])
    assert store.kept() == []
    store.close()


def test_the_file_is_private_and_says_nothing_without_the_credential(tmp_path: Path) -> None:
    path = tmp_path / "relay.db"
    store = opened(path)
    store.apply([lambda each: each.add(ONE), lambda each: each.enter(Entry("room", "anna", "token-of-anna"))])
    assert store.entries() == [Entry("room", "anna", "token-of-anna")]
    store.close()
    assert path.stat().st_mode & 0o777 == 0o600
    octets = path.read_bytes()
    assert not [word for word in (b"enter_score", b"12.50", b"token-of-anna", b"secret") if word in octets]
    with pytest.raises(StoreOfOtherCredential):
        opened(path, "another")


def test_one_relay_at_a_time_and_no_other_file(tmp_path: Path) -> None:
    store = opened(tmp_path / "relay.db")
    with pytest.raises(StoreInUse):
        opened(tmp_path / "relay.db")
    store.close()
    (tmp_path / "other").write_bytes(b"no database" * 100)
    with pytest.raises(StoreUnreadable):
        opened(tmp_path / "other")
