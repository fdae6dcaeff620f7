"""What a party saw outlives its program, whole and readable by its owner only."""

from pathlib import Path

from expert_hub.party_agent.memory import Memory


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "supervisor.seen.json"
    memory = Memory(path)
    assert (memory.seen.size, memory.seen.root, memory.seen.committed, path.exists()) == (0, "", {}, False)
    memory.seen.size, memory.seen.root, memory.seen.committed = 7, "ab" * 32, {"lot": ["cd" * 32]}
    memory.keep()
    assert Memory(path).seen == memory.seen
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_not_kept_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "seen.json"
    Memory(path).seen.size = 7
    assert Memory(path).seen.size == 0
