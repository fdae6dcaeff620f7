"""Five sample venues in different cities, with rooms and numbered workstations."""

from typing import Any, Final

_VENUES: Final = (
    ("guangzhou", "广州样例评标场所", "440100", (("A301", 9), ("A302", 9), ("A303", 7))),
    ("shenzhen", "深圳样例评标场所", "440300", (("B201", 7), ("B202", 7))),
    ("shunde", "顺德样例评标场所", "440606", (("C101", 5), ("C102", 5))),
    ("shantou", "汕头样例评标场所", "440500", (("D401", 5),)),
    ("zhanjiang", "湛江样例评标场所", "440800", (("E501", 5), ("E502", 3))),
)
"""Id, name, city and, per room, its name and the number of its workstations."""


def venues_document() -> dict[str, Any]:
    """Describe the venues in the form a centre registers.

    Returns:
        The tables of ``venues.toml``; a workstation is labelled with its room and a number.
    """
    return {
        "venues": [
            {"id": venue_id, "name": name, "city_code": city, "rooms": [_room(*room) for room in rooms]}
            for venue_id, name, city, rooms in _VENUES
        ]
    }


def _room(name: str, seats: int) -> dict[str, Any]:
    return {"name": name, "workstations": [f"{name}-{number:02d}" for number in range(1, seats + 1)]}
