from typing import Any

import msgspec
import pytest

from expert_hub.listings.committee import AvoidForm, CommitteeForm, committee_faults

QUOTA = {"id": "q1", "speciality": "B0132", "count": 6}
GROUP = {"name": "west", "regions": ["4408", "4409"]}
LIMIT = {"id": "l1", "attribute": "region", "values": ["4401"], "min": 1, "max": 3}


def _committee(**changes: Any) -> CommitteeForm:
    return msgspec.convert({"size": 7, "representatives": 1, "quotas": [QUOTA], **changes}, CommitteeForm)


def test_a_form_of_the_first_version_is_still_read() -> None:
    old = {"size": 7, "representatives": 1, "alternates": 2, "quotas": [{**QUOTA, "regions": ["44"]}]}
    committee = msgspec.convert(old, CommitteeForm)
    assert committee_faults(committee) == []
    assert (committee.procedure, committee.direct, committee.limits) == ("tender", None, [])


def test_everything_that_a_request_can_say() -> None:
    committee = _committee(
        quotas=[{**QUOTA, "regions": ["44"], "accept_ancestor": True, "venue_group": "west", "alternates": 3}],
        mandate="授权书1号",
        procedure="group",
        traits=["complex"],
        regions=["44"],
        venue_group="west",
        venue_groups=[GROUP],
        limits=[
            LIMIT,
            {"id": "l2", "attribute": "venue_group", "values": ["west"], "max": 2},
            {"id": "l3", "attribute": "title", "values": ["full_senior"], "min": 1},
        ],
        local={"regions": ["4401"], "max": 2},
        direct={"experts": ["n1"], "reason": "r", "approver": "a", "evidence": "e", "consent": "c"},
    )
    assert committee_faults(committee) == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"quotas": []}, "committee.quotas"),
        ({"quotas": [QUOTA, QUOTA]}, "committee.quotas"),
        ({"quotas": [{**QUOTA, "speciality": "Z01"}]}, "committee.quotas.q1.speciality"),
        ({"quotas": [{**QUOTA, "regions": ["4x"]}]}, "committee.quotas.q1.regions"),
        ({"quotas": [{**QUOTA, "venue_group": "east"}]}, "committee.quotas.q1.venue_group"),
        ({"venue_groups": [GROUP, GROUP]}, "committee.venue_groups"),
        ({"venue_groups": [{**GROUP, "regions": []}]}, "committee.venue_groups.west.regions"),
        ({"regions": ["中国"]}, "committee.regions"),
        ({"venue_group": "east"}, "committee.venue_group"),
        ({"limits": [LIMIT, LIMIT]}, "committee.limits"),
        ({"limits": [{**LIMIT, "values": []}]}, "committee.limits.l1.values"),
        ({"limits": [{**LIMIT, "attribute": "title", "values": []}]}, "committee.limits.l1.values"),
        ({"limits": [{**LIMIT, "attribute": "venue_group", "values": ["east"]}]}, "committee.limits.l1.venue_group"),
        ({"limits": [{**LIMIT, "min": 4}]}, "committee.limits.l1"),
        ({"limits": [{**LIMIT, "id": "local"}], "local": {"regions": ["44"]}}, "committee.limits"),
        ({"local": {"regions": []}}, "committee.local.regions"),
        ({"local": {"regions": ["44"], "min": 3, "max": 2}}, "committee.local"),
        ({"direct": {"experts": ["a", "a"], "reason": "r"}}, "committee.direct.experts"),
    ],
)
def test_contradictions_are_named_with_their_place(changes: dict[str, Any], where: str) -> None:
    assert [fault["where"] for fault in committee_faults(_committee(**changes))] == [where]


def test_codes_of_the_avoid_list_have_one_spelling() -> None:
    assert AvoidForm("n", "r", " 91440199000000115p ").uscc == "91440199000000115P"
