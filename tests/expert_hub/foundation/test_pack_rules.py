"""A pack is frozen and gives its values by type."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from expert_hub.foundation.pack_rules import Duration, Mark
from expert_hub.foundation.rule_packs import shipped_pack

PROCUREMENT = shipped_pack("government_procurement", date(2026, 3, 2))


def test_typed_access() -> None:
    assert PROCUREMENT.integer("committee.min_members") == 5
    assert PROCUREMENT.flag("committee.odd") is True
    assert PROCUREMENT.text("draw.mode") == "random"
    assert PROCUREMENT.texts("prelim.stages") == ("compliance",)
    assert PROCUREMENT.decimal("score.step") == Decimal("0.01")
    assert PROCUREMENT.fraction("committee.rep_max") == Fraction(1, 3)
    assert PROCUREMENT.duration("outage.prestart") == Duration(120, "min")
    assert PROCUREMENT.span("notify.arrival") == timedelta(hours=1)
    assert PROCUREMENT.span("clock.submission") == timedelta(days=20)


def test_a_rule_that_does_not_apply_has_no_mark() -> None:
    rule = PROCUREMENT.rule("benchmark.e_up")
    assert (rule.value, rule.citation, rule.mark, rule.is_applicable) == (None, "", None, False)
    assert PROCUREMENT.rule("draw.mode").mark is Mark.VERIFIED


def test_a_pack_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        PROCUREMENT.rules["committee.odd"] = PROCUREMENT.rules["leader.method"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        PROCUREMENT.version = "2"  # type: ignore[misc]


def test_typed_access_refuses_another_type_and_an_absent_rule() -> None:
    for access in (lambda: PROCUREMENT.integer("committee.odd"), lambda: PROCUREMENT.text("benchmark.e_up")):
        with pytest.raises(TypeError):
            access()
    with pytest.raises(TypeError, match="not a duration"):
        PROCUREMENT.duration("score.step")
    with pytest.raises(TypeError, match="counted on the calendar"):
        PROCUREMENT.span("draw.earliest")
    with pytest.raises(KeyError):
        PROCUREMENT.rule("committee.minimum")
