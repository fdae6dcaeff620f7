from itertools import count

import pytest

from expert_hub.experts.import_form import LibraryRow
from expert_hub.experts.import_plan import Change, Entry, KnownPerson, KnownRegistration, Outcome, Planner, Snapshot
from expert_hub.experts.merging import Profile
from expert_hub.experts.rules import Reason, Standing, TitleLevel


def entry(row: int, person: str, digest: str, number: str | None = None, name: str = "王伟") -> Entry:
    profile = Profile(
        name=name,
        mobile_masked="",
        title_level=TitleLevel.SENIOR,
        employer_name="甲",
        region_code="440100",
        specialities=("A01",),
        standing=Standing.ADMITTED,
    )
    return Entry(LibraryRow(row, number, "", "", profile), person, digest, b"", b"")


def outcomes(entries: list[Entry], snapshot: Snapshot) -> list[str]:
    numbers = count(1)
    planner = Planner(lambda: f"id{next(numbers)}")
    planner.note_known(entries, snapshot)
    decided = [planner.decide(each, snapshot) for each in entries]
    return [str(each.outcome) if isinstance(each, Change) else each.code for each in decided]


def unknown() -> Snapshot:
    return Snapshot({}, [])


def known(*registrations: tuple[str, str | None, str]) -> Snapshot:
    people = {"p1": KnownPerson("e1", "王伟")}
    return Snapshot(people, [KnownRegistration(name, "e1", number, digest) for name, number, digest in registrations])


TWO_NUMBERLESS = (("r1", None, "d1"), ("r2", None, "d2"))


@pytest.mark.parametrize(
    ("entries", "snapshot", "expected"),
    [
        ([entry(2, "p", "d")], unknown(), ["imported"]),
        ([entry(2, "p", "d"), entry(3, "p", "d")], unknown(), ["imported", "unchanged"]),
        ([entry(2, "p", "d", "1"), entry(3, "p", "d2", "2")], unknown(), ["imported", "merged"]),
        ([entry(2, "p", "d", "1"), entry(3, "p", "d2", "1")], unknown(), ["imported", "experts/repeated-in-file"]),
        ([entry(2, "p1", "d")], known(("r1", "1", "d")), ["unchanged"]),
        ([entry(2, "p1", "d2", "1")], known(("r1", "1", "d")), ["updated"]),
        ([entry(2, "p1", "d2", "2")], known(("r1", "1", "d")), ["merged"]),
        ([entry(2, "p1", "d2")], known(("r1", None, "d")), ["updated"]),
        ([entry(2, "p1", "d2")], known(("r1", "1", "d")), ["merged"]),
        ([entry(2, "p2", "d2", "1")], known(("r1", "1", "d")), ["experts/number-of-another-person"]),
        ([entry(2, "p1", "d2", name="李四")], known(("r1", "1", "d")), ["experts/identity-name-mismatch"]),
        ([entry(2, "p1", "d2", name="王 伟")], known(), ["merged"]),
        # The unchanged one of two numberless registrations is never taken for the changed one.
        ([entry(2, "p1", "d9"), entry(3, "p1", "d1")], known(*TWO_NUMBERLESS), ["updated", "unchanged"]),
    ],
)  # fmt: skip
def test_decisions(entries: list[Entry], snapshot: Snapshot, expected: list[str]) -> None:
    assert outcomes(entries, snapshot) == expected


def test_a_second_run_changes_nothing() -> None:
    entries = [entry(2, "p", "d1"), entry(3, "p", "d2"), entry(4, "q", "d3", "7"), entry(5, "p", "d4")]
    snapshot = unknown()
    assert outcomes(entries, snapshot) == ["imported", "merged", "imported", "merged"]
    assert outcomes(entries, snapshot) == [Outcome.UNCHANGED] * 4


def test_a_refusal_says_why_in_both_languages() -> None:
    planner = Planner(lambda: "id")
    decided = planner.decide(entry(2, "p1", "d", name="李四"), known())
    assert isinstance(decided, Reason)
    assert decided.zh
    assert decided.en
