"""Five venues in different cities, every workstation with its own label."""

from collections import Counter

from expert_hub.foundation.areas import GUANGDONG_CITIES
from expert_hub.sample.venues import venues_document

VENUES = venues_document()["venues"]


def test_the_cities_differ() -> None:
    cities = [venue["city_code"] for venue in VENUES]
    assert len(set(cities)) == len(cities) == 5
    assert set(cities) <= set(GUANGDONG_CITIES)


def test_workstations_are_labelled_once_per_venue() -> None:
    for venue in VENUES:
        labels = [label for room in venue["rooms"] for label in room["workstations"]]
        assert max(Counter(labels).values()) == 1
        assert len(labels) >= 5


def test_the_first_venue_can_seat_a_whole_committee_in_one_room() -> None:
    assert len(VENUES[0]["rooms"][0]["workstations"]) == 9
