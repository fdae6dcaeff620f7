import msgspec
import pytest

from evaluation.commands import Command, snake_case
from evaluation.protocol import decode_command


@pytest.mark.parametrize("struct", Command.__args__)
def test_every_command_is_frozen_tagged_and_refuses_unknown_fields(struct):
    config = struct.__struct_config__
    assert (config.frozen, config.forbid_unknown_fields, config.tag) == (True, True, snake_case(struct.__name__))


def test_optional_fields_have_the_defaults_of_the_page():
    vote = decode_command({"type": "vote_check", "bid_id": "A", "check_id": "K", "passed": True})
    assert msgspec.to_builtins(vote) == {
        "type": "vote_check", "bid_id": "A", "check_id": "K", "passed": True, "ground": None, "page": None, "note": "",
        "cause": None,
    }  # fmt: skip
