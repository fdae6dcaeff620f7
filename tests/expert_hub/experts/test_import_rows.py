from datetime import UTC, date, datetime

import msgspec

from expert_hub.experts.import_form import LibraryRow
from expert_hub.experts.import_plan import Change, Entry, Outcome
from expert_hub.experts.import_rows import Stamp, build_batch, registration_of
from expert_hub.experts.import_store import StandingRow
from expert_hub.experts.merging import Profile
from expert_hub.experts.rules import Leave, Relation, Standing, TitleLevel
from expert_hub.experts.tables import (
    ExpertLeave,
    ExpertRelation,
    ExpertSpeciality,
    LibraryRegistration,
    StandingChange,
)

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STAMP = Stamp("gp", AT, "somebody", "f" * 64)
PROFILE = Profile(
    name="王伟",
    mobile_masked="138****0000",
    title_level=TitleLevel.SENIOR,
    employer_name="甲",
    region_code="440100",
    specialities=("A01", "B01"),
    standing=Standing.SUSPENDED,
    relations=(Relation("director", "乙"), Relation("director", "乙")),
    leaves=(Leave(date(2026, 3, 1), date(2026, 3, 2)),),
)


def change(outcome: Outcome, registration_id: str = "r2", profile: Profile = PROFILE) -> Change:
    row = LibraryRow(2, "N1", "110101199003071233", "13800000000", profile)
    return Change(outcome, registration_id, "e1", Entry(row, "index", "digest", b"i", b"m"))


def stored(profile: Profile) -> LibraryRegistration:
    return LibraryRegistration(
        id="r1",
        expert_id="e1",
        library="other",
        digest="d",
        payload=msgspec.to_builtins(profile),
        former_employers=[],
        mobile_sealed=b"1",
        recorded_at=datetime(2026, 1, 1, tzinfo=UTC),
        recorded_row=9,
    )


def test_a_newcomer_gets_every_row() -> None:
    batch = build_batch([change(Outcome.IMPORTED)], [], {}, STAMP)
    assert [(row["id"], row["born_on"], row["standing"]) for row in batch.new_experts] == [
        ("e1", date(1990, 3, 7), "suspended")
    ]
    assert batch.new_experts[0]["identity_masked"] == "110***********1233"
    assert [row["code"] for row in batch.children[ExpertSpeciality]] == ["A01", "B01"]
    assert len(batch.children[ExpertRelation]) == 1
    assert len(batch.children[ExpertLeave]) == 1
    assert [(row["library"], row["number"]) for row in batch.children[LibraryRegistration]] == [("gp", "N1")]
    assert (batch.changed_experts, batch.changed_registrations) == ([], [])


def test_a_merge_writes_the_combined_person_and_the_change_of_standing() -> None:
    first = msgspec.structs.replace(PROFILE, standing=Standing.ADMITTED, specialities=("C01",))
    standings = {"e1": StandingRow("e1", "admitted", None, None, 4)}
    batch = build_batch([change(Outcome.MERGED)], [stored(first)], standings, STAMP)
    assert [(row["id"], row["version"], row["standing"]) for row in batch.changed_experts] == [("e1", 5, "suspended")]
    assert [row["code"] for row in batch.children[ExpertSpeciality]] == ["A01", "B01", "C01"]
    changes = [(row["before"], row["after"], row["decision_id"]) for row in batch.children[StandingChange]]
    assert changes == [("admitted", "suspended", "f" * 64)]


def test_an_update_that_leaves_the_ties_alone_does_not_write_them_again() -> None:
    standings = {"e1": StandingRow("e1", "suspended", None, None, 1)}
    titled = msgspec.structs.replace(PROFILE, title="教授")
    batch = build_batch([change(Outcome.UPDATED, "r1", titled)], [stored(PROFILE)], standings, STAMP)
    assert (batch.children, batch.rewritten) == ({}, set())
    assert [row["title"] for row in batch.changed_experts] == ["教授"]
    moved = msgspec.structs.replace(PROFILE, employer_name="丙")
    batch = build_batch([change(Outcome.UPDATED, "r1", moved)], [stored(PROFILE)], standings, STAMP)
    assert batch.rewritten == {"e1"}
    assert sorted(row["kind"] for row in batch.children[ExpertRelation]) == ["director", "employment"]


def test_ids_of_relations_follow_from_their_content() -> None:
    first = build_batch([change(Outcome.IMPORTED)], [], {}, STAMP).children[ExpertRelation]
    other = msgspec.structs.replace(PROFILE, title="教授")
    second = build_batch([change(Outcome.IMPORTED, profile=other)], [], {}, STAMP).children[ExpertRelation]
    assert first == second


def test_a_stored_registration_is_the_value_it_was_made_from() -> None:
    value = registration_of(stored(PROFILE))
    assert (value.profile, value.recorded_row) == (PROFILE, 9)
