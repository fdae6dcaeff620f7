from collections.abc import Callable

import pytest

from scheduling.demand import Quota
from scheduling.pool import CandidateRecord, Pool
from scheduling.request import DrawRequest
from scheduling.specialities import ancestor_holders, holders, match_of, matched_code


@pytest.mark.parametrize(
    ("held", "asked", "ancestor", "how"),
    [
        ("A0801", "A0801", False, "self"),
        ("A080101", "A0801", False, "descendant"),
        ("A0801", "A", False, "descendant"),
        ("A08", "A0801", False, ""),
        ("A08", "A0801", True, "ancestor"),
        ("A09", "A0801", True, ""),
        ("", "A0801", True, ""),
    ],
)
def test_el_08_how_a_code_meets_a_quota(held: str, asked: str, ancestor: bool, how: str) -> None:
    assert match_of(held, Quota("q", asked, 1, accept_ancestor=ancestor), "self_or_descendant") == how


def test_exact_match_takes_no_descendant() -> None:
    assert match_of("A0801", Quota("q", "A08", 1), "exact") == ""
    assert match_of("A08", Quota("q", "A0801", 1, accept_ancestor=True), "exact") == "ancestor"


def test_el_08_who_meets_by_an_ancestor_only_and_by_which_code(
    make_record: Callable[..., CandidateRecord], make_request: Callable[..., DrawRequest]
) -> None:
    held = (("A08",), ("A08", "A080101"), ("A", "A08"), ("B",))
    pool = Pool.from_records(make_record(number, specialities=codes) for number, codes in enumerate(held))
    request, quota = make_request(), Quota("q", "A0801", 1, accept_ancestor=True)
    assert holders(pool, request, quota).tolist() == [True, True, True, False]
    assert ancestor_holders(pool, request, quota).tolist() == [True, False, True, False]
    assert not ancestor_holders(pool, request, Quota("q", "A0801", 1)).any()
    assert [matched_code(pool, request, quota, index) for index in range(4)] == [
        ("A08", "ancestor"),
        ("A080101", "descendant"),
        ("A", "ancestor"),
        ("", ""),
    ]
