from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.draws.preparing.requests import Officers, committee_rules, draw_opens_at, request_of
from expert_hub.foundation.clock import HUB_ZONE
from expert_hub.foundation.rule_packs import RulePack, shipped_pack
from expert_hub.listings.rules import TenderForm
from expert_hub.sample.tender import tender_document
from scheduling.demand import Committee, Limit, VenueGroup
from scheduling.errors import KernelError
from scheduling.lawful import refusals
from scheduling.request import DrawRequest
from scheduling.request_checks import ensure_valid

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ON = date(2026, 3, 2)
QUOTA = {"id": "q", "speciality": "B0132", "count": 4}


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return shipped_pack("government_procurement", ON)


@pytest.fixture(scope="module")
def centre() -> RulePack:
    return shipped_pack("centre_settings", ON)


def _form(**changes: Any) -> TenderForm:
    document: Any = tender_document(STARTS_AT)
    for part, values in changes.items():
        document[part] = {**document[part], **values}
    return msgspec.convert(document, TenderForm, strict=False)


def _request(pack: RulePack, centre: RulePack, **changes: Any) -> DrawRequest:
    return request_of("d", _form(**changes), pack, centre, Officers("a", "b"))


def _refused(pack: RulePack, centre: RulePack, **changes: Any) -> list[str]:
    found: tuple[KernelError, ...] = refusals(_request(pack, centre, **changes), committee_rules(pack), STARTS_AT)
    return [error.code for error in found]


def test_every_number_comes_from_the_pack_or_the_centre(pack: RulePack, centre: RulePack) -> None:
    request = _request(pack, centre)
    ensure_valid(request)
    assert request.window_years == pack.value("conflict.window_years")
    assert request.alternates_min == pack.value("draw.alternates_min") == 2
    assert (request.co_service_max, request.co_service_days) == (5, 365)
    assert request.pack_hash == pack.sha256
    assert request.venue_city == "440100"
    assert request.committee == Committee(7, 1, "样例采购人授权书（2026）1号", "tender", 1_200_000_000, ())


def test_cf_03_all_parties_are_compared(pack: RulePack, centre: RulePack) -> None:
    party = {"name": "设计院", "uscc": "91110000600037341L", "former_names": ["旧设计院"]}
    document: Any = tender_document(STARTS_AT)
    document["project"] |= {"designer": party, "competent_department": party}
    document["bidders"][0]["controllers"] = [{"name": "控股人"}]
    document["lot"]["repeats"] = ["OLD-1"]
    form = msgspec.convert(document, TenderForm, strict=False)
    request = request_of("d", form, pack, centre, Officers("a"))
    roles = [item.role for item in request.parties]
    # Five bidders, the second member of one consortium.
    assert (roles.count("bidder"), roles.count("consortium_member"), roles.count("controller")) == (5, 1, 1)
    assert {"procuring_entity", "agency", "competent_department", "supervising_department", "designer"} <= set(roles)
    assert [item.former_names for item in request.parties if item.role == "designer"] == [("旧设计院",)]
    assert request.project_refs[2:] == ("OLD-1",)


def test_dr_07_wishes_about_the_panel_arrive(pack: RulePack, centre: RulePack) -> None:
    request = _request(
        pack,
        centre,
        committee={
            "quotas": [{**QUOTA, "count": 6, "accept_ancestor": True, "venue_group": "west", "alternates": 3}],
            "regions": ["44"],
            "venue_group": "west",
            "venue_groups": [{"name": "west", "regions": ["4408"]}],
            "limits": [{"id": "l", "attribute": "title", "values": ["senior"], "min": 1}],
            "local": {"regions": ["4401"], "max": 2},
        },
    )
    ensure_valid(request)
    quota = request.quotas[0]
    assert (quota.accept_ancestor, quota.venue_group, request.alternates_of(quota)) == (True, "west", 3)
    assert request.venue_groups == (VenueGroup("west", ("4408",)),)
    assert request.limits == (Limit("l", "title", ("senior",), 1, 6), Limit("local", "home", ("4401",), 0, 2))
    assert (request.regions, request.venue_group) == (("44",), "west")


@pytest.mark.parametrize(
    ("committee", "codes"),
    [
        ({}, []),
        ({"size": 5, "quotas": [QUOTA]}, ["committee/too-small"]),
        ({"size": 5, "quotas": [QUOTA], "procedure": "group"}, []),
        ({"size": 3, "quotas": [{**QUOTA, "count": 2}], "procedure": "group"}, []),
        (
            {
                "size": 3,
                "quotas": [{**QUOTA, "count": 2}],
                "procedure": "group",
                "traits": ["above_open_tender_threshold"],
            },
            ["committee/too-small"],
        ),
        (
            {"representatives": 3, "quotas": [QUOTA]},
            ["committee/expert-share", "committee/too-many-representatives"],
        ),
        ({"mandate": ""}, ["committee/no-mandate"]),
    ],
)
def test_hard_errors_of_chapter_3(
    pack: RulePack, centre: RulePack, committee: dict[str, Any], codes: list[str]
) -> None:
    assert _refused(pack, centre, committee=committee) == codes


def test_dr_02_five_are_enough_below_ten_million_yuan_unless_the_project_is_complex(
    pack: RulePack, centre: RulePack
) -> None:
    five = {"size": 5, "quotas": [QUOTA]}
    assert _refused(pack, centre, project={"budget_yuan": "9999999.99"}, committee=five) == []
    refused = _refused(pack, centre, project={"budget_yuan": "1"}, committee={**five, "traits": ["complex"]})
    assert refused == ["committee/too-small"]


def test_dr_10_two_working_days_but_not_for_remote_evaluation_or_groups(pack: RulePack) -> None:
    assert draw_opens_at(_form(), pack) is None
    on_site = {"remote": False}
    # 2 March 2026 is a Monday, and Saturday 28 February a working day in exchange for the Spring Festival.
    assert draw_opens_at(_form(lot=on_site), pack) == datetime(2026, 2, 27, tzinfo=HUB_ZONE)
    assert draw_opens_at(_form(lot=on_site, committee={"procedure": "group"}), pack) is None


def test_cq_30_engineering_opens_a_day_before(centre: RulePack) -> None:
    pack = shipped_pack("engineering_tender", ON)
    assert draw_opens_at(_form(lot={"remote": False}), pack) == datetime(2026, 3, 1, 1, 30, tzinfo=UTC)
    assert committee_rules(pack).direct_consent is False
