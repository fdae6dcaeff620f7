import msgspec
import pytest

from evaluation import commands as cmd
from evaluation.protocol import Actor
from evaluation.report import compile_report, standing_results
from evaluation.setup import BidSetup
from evaluation.stages import Stage

SEATS = ("S1", "S2", "S3", "S4", "S5")


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def test_er_17_the_report_holds_the_tables_the_law_names(new_play, setup):
    bids = (*setup.bids, BidSetup("D", "Rejected bidder", "", "700000", opened_price="7000000"))
    play = new_play(bids=bids).go(Stage.CHECK_IN)
    play.check_in("S2")
    play.do(cmd.SignPromise(True, "kin"), member("S2"))
    play.do(cmd.ReplaceSeat("S2", "T9", "conflict declared"), Actor("supervisor"))
    play.go(Stage.PRELIMINARY)
    play.vote_all({("D", "K2"): ("S1", "S2", "S3", "S4")})
    play.do(cmd.ClosePreliminary(), play.leader)
    play.go(Stage.CANDIDATES)
    play.do(cmd.ProposeCandidates("", "warranty"), play.leader)
    play.do(cmd.SignReport(False, "A is better"), member("S3"))
    play.do(cmd.NoteDeemedAgreed("S4", "silent"), play.leader)
    for seat_id in ("S1", "S2", "S5"):
        play.do(cmd.SignReport(True), member(seat_id))
    report = compile_report(play.room)

    assert report.project["lot_code"] == "LOT-1"
    assert report.project["stage"] == "closed"
    assert [(row.alias, row.leader, row.end, row.statement) for row in report.members] == [
        ("评委A", True, "signed", ""),
        ("评委B", False, "signed", ""),
        ("评委C", False, "signed_with_dissent", "A is better"),
        ("评委D", False, "deemed_agreed", "silent"),
        ("评委E", False, "signed", ""),
    ]
    assert [(row.alias, row.end, row.reason) for row in report.replacements] == [
        ("评委B", "replaced", "conflict declared")
    ]
    assert [(row.opened_price, row.quote) for row in report.opening_record][-1] == ("7000000", "700000")
    assert report.compliant == ("A", "B", "C")
    [rejection] = report.rejections
    assert (rejection.bidder, rejection.check, rejection.votes, rejection.seats, rejection.grounds) == (
        "Rejected bidder", "Below budget", 4, 5, (("P4", "12"),),
    )  # fmt: skip
    assert len(report.preliminary) == 8
    assert report.comparison[1].values == dict.fromkeys(("评委A", "评委B", "评委C", "评委D", "评委E"), "45.60")
    assert [row.sub_score for row in report.comparison if row.bid_id == "A"] == ["24.84", "45.60", "19.00"]
    assert [item.bid_id for item in report.ranking] == ["C", "A", "B"]
    assert [(item.place, item.bid_id) for item in report.candidates] == [(1, "C"), (2, "A"), (3, "B")]
    assert report.matters_before_contract == "warranty"
    assert (report.competition, report.failure) == (None, None)


def test_the_report_is_json_and_has_no_person_behind_an_alias(play):
    play.go(Stage.CLOSED)
    text = msgspec.json.encode(compile_report(play.room)).decode()
    assert not [tenure for tenure in ("T1", "T2", "T3", "T4", "T5") if f'"{tenure}"' in text]
    assert "S1" not in text


def test_a_report_before_the_last_submission_has_no_scores(play):
    play.go(Stage.PRELIMINARY)
    assert compile_report(play.room).preliminary == ()
    play.go(Stage.DETAILED)
    for seat_id in SEATS[:4]:
        play.fill(seat_id)
        play.do(cmd.SubmitSheet(), member(seat_id))
    report = compile_report(play.room)
    assert (report.comparison, report.ranking, report.candidates) == ((), (), ())


def test_answers_to_blocking_alerts_enter_the_report_and_warnings_do_not(play):
    base = {("A", "T"): "40", ("B", "T"): "41", ("C", "T"): "43", ("A", "B"): "19", ("B", "B"): "17", ("C", "B"): "18"}
    play.marks = dict.fromkeys(SEATS, base) | {"S4": {**base, ("A", "T"): "3", ("A", "B"): "18"}}
    play.go(Stage.CONSISTENCY_CHECK)
    play.do(cmd.AnswerAlert("A1", True, "weak concept"), member("S4"))
    play.do(cmd.AnswerAlert("A2", False, "misread", "19"), member("S4"))
    play.go(Stage.CLOSED)
    assert [(row.alias, row.previous, row.value, row.reason) for row in compile_report(play.room).changes] == [
        ("评委D", "18", "19", "misread")
    ]


def test_a_failed_tender_has_a_report_with_its_cause(play):
    play.go(Stage.PRELIMINARY)
    play.vote_all({("A", "K1"): SEATS})
    play.do(cmd.ClosePreliminary(), play.leader)
    report = compile_report(play.room)
    assert report.failure == {
        "type": "room_failed",
        "cause": "too_few_valid_bids",
        "bidders_counted": 2,
        "min_valid": 3,
    }
    assert report.comparison == ()


@pytest.mark.parametrize(("order", "passed_over"), [(("G", "H"), "H"), (("H", "G"), "G")])
def test_o87_art_31_a_settled_brand_tie_shows_in_the_ranking(new_play, setup, order, passed_over):
    bids = (*(BidSetup(name, name, "", "900000", brand="X") for name in "GH"), *setup.bids[:2])
    play = new_play(bids=bids)
    marks = {(bid.bid_id, "T"): "40" for bid in bids} | {(bid.bid_id, "B"): "10" for bid in bids}
    play.marks = {s: {**marks, ("A", "T"): "30", ("B", "T"): "20"} for s in SEATS}
    play.go(Stage.CANDIDATES)
    play.do(cmd.ResolveTie(order, "document", "rule 7.3"), play.leader)
    standing = {item.bid_id: item.candidacy for item in standing_results(play.room.state)}
    assert [bid_id for bid_id, candidacy in standing.items() if candidacy == "same_brand"] == [passed_over]
