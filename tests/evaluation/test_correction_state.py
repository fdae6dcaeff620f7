from evaluation.correction_state import AbnormalCall, CorrectionState, Signature


def test_candidates_wait_for_open_calls_alone():
    statuses = ("called", "dropped", "demanded", "explained", "kept", "replaced")
    calls = {
        status: AbnormalCall(
            call_id=status, by_seat_id="S1", seat_id="S2", bid_id="A", criterion_id="T", reason="far", status=status
        )
        for status in statuses
    }
    assert [call.call_id for call in CorrectionState(calls=calls).open_calls()] == ["called", "demanded", "explained"]


def test_a_copy_shares_no_collection():
    state = CorrectionState()
    state.copy().signatures["S1"] = Signature("00", "")
    assert state == CorrectionState()
