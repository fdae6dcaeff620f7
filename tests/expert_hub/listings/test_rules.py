from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from expert_hub.foundation.rule_packs import RulePack, shipped_pack
from expert_hub.listings.rules import STEPS, CriterionForm, LotState, TenderForm, form_faults
from expert_hub.sample.tender import tender_document

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> RulePack:
    return shipped_pack("government_procurement", date(2026, 3, 2))


def form_with(**changes: Any) -> TenderForm:
    """The sample tender with values replaced; keys are paths such as `project__item_class` or `criteria__0__full`."""
    document: Any = tender_document(STARTS_AT)
    for path, value in changes.items():
        place = document
        *way, last = [int(part) if part.isdigit() else part for part in path.split("__")]
        for part in way:
            place = place[part]
        place[last] = value
    return msgspec.convert(document, TenderForm, strict=False)


def test_the_sample_tender_is_lawful(pack: RulePack) -> None:
    assert form_faults(form_with(), pack) == []


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"bidders__0__uscc": "91440199000000115Q"}, "bidders.B1.uscc"),
        ({"bidders__0__quote_yuan": "0"}, "bidders.B1.quote_yuan"),
        ({"bidders__1__id": "B1"}, "bidders"),
        ({"bidders__1__uscc": "91440199000000115P"}, "bidders"),
        ({"checks__0__stage": "form"}, "checks.K1.stage"),
        ({"checks__0__ground": "R1"}, "checks.K1.ground"),
        ({"criteria__0__full": "9"}, "criteria"),
        ({"criteria__0__full": "abc"}, "criteria.T1.full"),
        ({"criteria__0__kind": "guess"}, "criteria.T1.kind"),
        ({"criteria__0__kind": "formula"}, "criteria"),
        ({"project__item_class": "works"}, "project.item_class"),
        ({"project__procuring_entity__uscc": "x"}, "project.procuring_entity.uscc"),
        ({"project__designer": {"name": "d", "uscc": "x"}}, "project.designer.uscc"),
        ({"project__competent_department": {"name": "d", "uscc": "x"}}, "project.competent_department.uscc"),
        ({"bidders__0__controllers": [{"name": "o", "uscc": "x"}]}, "bidders.B1.controllers.o.uscc"),
        ({"committee__quotas": []}, "committee.quotas"),
        ({"lot__bid_deadline": datetime(2026, 3, 3, tzinfo=UTC)}, "lot"),
        ({"criteria": []}, "criteria"),
        ({"project__budget_yuan": "NaN"}, "project.budget_yuan"),
        ({"project__budget_yuan": "-1"}, "project.budget_yuan"),
        ({"project__budget_yuan": "1e6"}, "project.budget_yuan"),
        ({"project__ceiling_yuan": "Infinity"}, "project.ceiling_yuan"),
        ({"bidders__0__quote_yuan": "1e999999999"}, "bidders.B1.quote_yuan"),
        ({"bidders__0__quote_yuan": "1.005"}, "bidders.B1.quote_yuan"),
        ({"criteria__0__step": "0"}, "criteria.T1.step"),
        ({"criteria__0__step": "NaN"}, "criteria.T1.step"),
        ({"criteria__0__low": "-5"}, "criteria.T1.low"),
        ({"criteria__0__low": "10"}, "criteria.T1.low"),
        ({"criteria__0__full": "１０"}, "criteria.T1.full"),
        ({"lot__bid_deadline": datetime(1, 1, 1, tzinfo=UTC)}, "lot"),
        ({"lot__evaluation_ends_at": datetime(9999, 12, 31, tzinfo=UTC)}, "lot"),
    ],
)
def test_each_fault_is_named_with_its_place(pack: RulePack, changes: dict[str, Any], where: str) -> None:
    assert where in {fault["where"] for fault in form_faults(form_with(**changes), pack)}


def test_o87_55_price_of_goods_weighs_at_least_30_percent(pack: RulePack) -> None:
    form = form_with(criteria__0__full="11", criteria__11__full="29")
    (fault,) = form_faults(form, pack)
    assert fault["where"] == "criteria.P1.full"
    assert "O87 55" in fault["why"]


def test_o87_55_price_of_services_may_weigh_less(pack: RulePack) -> None:
    form = form_with(criteria__0__full="11", criteria__11__full="29", project__item_class="services")
    assert form_faults(form, pack) == []


def test_a_lot_ends_evaluated_or_failed() -> None:
    assert {state for state, following in STEPS.items() if not following} == {LotState.EVALUATED, LotState.FAILED}


def test_what_the_room_counts_as_marks_is_what_must_add_up(pack: RulePack) -> None:
    extra = {"id": "D1", "group": "business", "title": "扣分", "kind": "deduction", "full": "5"}
    form = form_with()
    with_deduction = msgspec.structs.replace(form, criteria=[*form.criteria, msgspec.convert(extra, CriterionForm)])
    assert form_faults(with_deduction, pack) == []


def test_one_party_in_two_spellings_is_one_party(pack: RulePack) -> None:
    form = form_with(bidders__1__uscc=f" {form_with().bidders[0].uscc.lower()}")
    assert form.bidders[1].uscc == form.bidders[0].uscc
    assert "bidders" in {fault["where"] for fault in form_faults(form, pack)}


def test_a_natural_person_controls_without_a_credit_code(pack: RulePack) -> None:
    assert form_faults(form_with(bidders__0__controllers=[{"name": "样例控制人"}]), pack) == []
