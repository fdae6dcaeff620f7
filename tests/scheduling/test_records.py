import pytest

from scheduling.errors import InvalidRecordError
from scheduling.records import RELATION_KINDS, Relation


@pytest.mark.parametrize("kind", RELATION_KINDS)
def test_el_13_every_known_kind_makes_a_relation(kind: str) -> None:
    assert Relation(kind, "X").kind == kind


def test_unknown_kind_is_refused_since_it_would_clear_the_person() -> None:
    with pytest.raises(InvalidRecordError) as caught:
        Relation("employmnet", "X")
    assert caught.value.facts == {"kind": "employmnet"}
    assert caught.value.code == "draw/invalid-record"
