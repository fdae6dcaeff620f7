"""Methods in the tender form: what the pack allows, what the document must say, the worked examples to their ranks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from benchmarks.evaluation_story import keep
from benchmarks.evaluation_story import steps as story
from evaluation import commands as cmd
from evaluation.protocol import Actor
from evaluation.room import Room, open_room
from evaluation.setup import RoomSetup
from expert_hub.foundation.rule_packs import RulePack, shipped_pack
from expert_hub.listings.evaluation_form import terms_of
from expert_hub.listings.rules import TenderForm, form_faults
from expert_hub.rooms.rules import RoomPlan, SeatPlan, setup_of
from expert_hub.sample.tender import tender_document

STARTS_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
ON = date(2026, 3, 2)
PROCUREMENT, ENGINEERING = (shipped_pack(name, ON) for name in ("government_procurement", "engineering_tender"))
_ALLOWED = replace(PROCUREMENT.rules["method.allowed"], value=("price_competition",), citation="AUC 50")
SALE = replace(PROCUREMENT, rules={**PROCUREMENT.rules, "method.allowed": _ALLOWED})
PRICE_60 = [
    {"id": "P1", "group": "price", "title": "投标报价", "kind": "formula", "full": "60"},
    {"id": "T1", "group": "technical", "title": "施工组织设计", "kind": "subjective", "full": "40", "step": "0.5"},
]
WEEKS = {"id": "W", "group": "deviation", "title": "Weeks late", "kind": "objective", "full": "52", "step": "1"}
SCORED = "comprehensive_evaluation"


def form_of(
    quotes: Sequence[str], evaluation: Mapping[str, Any], criteria: Sequence[Any] = (), **project: Any
) -> TenderForm:
    """The sample tender with other quotes, another method and other criteria."""
    document: Any = tender_document(STARTS_AT)
    bidders = [bid | {"quote_yuan": Decimal(quote), "brand": ""} for bid, quote in zip(document["bidders"] * 2, quotes)]  # noqa: B905
    for number, bid in enumerate(bidders):
        bid |= {"id": chr(ord("A") + number), "small_business": False}
        bidders[number] = bid
    return msgspec.convert(
        document
        | {"evaluation": evaluation, "criteria": list(criteria), "bidders": bidders}
        | {"project": document["project"] | {"ceiling_yuan": None} | project},
        TenderForm,
        strict=False,
    )


def setup_from(form: TenderForm, pack: RulePack) -> RoomSetup:
    # Stages and grounds of the review have other names under another law.
    names = {"stage": pack.value("prelim.stages")[0], "ground": pack.value("prelim.grounds")[0]}
    checks = [msgspec.structs.replace(check, **names) for check in form.checks]
    form = msgspec.structs.replace(form, checks=checks)
    seats = [SeatPlan(f"t{n}", f"a{n}", True, "host", f"W{n}") for n in range(5)]
    return setup_of(form, pack, RoomPlan("room", [("host", "Host")], seats))


def ranked(setup: RoomSetup, sheet: Mapping[tuple[str, str], str]) -> list[tuple[int, str, str, str]]:
    """Play the room until totals are known: rank, bid, total and reviewed price."""
    room, host = Room(), Actor("host_operator", venue_id="host")
    at = setup.starts_at
    keep(room, [], room.number(open_room(setup), "c", Actor("system"), at))
    for actor, command in story(setup):
        if isinstance(command, cmd.EnterScore):
            continue
        if isinstance(command, cmd.SubmitSheet):
            for (bid_id, criterion_id), value in sheet.items():
                entered = room.handle(cmd.EnterScore(bid_id, criterion_id, value), actor, at)
                keep(room, [], room.number(entered, "s", actor, at))
        if isinstance(command, cmd.ProposeCandidates):
            break
        who = host if actor.role == "host_operator" else actor
        keep(room, [], room.number(room.handle(command, who, at), "c", who, at))
    assert room.state.totals is not None
    return [(one.rank, one.bid_id, one.total, one.reviewed_price) for one in room.state.totals.results]


def test_5_2_lowest_evaluated_price_from_the_form_to_the_ranks() -> None:
    form = form_of(("495000", "520000", "495000"), {"method": "lowest_evaluated_price"})
    small = [bid if bid.id != "B" else msgspec.structs.replace(bid, small_business=True) for bid in form.bidders]
    form = msgspec.structs.replace(form, bidders=small)
    assert [fault for fault in form_faults(form, PROCUREMENT) if fault["where"] != "bidders"] == []
    found = ranked(setup_from(form, PROCUREMENT), {})
    assert [(rank, bid, price) for rank, bid, _, price in found] == [
        (1, "B", "468000.00"),
        (2, "A", "495000.00"),
        (2, "C", "495000.00"),
    ]


def test_5_5_lowest_reviewed_bid_from_the_form_to_the_ranks() -> None:
    form = form_of(
        ("10000000", "9950000", "10080000"),
        {"method": "reviewed_lowest", "deviations": [{"criterion": "W", "unit_yuan": "20000"}]},
        [WEEKS],
    )
    weeks = {("A", "W"): "6", ("B", "W"): "13", ("C", "W"): "2"}
    found = ranked(setup_from(form, ENGINEERING), weeks)
    assert [(rank, bid, price) for rank, bid, _, price in found] == [
        (1, "A", "10120000.00"),
        (2, "C", "10120000.00"),
        (3, "B", "10210000.00"),
    ]


@pytest.mark.parametrize(
    ("said", "scores"),
    [
        ({}, "57.34 58.84 59.84 57.34 48.37"),
        ({"trim_table": "T4"}, "57.34 58.84 59.84 57.34 48.37"),
        ({"trim_table": "T6"}, "56.75 58.23 59.22 58.62 49.76"),
        ({"trim": [{"least": 6, "high": 1, "low": 1}]}, "56.75 58.23 59.22 58.62 49.76"),
    ],
)
def test_5_6_benchmark_price_from_the_form_to_the_marks(said: dict[str, Any], scores: str) -> None:
    form = form_of(
        ("9500000", "9800000", "10000000", "10300000", "11200000"),
        {"method": SCORED, **said},
        PRICE_60,
        item_class="works",
    )
    found = ranked(setup_from(form, ENGINEERING), {(bid.id, "T1"): "40" for bid in form.bidders})
    totals = {bid: Decimal(total) - 40 for _, bid, total, _ in found}
    assert [f"{totals[bid]:.2f}" for bid in "ABCDE"] == scores.split()


def test_5_6_k_and_f_of_the_document_with_a_ceiling() -> None:
    form = form_of(
        ("9500000", "9800000", "10000000", "10300000", "10400000", "11200000"),
        {"method": SCORED, "k": "0.6", "f": "0.02"},
        PRICE_60,
        item_class="works",
        ceiling_yuan="11500000",
    )
    found = ranked(setup_from(form, ENGINEERING), {(bid.id, "T1"): "40" for bid in form.bidders})
    totals = {bid: Decimal(total) - 40 for _, bid, total, _ in found}
    assert [f"{totals[bid]:.2f}" for bid in "ABCDEF"] == ["55.41", "56.84", "57.80", "59.23", "59.71", "52.94"]


def test_5_8_price_competition_from_the_form_to_the_ranks() -> None:
    form = form_of(("500", "520", "520"), {"method": "price_competition", "reserve_yuan": "480"})
    instants = [datetime(2026, 3, 1, 2, minute, tzinfo=UTC) for minute in (1, 3, 5)]
    offered = [msgspec.structs.replace(bid, offered_at=at) for bid, at in zip(form.bidders, instants, strict=True)]
    found = ranked(setup_from(msgspec.structs.replace(form, bidders=offered), SALE), {})
    assert [bid for _, bid, _, _ in found][:1] == ["B"]


def test_what_the_document_leaves_open_is_the_packs() -> None:
    form = form_of(("1", "2", "3"), {"method": SCORED}, PRICE_60)
    terms = terms_of(form, ENGINEERING)
    assert (terms.k, terms.f, terms.e_up, terms.e_down) == ("1", "0", "1.0", "0.5")
    assert [(row.least, row.high, row.low) for row in terms.trim] == [(4, 1, 1)]
    none = terms_of(form_of(("1",), {"method": SCORED, "trim_table": "none"}), ENGINEERING)
    assert none.trim == ()
    assert terms_of(form_of(("1",), {"method": "reviewed_lowest"}), ENGINEERING).trim == ()


def test_a_form_that_names_no_method_is_scored_comprehensively_as_forms_were_before() -> None:
    old = msgspec.convert(tender_document(STARTS_AT), TenderForm, strict=False)
    assert old.evaluation.method == "comprehensive_scoring"
    assert form_faults(old, PROCUREMENT) == []


TREE = {"groups": [{"id": "g", "title": "施工组织", "full": "40"}]}


@pytest.mark.parametrize(
    ("evaluation", "criteria", "pack", "where", "why"),
    [
        ({"method": "reviewed_lowest"}, [], PROCUREMENT, "evaluation.method", "O87 53"),
        ({"method": "comprehensive_scoring"}, PRICE_60, ENGINEERING, "evaluation.method", "O12 29"),
        ({"method": "guess"}, [], PROCUREMENT, "evaluation.method", "guess is none of"),
        ({"method": "lowest_evaluated_price"}, PRICE_60, PROCUREMENT, "evaluation", "gives no marks"),
        ({"method": "reviewed_lowest"}, [WEEKS], ENGINEERING, "evaluation", "priced deviations"),
        (
            {"method": "reviewed_lowest", "deviations": [{"criterion": "W", "unit_yuan": "much"}]},
            [WEEKS], ENGINEERING, "evaluation", "unit amount",
        ),
        ({"method": SCORED, "trim_table": "T5"}, PRICE_60, ENGINEERING, "evaluation.trim_table", "T4"),
        (
            {"method": SCORED, "trim_table": "T4", "trim": [{"least": 4, "high": 1, "low": 1}]},
            PRICE_60, ENGINEERING, "evaluation.trim", "exclude",
        ),
        (
            {"method": SCORED, "trim": [{"least": 2, "high": 1, "low": 1}]},
            PRICE_60, ENGINEERING, "evaluation", "leaves no quote",
        ),
        ({"method": SCORED, "k": "0.6"}, PRICE_60, ENGINEERING, "evaluation", "need a ceiling"),
        ({"method": SCORED, "f": "1"}, PRICE_60, ENGINEERING, "evaluation", "nothing of the benchmark"),
        ({"method": SCORED, "e_up": "-1"}, PRICE_60, ENGINEERING, "evaluation", "e_up"),
        ({"method": SCORED}, PRICE_60[1:], ENGINEERING, "criteria", "not to 100"),
        ({"method": SCORED, **TREE}, PRICE_60, ENGINEERING, "evaluation", "the marks below sum to 0"),
        (
            {"method": SCORED},
            [PRICE_60[0], PRICE_60[1] | {"parent": "nowhere"}], ENGINEERING, "evaluation", "unknown groups",
        ),
        ({"method": "price_competition"}, [], SALE, "evaluation", "instant of the offer"),
        ({"method": "price_competition", "reserve_yuan": "0"}, [], SALE, "evaluation", "reserve is 0"),
    ],
)  # fmt: skip
def test_every_fault_is_said_with_its_place_and_reason(
    evaluation: dict[str, Any], criteria: list[Any], pack: RulePack, where: str, why: str
) -> None:
    faults = form_faults(form_of(("300", "400", "500"), evaluation, criteria, item_class="works"), pack)
    found = [fault for fault in faults if fault["where"].startswith(("evaluation", "criteria"))]
    assert {fault["where"] for fault in found} == {where}
    assert why in found[0]["why"]


def test_a_tree_of_criteria_reaches_the_room() -> None:
    criteria = [PRICE_60[0], PRICE_60[1] | {"parent": "g"}]
    form = form_of(("300", "400", "500"), {"method": SCORED, **TREE}, criteria, item_class="works")
    setup = setup_from(form, ENGINEERING)
    assert [(group.group_id, group.full) for group in setup.groups] == [("g", "40")]
    assert [item.parent for item in setup.criteria] == ["", "g"]
    assert len(open_room(setup)) == 2


def test_o87_55_the_price_of_goods_weighs_at_least_three_tenths() -> None:
    light = [PRICE_60[0] | {"full": "20"}, PRICE_60[1] | {"full": "80"}]
    faults = form_faults(form_of(("300", "400", "500"), {}, light), PROCUREMENT)
    assert [fault["where"] for fault in faults if fault["where"].startswith("criteria")] == ["criteria.P1.full"]
