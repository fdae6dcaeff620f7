import pytest

from evaluation import commands as cmd
from evaluation.correction_state import Signature
from evaluation.errors import ReasonMissing, UnknownSeat
from evaluation.events import AgreementDeemed, ReportSigned, StageChanged, TieResolved
from evaluation.events_review import MotionDecided
from evaluation.findings import OpenTie
from evaluation.protocol import Actor
from evaluation.refusals import (
    AlreadySigned,
    DeemingForbidden,
    DissentMissing,
    DissentOnAgreement,
    TieMethodForbidden,
    TieOpen,
    TieUnknown,
)
from evaluation.refusals_correction import CorrectionsOpen, DigestMismatch, SeedMissing
from evaluation.setup import BidSetup
from evaluation.signed_report import report_digest
from evaluation.stages import Stage

SEATS = ("S1", "S2", "S3", "S4", "S5")
TIED_BIDS = (BidSetup("D", "d", "", "900000"), BidSetup("E", "e", "", "1000000"), BidSetup("F", "f", "", "900000"))
TIED = {("D", "T"): "44", ("E", "T"): "46", ("F", "T"): "43", ("D", "B"): "16", ("E", "B"): "17", ("F", "B"): "17"}


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def tied_play(new_play, **rules):
    play = new_play(bids=TIED_BIDS, rules=rules)
    play.marks = dict.fromkeys(SEATS, TIED)
    return play.go(Stage.CANDIDATES)


def test_o87_art_57_example_2_stays_open_until_document_or_draw_decides(new_play):
    play = tied_play(new_play)
    assert [(item.bid_id, item.rank) for item in play.room.state.totals.results] == [("D", 1), ("F", 1), ("E", 3)]
    assert play.room.state.open_ties == (OpenTie("place", ("D", "F")),)
    with pytest.raises(TieOpen):
        play.do(cmd.ProposeCandidates(), play.leader)
    with pytest.raises(TieUnknown):
        play.do(cmd.ResolveTie(("D", "E"), "draw", "drawn"), play.leader)
    with pytest.raises(TieMethodForbidden):
        play.do(cmd.ResolveTie(("D", "F"), "committee_vote", "voted"), play.leader)
    with pytest.raises(ReasonMissing):
        play.do(cmd.ResolveTie(("F", "D"), "draw", ""), play.leader)
    play.seed, seed = "", play.seed
    with pytest.raises(SeedMissing):
        play.do(cmd.ResolveTie(("D", "F"), "draw", "drawn before all members"), play.leader)
    play.seed = seed
    events = play.do(cmd.ResolveTie(("D", "F"), "draw", "drawn before all members"), play.leader)
    assert events == [TieResolved("place", ("F", "D"), "draw", "drawn before all members", (), seed)]
    proposed = play.do(cmd.ProposeCandidates("", "delivery date"), play.leader)[0]
    assert [(item.place, item.bid_id) for item in proposed.candidates] == [(1, "F"), (2, "D"), (3, "E")]
    assert proposed.matters_before_contract == "delivery date"


def test_n1117_2_engineering_settles_a_last_tie_by_vote_and_never_by_lot(new_play):
    play = tied_play(new_play, tie_final="document_else_committee_vote")
    with pytest.raises(TieMethodForbidden):
        play.do(cmd.ResolveTie(("F", "D"), "draw", "drawn"), play.leader)
    play.do(cmd.ResolveTie(("F", "D"), "committee_vote", "F has the better warranty"), play.leader)
    with pytest.raises(CorrectionsOpen):
        play.do(cmd.ProposeCandidates(), play.leader)
    assert play.decide("M1", 2)[1:] == [MotionDecided("M1", False, 2, 5)]
    with pytest.raises(TieOpen):
        play.do(cmd.ProposeCandidates(), play.leader)
    play.do(cmd.ResolveTie(("D", "F"), "committee_vote", "D costs less to run"), play.leader)
    assert play.decide("M2", 3)[-1] == TieResolved("place", ("D", "F"), "committee_vote", "D costs less to run", ())
    play.go(Stage.ARCHIVED)


def test_o87_art_31_a_brand_tie_is_settled_before_the_places(new_play, setup):
    bids = (
        *(BidSetup(name, name, "", "900000", brand="X") for name in "GH"),
        *setup.bids[:2],
        BidSetup("I", "i", "", "900000"),
    )
    play = new_play(bids=bids)
    sheet = {(bid.bid_id, "T"): "40" for bid in bids} | {(bid.bid_id, "B"): "10" for bid in bids}
    play.marks = {key: {**sheet, ("A", "T"): "30", ("B", "T"): "20"} for key in SEATS}
    play.go(Stage.CANDIDATES)
    assert play.room.state.open_ties == (OpenTie("brand", ("G", "H")),)
    [event] = play.do(cmd.ResolveTie(("H", "G"), "document", "rule 7.3"), play.leader)
    assert event.open_ties == (OpenTie("place", ("H", "I")),)
    play.do(cmd.ResolveTie(("I", "H"), "draw", "drawn"), play.leader)
    proposed = play.do(cmd.ProposeCandidates(), play.leader)[0]
    assert [item.bid_id for item in proposed.candidates] == ["I", "H", "A"]


@pytest.fixture
def signing(play):
    return play.go(Stage.REPORT_SIGNING)


def test_tbr_art_53_the_four_ends_close_the_room(new_play):
    play = new_play().go(Stage.CHECK_IN)
    play.check_in("S5")
    play.do(cmd.SignPromise(True, "kin"), member("S5"))
    play.do(cmd.ReplaceSeat("S5", "T9", "kin"), Actor("supervisor"))
    play.go(Stage.REPORT_SIGNING)
    play.do(cmd.SignReport(True), member("S1"))
    play.do(cmd.SignReport(False, "B should lead"), member("S2"))
    play.do(cmd.NoteDeemedAgreed("S3", "silent"), play.leader)
    play.do(cmd.SignReport(True), member("S4"))
    events = play.do(cmd.SignReport(True), member("S5"))
    digest = report_digest(play.room.state)
    assert events == [ReportSigned("S5", "signed", "", digest), StageChanged(Stage.REPORT_SIGNING, Stage.CLOSED)]
    ends = [seat.end for seat in play.room.state.seats.values()]
    assert ends == ["signed", "signed_with_dissent", "deemed_agreed", "signed", "signed"]
    assert [old.seat_id for old in play.room.state.former] == ["S5"]


def test_tbr_art_53_dissent_needs_its_text_and_agreement_has_none(signing):
    with pytest.raises(DissentMissing):
        signing.do(cmd.SignReport(False, " "), member("S2"))
    with pytest.raises(DissentOnAgreement):
        signing.do(cmd.SignReport(True, "but"), member("S2"))
    signing.do(cmd.SignReport(True), member("S2"))
    with pytest.raises(AlreadySigned):
        signing.do(cmd.SignReport(False, "changed my mind"), member("S2"))


def test_tbr_art_53_the_leader_notes_silence_of_another_member(signing):
    with pytest.raises(UnknownSeat):
        signing.do(cmd.NoteDeemedAgreed("S9", "silent"), signing.leader)
    with pytest.raises(DeemingForbidden):
        signing.do(cmd.NoteDeemedAgreed("S1", "silent"), signing.leader)
    with pytest.raises(ReasonMissing):
        signing.do(cmd.NoteDeemedAgreed("S2", ""), signing.leader)
    deemed = AgreementDeemed("S2", "silent", report_digest(signing.room.state))
    assert signing.do(cmd.NoteDeemedAgreed("S2", "silent"), signing.leader) == [deemed]
    for command, actor in ((cmd.NoteDeemedAgreed("S2", "again"), signing.leader), (cmd.SignReport(True), member("S2"))):
        with pytest.raises(AlreadySigned):
            signing.do(command, actor)


def test_esl_art_13_a_signature_is_over_the_present_report(signing):
    digest = report_digest(signing.room.state)
    with pytest.raises(DigestMismatch):
        signing.do(cmd.SignReport(True, digest="0" * 64), member("S2"))
    signing.do(cmd.SignReport(True, digest=digest, signature="c2lnbmVk"), member("S2"))
    signing.do(cmd.SignReport(False, "C is dearer", digest=digest), member("S3"))
    assert signing.room.state.corrections.signatures == {
        "S2": Signature(digest, "c2lnbmVk"),
        "S3": Signature(digest, ""),
    }
    assert report_digest(signing.room.state) == digest


def test_deeming_follows_the_pack(new_play):
    play = new_play(rules={"sign_deemed_agreed": False}).go(Stage.REPORT_SIGNING)
    with pytest.raises(DeemingForbidden):
        play.do(cmd.NoteDeemedAgreed("S2", "silent"), play.leader)


def test_a_failed_room_is_archived_as_well(play):
    play.go(Stage.PRELIMINARY)
    play.vote_all({("A", "K1"): SEATS})
    play.do(cmd.ClosePreliminary(), play.leader)
    assert play.do(cmd.Archive(), Actor("host_operator", venue_id="V1")) == [StageChanged(Stage.FAILED, Stage.ARCHIVED)]
