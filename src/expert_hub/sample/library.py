"""A provincial expert library: registrations with specialities, regions, standing, relations and leave."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Final

from expert_hub.experts.specialities import ancestor_at
from expert_hub.sample.columns import ExpertRow, SampleRelation
from expert_hub.sample.employers import CITY_WEIGHTS, Employers, make_employers
from expert_hub.sample.parties import BIDS, PROCURING_ENTITY, PROJECT_CODE, Party
from expert_hub.sample.people import People, Person

MAX_SECOND_LEVEL: Final = 3
MAX_THIRD_LEVEL: Final = 6

_FIELDS: Final[tuple[tuple[int, tuple[str, ...]], ...]] = (
    (
        45,
        ("B0132", "B0113", "B0139", "B0132", "B0113", "B0139", "B013207", "B013206", "B013204", "B011303", "B013910",
         "B0133", "B013303", "B0140", "A0832", "A083201", "C0705", "C1101"),
    ),
    (22, ("A0801", "A080104", "A0401", "A040103", "A0501", "A0601", "A0701", "A0802", "A0402", "A040104")),
    (9, ("A0403", "A0803", "A0408", "A0808", "A0502", "A0601", "A0901", "B0134")),
    (9, ("B0148", "B0201", "B0139", "C1205")),
    (8, ("C0402", "C0502", "C0602", "C0604", "C0201", "C020114", "A070105")),
    (7, ("B0125", "B0131", "B0140", "B014001", "A0602", "A0901", "B0134", "C0410")),
)  # fmt: skip
"""Weight of a field of work in per cent and the codes its people hold; a repeated code is held more often."""

_STANDINGS: Final = (("admitted", 900), ("suspended", 30), ("expired", 40), ("removed", 15), ("under_review", 15))
_PARTY_TIE_KINDS: Final = (
    *(["employment"] * 8),
    "director",
    "board_supervisor",
    "controlling_shareholder",
    "kin_of_head",
    "kin_of_head",
    "near_relative",
    "interest",
)
_PARTY_TIE_SHARE: Final = 0.05
_FORMER_EMPLOYER_SHARE: Final = 0.15
_UNCODED_SHARE: Final = 0.10
_LEAVE_SHARE: Final = 0.04
_TWICE_REGISTERED_SHARE: Final = 0.005
_MOST_REMEMBERED: Final = 5000
_TERM_DAYS: Final = 3 * 365


def library_rows(count: int, seed: int, on: date) -> Iterator[ExpertRow]:
    """Make the registrations of a library.

    About one registration in two hundred is the second one of a person who is already listed.

    Args:
        count: number of registrations.
        seed: the same seed gives the same rows.
        on: day of the evaluation; ages, terms and leave are laid around it.

    Returns:
        The rows, one at a time.
    """
    return _Library(count, Random(seed), on).rows()  # noqa: S311 - synthetic data, nothing is secret here


class _Library:
    def __init__(self, count: int, random: Random, on: date) -> None:
        self.count = count
        self.random = random
        self.on = on
        self.employers: Employers = make_employers(count, random)
        self.people = People(random, on)
        self.cities = list(CITY_WEIGHTS)
        self.city_weights = list(CITY_WEIGHTS.values())

    def rows(self) -> Iterator[ExpertRow]:
        listed: list[tuple[Person, ExpertRow]] = []
        for number in range(1, self.count + 1):
            if len(listed) > 20 and self.random.random() < _TWICE_REGISTERED_SHARE:
                yield self.second_registration(number, listed.pop(self.random.randrange(len(listed)))[1])
                continue
            person = self.people.make()
            row = self.first_registration(number, person)
            if len(listed) < _MOST_REMEMBERED:
                listed.append((person, row))
            yield row

    def first_registration(self, number: int, person: Person) -> ExpertRow:
        employer = self.employers.pick(self.random)
        region = self.random.choices(self.cities, self.city_weights)[0]
        standing = self.random.choices([name for name, _ in _STANDINGS], [weight for _, weight in _STANDINGS])[0]
        appointed_on, term_ends_on = self.term(standing)
        return ExpertRow(
            library_no=f"GC-{appointed_on.year}-{number:06d}",
            name=person.name,
            identity_number=person.identity_number,
            mobile=person.mobile,
            title=person.title,
            title_level=person.title_level,
            employer=employer.name,
            employer_code=employer.uscc,
            region_code=region,
            extra_regions=self.extra_regions(region),
            specialities=self.specialities(),
            standing=standing,
            appointed_on=appointed_on,
            term_ends_on=term_ends_on,
            relations=self.relations(employer),
            leave=self.leave(),
        )

    def second_registration(self, number: int, first: ExpertRow) -> ExpertRow:
        standing = "admitted" if self.random.random() < 0.8 else "suspended"
        appointed_on, term_ends_on = self.term(standing)
        return replace(
            first,
            library_no=f"ZC-{appointed_on.year}-{number:06d}",
            specialities=self.specialities(),
            standing=standing,
            appointed_on=appointed_on,
            term_ends_on=term_ends_on,
            relations=(),
            leave=(),
        )

    def extra_regions(self, region: str) -> tuple[str, ...]:
        count = self.random.choices((0, 1, 2, 3), (55, 20, 15, 10))[0]
        others = [city for city in self.random.sample(self.cities, count) if city != region]
        return tuple(others)

    def specialities(self) -> tuple[str, ...]:
        """One to six codes of one field, now and then one of another, within the limits of EL-09."""
        fields = [codes for _, codes in _FIELDS]
        weights = [weight for weight, _ in _FIELDS]
        wanted = self.random.choices((1, 2, 3, 4, 5, 6), (10, 22, 28, 20, 12, 8))[0]
        field = self.random.choices(fields, weights)[0]
        candidates = self.random.sample(field, len(field))
        if self.random.random() < 0.25:
            candidates.insert(1, self.random.choice(self.random.choices(fields, weights)[0]))
        chosen: list[str] = []
        for code in candidates:
            if len(chosen) < wanted and _may_add(chosen, code):
                chosen.append(code)
        return tuple(chosen)

    def term(self, standing: str) -> tuple[date, date]:
        """Appointment and end of the term; the term of an expired registration is over."""
        passed = self.random.randrange(_TERM_DAYS + 10, _TERM_DAYS + 900) if standing == "expired" else None
        if passed is None:
            passed = self.random.randrange(20, _TERM_DAYS - 10)
        appointed_on = self.on - timedelta(days=passed)
        return appointed_on, appointed_on + timedelta(days=_TERM_DAYS)

    def relations(self, employer: Party) -> tuple[SampleRelation, ...]:
        found: list[SampleRelation] = []
        if self.random.random() < _FORMER_EMPLOYER_SHARE:
            former = self.employers.pick(self.random)
            if former != employer:
                found.append(self.relation("employment", former, has_ended=True))
        if self.random.random() < _PARTY_TIE_SHARE:
            found.append(self.party_tie())
        return tuple(found)

    def party_tie(self) -> SampleRelation:
        if self.random.random() < 0.15:
            # The code of this kind of relation names the project, not an organisation.
            return self.relation("need_planning", Party(PROCURING_ENTITY.name, PROJECT_CODE), has_ended=True)
        bid = self.random.choice(BIDS)
        party = self.random.choice((bid.bidder, *bid.partners))
        kind = self.random.choice(_PARTY_TIE_KINDS)
        # Past labour relations lie on both sides of the three-year window.
        return self.relation(kind, party, has_ended=kind == "employment" or self.random.random() < 0.3)

    def relation(self, kind: str, party: Party, has_ended: bool) -> SampleRelation:
        code = "" if self.random.random() < _UNCODED_SHARE else party.uscc
        ended = self.random.randrange(30, 2600)
        ends_on = self.on - timedelta(days=ended) if has_ended else None
        starts_on = self.on - timedelta(days=ended + self.random.randrange(300, 4000))
        return SampleRelation(kind, party.name, code, starts_on, ends_on)

    def leave(self) -> tuple[tuple[date, date], ...]:
        if self.random.random() >= _LEAVE_SHARE:
            return ()
        first = self.on + timedelta(days=self.random.randrange(-20, 20))
        return ((first, first + timedelta(days=self.random.randrange(2, 21))),)


def _may_add(chosen: list[str], code: str) -> bool:
    if any(code.startswith(other) or other.startswith(code) for other in chosen):
        return False
    codes = [*chosen, code]
    second = {ancestor_at(one, 2) for one in codes}
    third = {ancestor_at(one, 3) for one in codes}
    return len(second) <= MAX_SECOND_LEVEL and len(third) <= MAX_THIRD_LEVEL
