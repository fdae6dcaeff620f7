import json
from pathlib import Path

from expert_hub.draws.notifier import ConsoleNotifier, FileNotifier, Message, notifier_named

MESSAGE = Message("m1", "14100000000", "时间：2026-03-02 09:30")


async def test_a_message_is_one_private_file_whatever_how_often_it_is_sent(tmp_path: Path) -> None:
    notifier = FileNotifier(tmp_path)
    await notifier.send(MESSAGE)
    await notifier.send(MESSAGE)
    (path,) = tmp_path.iterdir()
    assert json.loads(path.read_text("utf-8")) == {
        "message_id": "m1",
        "mobile": "14100000000",
        "text": "时间：2026-03-02 09:30",
    }
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_settings_choose(tmp_path: Path) -> None:
    assert isinstance(notifier_named("file", tmp_path), FileNotifier)
    assert isinstance(notifier_named("console", tmp_path), ConsoleNotifier)
