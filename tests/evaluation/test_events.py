import pytest

from evaluation.commands import Command, snake_case
from evaluation.events import Event
from evaluation.fold import _FOLDS


@pytest.mark.parametrize("struct", Event.__args__)
def test_every_event_is_frozen_tagged_and_refuses_unknown_fields(struct):
    config = struct.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields, config.tag) == (True, True, snake_case(struct.__name__))


def test_every_event_has_one_fold():
    assert {struct.__name__ for struct in Event.__args__} - {"RoomOpened", "StageChanged", "SeatReplaced"} == {
        struct.__name__ for struct in _FOLDS
    }


def test_no_event_shares_its_name_with_a_command():
    assert not {struct.__name__ for struct in Event.__args__} & {struct.__name__ for struct in Command.__args__}
