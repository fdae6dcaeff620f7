"""What to do with each row of an import: a new person, a new registration, an update, nothing, or a refusal.

Pure: the caller loads what is known and writes what is decided. Deciding by content makes a second run of the same
file change nothing.
"""

from collections.abc import Callable
from enum import StrEnum

import msgspec

from expert_hub.experts.import_form import LibraryRow
from expert_hub.experts.import_reasons import reason
from expert_hub.experts.rules import Reason, comparable_name


class Outcome(StrEnum):
    """What became of an accepted row."""

    IMPORTED = "imported"
    MERGED = "merged"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


class Entry(msgspec.Struct, frozen=True):
    """A row ready to be recorded: keyed digests in place of what must not be compared in clear, sealed values.

    `digest` covers every value of the row; equal rows have equal digests.
    """

    row: LibraryRow
    identity_index: str
    digest: str
    identity_sealed: bytes
    mobile_sealed: bytes


class KnownRegistration(msgspec.Struct):
    """A registration of the library that is being imported, as it stands while the file is read."""

    registration_id: str
    expert_id: str
    number: str | None
    digest: str


class KnownPerson(msgspec.Struct, frozen=True):
    """A person of any library."""

    expert_id: str
    name: str


class Change(msgspec.Struct, frozen=True):
    """One registration to write."""

    outcome: Outcome
    registration_id: str
    expert_id: str
    entry: Entry


class Snapshot:
    """What is known about the persons and numbers of one chunk of rows; follows the decisions."""

    def __init__(self, people: dict[str, KnownPerson], registrations: list[KnownRegistration]) -> None:
        self.people = people
        self.by_digest = {each.digest: each for each in registrations}
        self.by_number = {each.number: each for each in registrations if each.number is not None}
        self.numberless: dict[str, list[KnownRegistration]] = {}
        for each in registrations:
            if each.number is None:
                self.numberless.setdefault(each.expert_id, []).append(each)

    def add(self, known: KnownRegistration) -> None:
        """Note a new registration."""
        self.by_digest[known.digest] = known
        if known.number is None:
            self.numberless.setdefault(known.expert_id, []).append(known)
        else:
            self.by_number[known.number] = known

    def renew(self, known: KnownRegistration, digest: str) -> None:
        """Note that a registration says something new."""
        self.by_digest.pop(known.digest, None)
        known.digest = digest
        self.by_digest[digest] = known


class Planner:
    """Decides row by row; remembers for the whole file which registrations it has seen."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        self._new_id = new_id
        self._seen: set[str] = set()

    def note_known(self, entries: list[Entry], snapshot: Snapshot) -> None:
        """Mark the registrations that some row repeats word for word, so that no other row takes their place."""
        for entry in entries:
            known = snapshot.by_digest.get(entry.digest)
            if known is not None:
                self._seen.add(known.registration_id)

    def decide(self, entry: Entry, snapshot: Snapshot) -> Change | Reason:
        """Decide about one row.

        Args:
            entry: the row.
            snapshot: what is known; changed by the decision.

        Returns:
            What to write (nothing for `Outcome.UNCHANGED`), or why the row is refused.

        Source: domain EL-15; engineering choice.
        """
        known = snapshot.by_digest.get(entry.digest)
        if known is not None:
            self._seen.add(known.registration_id)
            return Change(Outcome.UNCHANGED, known.registration_id, known.expert_id, entry)
        person = snapshot.people.get(entry.identity_index)
        if person is not None and comparable_name(person.name) != comparable_name(entry.row.profile.name):
            return reason("experts/identity-name-mismatch", "name")
        number = entry.row.library_no
        if number is None:
            earlier = self._unseen_numberless(snapshot, person)
        else:
            earlier = snapshot.by_number.get(number)
            if earlier is not None and (person is None or earlier.expert_id != person.expert_id):
                return reason("experts/number-of-another-person", "library_no")
            if earlier is not None and earlier.registration_id in self._seen:
                return reason("experts/repeated-in-file", "library_no")
        return self._update(entry, snapshot, earlier) if earlier else self._register(entry, snapshot, person)

    def _unseen_numberless(self, snapshot: Snapshot, person: KnownPerson | None) -> KnownRegistration | None:
        if person is None:
            return None
        candidates = snapshot.numberless.get(person.expert_id, [])
        return next((each for each in candidates if each.registration_id not in self._seen), None)

    def _update(self, entry: Entry, snapshot: Snapshot, earlier: KnownRegistration) -> Change:
        snapshot.renew(earlier, entry.digest)
        self._seen.add(earlier.registration_id)
        return Change(Outcome.UPDATED, earlier.registration_id, earlier.expert_id, entry)

    def _register(self, entry: Entry, snapshot: Snapshot, person: KnownPerson | None) -> Change:
        outcome = Outcome.IMPORTED if person is None else Outcome.MERGED
        if person is None:
            person = KnownPerson(self._new_id(), entry.row.profile.name)
            snapshot.people[entry.identity_index] = person
        known = KnownRegistration(self._new_id(), person.expert_id, entry.row.library_no, entry.digest)
        snapshot.add(known)
        self._seen.add(known.registration_id)
        return Change(outcome, known.registration_id, person.expert_id, entry)
