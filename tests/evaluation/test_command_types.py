import pytest

from evaluation.command_types import snake_case


@pytest.mark.parametrize(
    ("name", "tag"), [("VoteLeader", "vote_leader"), ("Archive", "archive"), ("NoteDeemedAgreed", "note_deemed_agreed")]
)
def test_tags_are_class_names_in_snake_case(name, tag):
    assert snake_case(name) == tag
