from evaluation import commands as cmd
from evaluation.commands_talk import Say, Warn
from evaluation.protocol import Actor, Viewer
from evaluation.sections_talk import SHOWN, chat, chat_scoring
from evaluation.stages import Stage
from evaluation.visibility import view


def member(seat_id):
    return Actor("member", seat_id=seat_id)


def texts(section):
    return [item["text"] for item in section["messages"]]


def test_er_12_what_was_said_with_all_sheets_in_is_out_of_sight_while_they_are_open_again(play):
    play.go(Stage.DETAILED)
    play.do(Say("before"), member("S2"))
    play.go(Stage.CONSISTENCY_CHECK)
    play.do(Say("A had 45 from me"), member("S2"))
    assert texts(view(play.room, Viewer("member", "S3"))["chat"]) == ["before", "A had 45 from me"]
    play.do(cmd.ReplaceSeat("S4", "T9", "ill"), Actor("supervisor"))
    play.check_in("S4")
    for viewer in (Viewer("member", "S3"), Viewer("member", "S4"), Viewer("supervisor")):
        assert texts(view(play.room, viewer)["chat"]) == ["before"]


def test_a_warning_to_one_member_is_seen_by_that_member_and_the_supervisor(play):
    play.go(Stage.DETAILED)
    play.do(Warn("to all"), Actor("supervisor"))
    play.do(Warn("to you", "S3"), Actor("supervisor"))
    seen = {key: [item["text"] for item in chat(play.room, Viewer("member", key))["warnings"]] for key in ("S2", "S3")}
    assert seen == {"S2": ["to all"], "S3": ["to all", "to you"]}
    assert len(chat_scoring(play.room, Viewer("supervisor"))["warnings"]) == 2


def test_a_view_holds_the_newest_messages(play):
    play.go(Stage.DETAILED)
    for number in range(SHOWN + 2):
        play.do(Say(f"message {number}"), member("S2"))
    assert texts(chat(play.room, Viewer("member", "S3")))[0] == "message 2"
    assert len(play.room.state.talk.messages) == SHOWN + 2
