"""From decided changes to the rows of the database."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from expert_hub.experts.import_plan import Change, Entry, Outcome
from expert_hub.experts.import_store import Row, StandingRow
from expert_hub.experts.merging import Decision, Person, Profile, Registration, combine, former_employers
from expert_hub.experts.rules import Relation, Standing, mask_identity
from expert_hub.experts.tables import (
    ExpertLeave,
    ExpertRelation,
    ExpertSpeciality,
    LibraryRegistration,
    StandingChange,
)
from expert_hub.foundation.clock import local_date
from expert_hub.foundation.codes import birth_date_of
from expert_hub.foundation.tables import Table


class Stamp(msgspec.Struct, frozen=True):
    """What every row of one import bears: library, instant, who imports, digest of the file."""

    library: str
    at: datetime
    actor: str
    file_sha256: str


class Batch:
    """The rows to write for one chunk."""

    def __init__(self) -> None:
        self.new_experts: list[Row] = []
        self.changed_experts: list[Row] = []
        self.changed_registrations: list[Row] = []
        self.children: dict[type[Table], list[Row]] = {}
        self.rewritten: set[str] = set()
        """Persons whose old specialities, relations and leave go before the new ones are written."""

    def child(self, table: type[Table], row: Row) -> None:
        """Add a row that refers to a person."""
        self.children.setdefault(table, []).append(row)


def build_batch(
    changes: Sequence[Change],
    stored: Sequence[LibraryRegistration],
    standings: Mapping[str, StandingRow],
    stamp: Stamp,
) -> Batch:
    """Compute every row that the changes ask for.

    Args:
        changes: registrations to write; at most one change each.
        stored: all registrations, in every library, of the persons that exist already.
        standings: those persons by id.
        stamp: library, instant, actor and file.
    """
    batch = Batch()
    people: dict[str, dict[str, Registration]] = {}
    for row in stored:
        people.setdefault(row.expert_id, {})[row.id] = registration_of(row)
    ties_before = {expert_id: _ties(combine(list(mine.values()))) for expert_id, mine in people.items()}
    newcomers: dict[str, Entry] = {}
    for change in changes:
        mine = people.setdefault(change.expert_id, {})
        mine[change.registration_id] = _record(change, mine.get(change.registration_id), stamp, batch)
        if change.outcome is Outcome.IMPORTED:
            newcomers[change.expert_id] = change.entry
    for expert_id, registrations in people.items():
        before = standings.get(expert_id)
        person = combine(list(registrations.values()), _decision(before))
        if before is None:
            batch.new_experts.append(_new_expert(expert_id, newcomers[expert_id], person, stamp))
        else:
            batch.changed_experts.append(_changed_expert(before, person, stamp))
            _note_standing(before, person, stamp, batch)
            if ties_before[expert_id] == _ties(person):
                continue
            batch.rewritten.add(expert_id)
        _add_children(expert_id, person.profile, batch)
    return batch


def registration_of(row: LibraryRegistration) -> Registration:
    """The value of a stored registration."""
    return Registration(
        registration_id=row.id,
        profile=msgspec.convert(row.payload, Profile),
        mobile_sealed=row.mobile_sealed,
        recorded_at=row.recorded_at,
        recorded_row=row.recorded_row,
        former_employers=msgspec.convert(row.former_employers, tuple[Relation, ...]),
    )


def person_columns(person: Person) -> Row:
    """The columns of a person that follow from the registrations."""
    profile = person.profile
    return {
        "name": profile.name,
        "mobile_sealed": person.mobile_sealed,
        "mobile_masked": profile.mobile_masked,
        "title": profile.title,
        "title_level": str(profile.title_level),
        "employer_name": profile.employer_name,
        "employer_code": profile.employer_code,
        "region_code": profile.region_code,
        "extra_regions": list(profile.extra_regions),
        "standing": str(profile.standing),
        "appointed_on": profile.appointed_on,
        "term_ends_on": profile.term_ends_on,
    }


def _record(change: Change, before: Registration | None, stamp: Stamp, batch: Batch) -> Registration:
    entry = change.entry
    profile = entry.row.profile
    former = () if before is None else former_employers(before, profile, local_date(stamp.at))
    row: Row = {
        "id": change.registration_id,
        "digest": entry.digest,
        "payload": profile,
        "former_employers": former,
        "mobile_sealed": entry.mobile_sealed,
        "recorded_at": stamp.at,
        "recorded_row": entry.row.row,
    }
    if before is None:
        new = {"expert_id": change.expert_id, "library": stamp.library, "number": entry.row.library_no}
        batch.child(LibraryRegistration, row | new)
    else:
        batch.changed_registrations.append(row)
    return Registration(
        registration_id=change.registration_id,
        profile=profile,
        mobile_sealed=entry.mobile_sealed,
        recorded_at=stamp.at,
        recorded_row=entry.row.row,
        former_employers=former,
    )


def _decision(before: StandingRow | None) -> Decision | None:
    if before is None or before.decided_standing is None or before.decided_at is None:
        return None
    return Decision(Standing(before.decided_standing), before.decided_at)


def _new_expert(expert_id: str, entry: Entry, person: Person, stamp: Stamp) -> Row:
    return {
        "id": expert_id,
        "identity_index": entry.identity_index,
        "identity_sealed": entry.identity_sealed,
        "identity_masked": mask_identity(entry.row.identity_number),
        "born_on": birth_date_of(entry.row.identity_number),
        "version": 1,
        "created_at": stamp.at,
        "updated_at": stamp.at,
        **person_columns(person),
    }


def _changed_expert(before: StandingRow, person: Person, stamp: Stamp) -> Row:
    return {"id": before.id, "version": before.version + 1, "updated_at": stamp.at, **person_columns(person)}


def _note_standing(before: StandingRow, person: Person, stamp: Stamp, batch: Batch) -> None:
    after = str(person.profile.standing)
    if after != before.standing:
        row: dict[str, Any] = {
            "id": _digest_id(before.id, stamp.file_sha256, str(before.version)),
            "expert_id": before.id,
            "before": before.standing,
            "after": after,
            "actor": stamp.actor,
            "reason": f"import of library {stamp.library}",
            "decision_id": stamp.file_sha256,
            "effective_on": local_date(stamp.at),
            "at": stamp.at,
        }
        batch.child(StandingChange, row)


def _ties(person: Person) -> tuple[object, ...]:
    return person.profile.specialities, person.profile.relations, person.profile.leaves


def _add_children(expert_id: str, profile: Profile, batch: Batch) -> None:
    for code in profile.specialities:
        batch.child(ExpertSpeciality, {"expert_id": expert_id, "code": code})
    for relation in dict.fromkeys(profile.relations):
        values = msgspec.structs.asdict(relation)
        key = _digest_id(expert_id, *(str(value) for value in values.values()))
        batch.child(ExpertRelation, {"id": key, "expert_id": expert_id, **values})
    for leave in profile.leaves:
        batch.child(ExpertLeave, {"expert_id": expert_id, "starts_on": leave.starts_on, "ends_on": leave.ends_on})


def _digest_id(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:32]
