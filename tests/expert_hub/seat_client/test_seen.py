from evaluation.protocol import ChangesFrame, ViewFrame
from expert_hub.seat_client.seen import Seen


def seen_at(version: int) -> Seen:
    seen = Seen()
    seen.replace(ViewFrame(version=version, view={"stage": "check_in", "seat": 1}))
    return seen


def test_changes_put_and_drop_sections() -> None:
    seen = seen_at(3)
    assert seen.merge(ChangesFrame(version=5, since=3, set={"stage": "briefing"}, unset=["seat"]))
    assert (seen.version, seen.sections) == (5, {"stage": "briefing"})


def test_changes_that_overlap_what_was_seen_are_taken() -> None:
    seen = seen_at(3)
    assert seen.merge(ChangesFrame(version=4, since=1, set={"stage": "briefing"}, unset=[]))
    assert (seen.version, seen.sections) == (4, {"stage": "briefing", "seat": 1})


def test_older_changes_are_ignored() -> None:
    seen = seen_at(3)
    assert seen.merge(ChangesFrame(version=2, since=1, set={"stage": "created"}, unset=["seat"]))
    assert (seen.version, seen.sections) == (3, {"stage": "check_in", "seat": 1})


def test_missing_versions_are_noticed_and_nothing_is_taken() -> None:
    seen = seen_at(3)
    assert not seen.merge(ChangesFrame(version=6, since=5, set={"stage": "briefing"}, unset=[]))
    assert (seen.version, seen.sections["stage"]) == (3, "check_in")
    assert not Seen().merge(ChangesFrame(version=1, since=0, set={}, unset=[]))


def test_snapshot_holds_even_when_it_is_older() -> None:
    seen = seen_at(3)
    seen.replace(ViewFrame(version=2, view={"stage": "created"}))
    assert (seen.version, seen.sections) == (2, {"stage": "created"})
