"""The values of an explanation are those of the document, and the committed ones hide small numbers."""

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from expert_hub.draws.errors import DrawFileUnreadable
from expert_hub.draws.explaining.explanation import (
    Explanation,
    explain_committed,
    explain_fair,
    explain_transcript,
)
from expert_hub.draws.explaining.transcript_form import FixedForm, LotteryForm, read_transcript_form
from scheduling.fair import build_fair_lottery, problem_from_csv
from tests.expert_hub.draws.pictured import golden


def explained(document: Any) -> Explanation:
    return explain_transcript(read_transcript_form(json.dumps(document).encode(), "t.json"), "t.json")


def test_counts_and_chances_are_those_of_the_transcript() -> None:
    document = golden()
    found = explained(document)
    assert (found.draw, found.state, found.level) == (document["commit"]["draw"], "complete", "federated")
    pool = document["commit"]["pool"]
    assert (found.funnel.pool, found.funnel.eligible) == (pool["size"], pool["eligible"])
    assert sum(group.people for group in found.groups) == pool["eligible"]
    inclusions = [block[2] / 10**12 for group in document["lottery"]["classes"] for block in group["blocks"]]
    assert min(group.low for group in found.groups) == min(inclusions)
    assert max(group.high for group in found.groups) == max(inclusions)
    assert [quota.eligible for quota in found.quotas] == document["commit"]["eligible"]


def test_regions_of_request_quota_and_venue_group_must_all_be_met() -> None:
    document = golden()
    request = document["commit"]["request"]
    request["regions"] = ["44"]
    request["venue_groups"] = [{"name": "east", "regions": ["4405"]}, {"name": "west", "regions": ["4408"]}]
    request["venue_group"] = "east"
    request["venue_city"] = "440500"
    request["quotas"][0] |= {"regions": ["4405", "4451"], "venue_group": "west", "alternates": 3}
    request["limits"] = [
        {"attribute": "home", "values": ["4405"], "low": 1, "high": 2},
        {"attribute": "venue_group", "values": ["west"], "low": 0, "high": 1},
        {"attribute": "title", "values": ["senior"], "low": 0, "high": 1},
    ]
    found = explained(document)
    assert found.quotas[0].region_sets == (("4405", "4451"), ("44",), ("4405",), ("4408",))
    assert found.quotas[0].alternates == 3
    assert found.quotas[1].region_sets == (("44",), ("4405",))
    assert found.places is not None
    assert (found.places.venue_city, found.places.limits) == ("440500", ((("4405",), 1, 2), (("4408",), 0, 1)))


@pytest.mark.parametrize("text", ["", "x", "-0.1", "1.1", "nan", "inf", "1e999", "１", "1_0"])
def test_figures_are_numbers_of_their_range(text: str) -> None:
    document = golden()
    document["lottery"]["figures"]["gini"] = text
    with pytest.raises(DrawFileUnreadable):
        explained(document)


def test_a_committed_draw_shows_no_number_below_k() -> None:
    document = golden()
    fixed = {key: document["commit"][key] for key in ("request", "pool", "eligible", "excluded")}
    fixed["request"] |= {"k_anonymity": 17}
    lottery = msgspec.convert(document["lottery"], LotteryForm)
    found = explain_committed("d1", msgspec.convert(fixed, FixedForm), lottery)
    assert (found.draw, found.state, found.level) == ("d1", "committed", "")
    assert all(group.people >= 17 for group in found.groups)
    assert sum(group.people for group in found.groups) == fixed["pool"]["eligible"]
    expected = [None if count < 17 else count for count in document["commit"]["eligible"]]
    assert [quota.eligible for quota in found.quotas] == expected
    assert None in expected


def lottery_of(people: int, fields: int) -> Any:
    rows = "\n".join(f"p{n},f{n % fields}" for n in range(people))
    quotas = "category,feature,min,max\n" + "\n".join(f"field,f{n},1,1" for n in range(fields))
    return build_fair_lottery(problem_from_csv(f"name,field\n{rows}\n", quotas))


def test_classes_of_two_tables_have_the_chances_of_their_members() -> None:
    found = explain_fair(lottery_of(7, 2), "l.json")
    assert [(group.people, group.low, group.high) for group in found.groups] == [
        (4, pytest.approx(1 / 4), pytest.approx(1 / 4)),
        (3, pytest.approx(1 / 3), pytest.approx(1 / 3)),
    ]
    assert (found.state, found.quotas, found.places, found.funnel.pool, found.funnel.seats) == (
        "lottery",
        (),
        None,
        7,
        2,
    )


def test_many_classes_are_shown_as_tenths_of_the_people() -> None:
    found = explain_fair(lottery_of(36, 12), "l.json")
    assert len(found.groups) == 10
    assert {group.classes for group in found.groups} == {0}
    assert sum(group.people for group in found.groups) == 36


def test_a_lottery_whose_weights_make_no_chances_is_refused() -> None:
    lottery = lottery_of(7, 2)
    broken = replace(lottery, templates=(replace(lottery.templates[0], seats=((0, 99),)),))
    with pytest.raises(DrawFileUnreadable):
        explain_fair(broken, "l.json")
