from collections.abc import Callable

import numpy as np
import pytest

from scheduling.canonical import encode
from scheduling.demand import Quota
from scheduling.eligibility import Eligibility
from scheduling.prediction_risk import PredictionRisk, RiskLimits, RiskReason, prediction_risk
from scheduling.records import CandidateRecord

Maker = Callable[..., CandidateRecord]
Assessed = Callable[..., Eligibility]


def codes(risk: PredictionRisk) -> list[list[tuple[str, str]]]:
    return [[(reason.code, reason.level) for reason in quota.reasons] for quota in risk.quotas]


def pool_of(make_record: Maker, *sizes: tuple[str, int]) -> list[CandidateRecord]:
    places = [place for place, size in sizes for _ in range(size)]
    return [make_record(number, region_code=place) for number, place in enumerate(places)]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (4, [("few_people", "high"), ("few_per_seat", "high")]),
        (11, [("few_per_seat", "high")]),
        (12, [("few_per_seat", "medium")]),
        (39, [("few_per_seat", "medium")]),
        (40, []),
    ],
)
def test_people_per_seat_and_size_of_the_set(
    make_record: Maker, assessed: Assessed, size: int, expected: list[tuple[str, str]]
) -> None:
    # Three seats and one alternate.
    risk = prediction_risk(assessed(pool_of(make_record, ("440100", size))), {})
    assert codes(risk) == [expected]
    assert risk.level == (expected[0][1] if expected else "low")
    assert (risk.quotas[0].anonymity, risk.quotas[0].need, risk.quotas[0].ratio_hundredths) == (size, 4, 25 * size)


@pytest.mark.parametrize(("most", "level"), [(2, None), (3, "medium"), (5, "medium"), (6, "high")])
def test_who_was_drawn_often_is_guessed_first(
    make_record: Maker, assessed: Assessed, most: int, level: str | None
) -> None:
    eligibility = assessed(pool_of(make_record, ("440100", 50)))
    risk = prediction_risk(eligibility, {"e0003": most, "e0004": 1, "stranger": 99})
    assert codes(risk) == [[("often_drawn", level)] if level else []]
    assert (risk.quotas[0].drawn, risk.quotas[0].most_drawn) == (2, most)
    array = np.zeros(50, dtype=np.int64)
    array[[3, 4]] = most, 1
    assert prediction_risk(eligibility, array) == risk


def test_colleagues_count_once_per_seat_and_draws_of_others_do_not_count(
    make_record: Maker, assessed: Assessed
) -> None:
    records = [make_record(number, employer_name=f"单位{number % 4}") for number in range(50)]
    records.append(make_record(60, specialities=("B01",)))
    risk = prediction_risk(assessed(records), {"e0060": 9})
    assert codes(risk) == [[("few_per_seat", "high")]]
    assert (risk.quotas[0].anonymity, risk.quotas[0].together, risk.quotas[0].most_drawn) == (50, 4, 0)


def test_a_widening_is_suggested_from_the_least_painful_on(make_record: Maker, assessed: Assessed) -> None:
    records = pool_of(make_record, ("440100", 6), ("440300", 20), ("440600", 20), ("450100", 90))
    quotas = (Quota("q", "A0801", 3, ("4401",)),)
    risk = prediction_risk(assessed(records, quotas=quotas), {})
    assert [change.text("en") for change in risk.quotas[0].widening] == [
        "widen region of A0801 (q) to 2 more cities: 4403, 4406"
    ]
    enough = prediction_risk(assessed(records, quotas=quotas), {}, RiskLimits(medium_ratio=5, high_ratio=2))
    assert enough.quotas[0].widening[0].values == ("4403",)
    alone = prediction_risk(assessed(records[:6], quotas=quotas), {})
    assert alone.quotas[0].widening == ()


def test_cf_08_the_document_shows_no_number_of_a_few_people(make_record: Maker, assessed: Assessed) -> None:
    records = pool_of(make_record, ("440100", 4), ("440300", 40))
    quotas = (Quota("q", "A0801", 3, ("4401",)), Quota("r", "A0801", 3))
    document = prediction_risk(assessed(records, quotas=quotas), {"e0000": 7, "e0020": 1}).document(5)
    assert [quota["anonymity"] for quota in document["quotas"]] == [None, 44]
    assert [quota["ratio_hundredths"] for quota in document["quotas"]] == [None, 1100]
    assert [quota["drawn"] for quota in document["quotas"]] == [None, None]
    assert document["level"] == "high"
    assert encode(document)


def test_reasons_have_texts_in_both_languages() -> None:
    for code in ("few_people", "few_per_seat", "often_drawn"):
        reason = RiskReason(code, "high")
        assert reason.text("en") != reason.text("zh")


def test_a_request_without_quotas_has_no_risk() -> None:
    assert PredictionRisk(()).level == "low"
