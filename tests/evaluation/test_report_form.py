from evaluation.report import compile_report
from evaluation.report_form import report_of, standing_results
from evaluation.stages import Stage


def test_the_report_of_a_room_is_the_one_of_its_state(play):
    play.go(Stage.CLOSED)
    assert report_of(play.room.state) == compile_report(play.room)
    assert [item.bid_id for item in standing_results(play.room.state)] == ["C", "A", "B"]
