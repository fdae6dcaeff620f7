from scheduling.artefact import (
    Block,
    Figures,
    Lottery,
    LotteryClass,
    Places,
    Template,
    lottery_document,
    lottery_from_document,
    quota_counts,
    seats_per_class,
)
from scheduling.canonical import decode, encode

FIGURES = Figures("0.1", "0.2", "0.1", "0", "3.5", "0.01", pair_is_exact=True)
LOTTERY = Lottery(
    method="rejection",
    seats=3,
    unit_max=1,
    classes=(
        LotteryClass((0,), (Block(2, 3, 5), Block(1, 4, 6))),
        LotteryClass((0, 1), (Block(4, 1, 7),)),
    ),
    templates=(Template(5, 9, ((0, 0, 1), (1, 0, 1), (1, 1, 1))),),
    edges=((0, 5),),
    never=0,
    figures=FIGURES,
)


def test_a_lottery_survives_its_document() -> None:
    document = lottery_document(LOTTERY)
    assert lottery_from_document(document) == LOTTERY
    assert decode(encode(document)) == document


def test_classes_occupy_consecutive_positions() -> None:
    assert LOTTERY.starts() == [0, 3, 7]
    places = Places(LOTTERY)
    assert [places.class_of(position) for position in range(7)] == [0, 0, 0, 1, 1, 1, 1]
    assert [places.block_of(position) for position in range(4)] == [(0, 0), (0, 0), (0, 1), (1, 0)]


def test_a_point_falls_on_a_member_by_weight() -> None:
    places = Places(LOTTERY)
    assert places.weight_of(0) == 10
    assert [places.at(0, point) for point in range(10)] == [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    assert [places.at(1, point) for point in range(4)] == [3, 4, 5, 6]


def test_seats_and_eligible_candidates_are_counted() -> None:
    assert seats_per_class(LOTTERY.templates[0]) == {0: 1, 1: 2}
    assert quota_counts(LOTTERY, 2) == [7, 4]
