"""Persons have valid identity numbers of nobody and ages between 30 and 72."""

from datetime import date
from random import Random

from expert_hub.foundation.codes import birth_date_of, check_identity_number, check_mobile
from expert_hub.sample.people import People, Person

ON = date(2026, 3, 2)


def persons(count: int) -> list[Person]:
    people = People(Random(7), ON)
    return [people.make() for _ in range(count)]


def test_numbers_pass_every_check_and_are_distinct() -> None:
    made = persons(2000)
    assert all(check_identity_number(person.identity_number, ON).reasons == () for person in made)
    assert all(check_mobile(person.mobile).is_valid for person in made)
    assert len({person.identity_number for person in made}) == 2000
    assert {person.identity_number[4:6] for person in made} == {"99"}
    assert {person.mobile[:4] for person in made} == {"1410"}


def test_birth_dates_agree_and_ages_span_30_to_72() -> None:
    made = persons(2000)
    assert all(birth_date_of(person.identity_number) == person.born_on for person in made)
    ages = [
        ON.year - person.born_on.year - ((ON.month, ON.day) < (person.born_on.month, person.born_on.day))
        for person in made
    ]
    assert min(ages) >= 30
    assert max(ages) <= 72
    assert sum(age > 65 for age in ages) > 20


def test_titles_fit_their_level() -> None:
    levels = {person.title_level for person in persons(500)}
    assert levels == {"full_senior", "senior", "intermediate"}
    assert all(person.title != "工程师" for person in persons(500) if person.title_level != "intermediate")


def test_names_have_two_to_four_characters() -> None:
    lengths = {len(person.name) for person in persons(2000)}
    assert lengths == {2, 3, 4}
