import pytest

from evaluation import commands_states as course
from evaluation import sections_states as c
from evaluation.protocol import Actor, Viewer
from evaluation.stages import Stage

SUPERVISOR, ENTITY = Viewer("supervisor"), Viewer("procuring_entity")


def test_an_archived_version_holds_everything_that_was_on_the_forms(play):
    play.go(Stage.CANDIDATES)
    play.do(course.RequestBacktrack("detailed", "wrong version"), play.leader)
    play.do(course.DecideBacktrack("B1", True), Actor("supervisor"))
    [version] = c.archived(play.room, SUPERVISOR)
    assert (version["stage"], version["target"], version["reason"]) == ("candidates", "detailed", "wrong version")
    assert {"bid_id": "A", "criterion_id": "T", "value": "45.60"} in version["forms"]["sheets"]["S1"]
    assert [item["total"] for item in version["forms"]["results"]] == ["89.63", "89.44", "88.60"]


@pytest.mark.parametrize(
    ("rules", "published", "shown"),
    [
        ({"publish_members": "none", "publish_members_until": "report"}, True, False),
        ({"publish_members": "names", "publish_members_until": "report"}, False, True),
        ({"publish_members": "names", "publish_members_until": "result_notice"}, False, False),
        ({"publish_members": "names", "publish_members_until": "result_notice"}, True, True),
    ],
)
def test_o87_art_47_names_are_given_out_where_and_when_the_pack_allows(new_play, rules, published, shown):
    play = new_play(rules=rules).go(Stage.CLOSED)
    if published:
        play.do(course.RecordPublication("notice 7"), Actor("procuring_entity"))
    assert (c.names(play.room, ENTITY) is not None) is shown


def test_the_procuring_entity_learns_of_an_expired_outage_and_not_whose_it_is(play):
    play.go(Stage.CHECK_IN)
    play.do(course.MarkOffline("S3"), Actor("system"))
    assert c.outages(play.room, ENTITY) is None
    play.at = play.room.state.course.incidents[0].due_at
    play.do(course.SealOutage("O1"), Actor("system"))
    [waiting] = c.outages(play.room, ENTITY)
    assert set(waiting) == {"incident_id", "phase", "since"}
    assert c.presence(play.room, SUPERVISOR)["offline"] == ["S3"]
