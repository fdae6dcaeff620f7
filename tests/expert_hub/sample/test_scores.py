"""The votes and marks tell one story: one rejection, one warning, no mismatch."""

from collections import Counter
from fractions import Fraction

from expert_hub.sample.parties import BIDS
from expert_hub.sample.scores import ALERT, LEADER_VOTES, MARKS, REJECTION, scores_document
from expert_hub.sample.tender import CHECKS, COMMITTEE_SIZE, ITEMS


def test_every_valid_bid_has_seven_marks_for_every_item_but_the_price() -> None:
    assert set(MARKS) == {bid.bid_id for bid in BIDS} - {REJECTION["bid"]}
    for items in MARKS.values():
        assert list(items) == [item.item_id for item in ITEMS if item.kind != "formula"]
        assert {len(marks) for marks in items.values()} == {COMMITTEE_SIZE}


def test_marks_lie_in_range_and_on_the_step() -> None:
    for items in MARKS.values():
        for item in ITEMS[:-1]:
            for mark in items[item.item_id]:
                assert 0 <= Fraction(mark) <= Fraction(item.full)
                assert Fraction(mark) % Fraction(item.step) == 0


def test_er_13_exactly_one_subjective_mark_is_an_outlier() -> None:
    outliers = []
    for bid, items in MARKS.items():
        for item in ITEMS[:8]:
            marks = [Fraction(mark) for mark in items[item.item_id]]
            for seat, mark in enumerate(marks, start=1):
                others = (sum(marks) - mark) / (len(marks) - 1)
                if abs(mark - others) > Fraction(3, 10) * Fraction(item.full):
                    outliers.append((seat, bid, item.item_id))
    assert outliers == [(ALERT["seat"], ALERT["bid"], ALERT["item"])] == [(5, "B3", "T1")]


def test_er_13_objective_items_agree() -> None:
    for items in MARKS.values():
        assert [len(set(items[item.item_id])) for item in ITEMS[8:11]] == [1, 1, 1]


def test_er_06_more_than_half_of_the_seats_reject_with_the_ground_of_the_check() -> None:
    assert REJECTION["seats"] == [1, 2, 3, 4, 6]
    assert 2 * len(REJECTION["seats"]) > COMMITTEE_SIZE
    assert (REJECTION["check"], REJECTION["ground"]) in [(check, ground) for check, _, ground in CHECKS]


def test_er_03_the_first_round_elects_an_expert() -> None:
    votes = Counter(LEADER_VOTES)
    assert len(LEADER_VOTES) == COMMITTEE_SIZE
    assert votes.most_common() == [(1, 5), (2, 2)]


def test_the_document_holds_all_of_it() -> None:
    document = scores_document()
    assert list(document) == ["lot", "leader_votes", "rejections", "alerts", "marks"]
    assert [row["bid"] for row in document["marks"]] == list(MARKS)
    assert document["marks"][2]["T1"] == ["9", "8.5", "8", "8.5", "4", "9", "8.5"]
