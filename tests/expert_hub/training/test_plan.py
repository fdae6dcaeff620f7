"""What a training may be made with, and the tender that is invented for it."""

from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from expert_hub.foundation.rule_packs import shipped_pack
from expert_hub.listings.rules import TenderForm, form_faults
from expert_hub.sample.tender import tender_document
from expert_hub.training.plan import TrainingPlan, TrainingRefused, check_plan, invented_tender, methods

PLAN = TrainingPlan(Path("training"), "member")
TENDER = tender_document(datetime(2026, 3, 2, 1, 30, tzinfo=UTC))


@pytest.mark.parametrize("seats", [5, 7, 9])
def test_the_invented_tender_has_the_committee_asked_for_and_is_one_that_a_centre_registers(seats: int) -> None:
    plan = msgspec.structs.replace(PLAN, seats=seats)
    check_plan(plan)
    form = msgspec.convert(invented_tender(TENDER, plan), TenderForm, strict=False)
    assert form_faults(form, shipped_pack("government_procurement", date(2026, 3, 2))) == []
    assert form.committee.size == seats
    assert sum(quota.count for quota in form.committee.quotas) + form.committee.representatives == seats
    assert form.project.name.startswith("【演练 TRAINING】")


@pytest.mark.parametrize("changes", [{"seats": 6}, {"seats": 3}, {"seats": 11}, {"part": "king"}, {"method": "dice"}])
def test_what_cannot_be_made_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(TrainingRefused):
        check_plan(msgspec.structs.replace(PLAN, **changes))


def test_every_method_of_a_room_can_be_chosen() -> None:
    for method in methods():
        check_plan(msgspec.structs.replace(PLAN, method=method))
    assert "comprehensive_scoring" in methods()
