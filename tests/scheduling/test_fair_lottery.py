from scheduling.canonical import decode, encode
from scheduling.fair_lottery import FairClass, FairLottery, FairTemplate, Figures, fair_document, fair_from_document

LOTTERY = FairLottery(
    people=3,
    seats=1,
    method="rejection",
    classes=(FairClass((0, 2), (5, 7)), FairClass((1,))),
    templates=(FairTemplate(4, ((0, 1),), 77), FairTemplate(2, ((1, 1),))),
    units=(0, -1, 1),
    unit_max=2,
    never=(),
    figures=Figures(0.25, 0.5, 0.3, 0.1, 1.5, 0.125, pair_is_exact=False),
)


def test_a_lottery_survives_its_canonical_document():
    assert fair_from_document(decode(encode(fair_document(LOTTERY)))) == LOTTERY


def test_the_document_holds_no_number_with_a_fraction():
    assert fair_document(LOTTERY)["figures"]["min_probability"] == "0.25"
