import msgspec
import pytest

from evaluation.setup import RoomSetup


def test_a_description_reads_back_from_json(setup):
    assert msgspec.json.decode(msgspec.json.encode(setup), type=RoomSetup) == setup


def test_unknown_rules_are_refused(setup):
    known = msgspec.to_builtins(setup)
    for broken in (
        {**known, "extra": 1},
        {**known, "rules": {**known["rules"], "extra": 1}},
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(broken, RoomSetup)
