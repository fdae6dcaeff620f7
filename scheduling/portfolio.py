"""Every panel of a small or tangled pool, listed. Standard library only, so that a verifier lists them again."""

from collections.abc import Sequence

from scheduling.artefact import Lottery, LotteryClass, Policy, Template
from scheduling.order import Rules
from scheduling.seats import Seat

MAX_PANELS = 20_000
MAX_STEPS = 500_000
# A verifier numbers the candidates differently and may need more steps for the same list.
REPLAY_STEPS = 10 * MAX_STEPS


class TooManyError(Exception):
    """The list or the search for it grew beyond its bound.

    Source: engineering choice
    """


def list_panels(
    members: Sequence[Sequence[int]], seats: tuple[Seat, ...], rules: Rules, max_steps: int = MAX_STEPS
) -> list[tuple[int, ...]]:
    """List every feasible choice of persons, where the order within a quota does not count.

    Args:
        members: per quota position the eligible indices, ascending.
        seats: the seats to fill.
        rules: pairwise rules.
        max_steps: bound of the search.

    Returns:
        one tuple per panel, a person per seat in the order of ``seats``; ascending within a quota.

    Raises:
        TooManyError: more than ``MAX_PANELS`` panels or ``max_steps`` steps.

    Source: design of the draw, section 2, step 6
    """
    # Seats of one quota side by side, so that "ascending within a quota" is a comparison with the seat before.
    first: dict[int, int] = {}
    for place, seat in enumerate(seats):
        first.setdefault(seat.quota, place)
    order = sorted(range(len(seats)), key=lambda place: (first[seats[place].quota], place))
    search = _Search(members, [seats[place].quota for place in order], rules, max_steps)
    search.extend([])
    back = sorted(range(len(order)), key=lambda number: order[number])
    return [tuple(panel[number] for number in back) for panel in search.panels]


class _Search:
    def __init__(self, members: Sequence[Sequence[int]], quotas: list[int], rules: Rules, max_steps: int) -> None:
        self._members = members
        self._quotas = quotas
        self._rules = rules
        self._steps = max_steps
        self.panels: list[tuple[int, ...]] = []

    def extend(self, chosen: list[int]) -> None:
        place = len(chosen)
        if place == len(self._quotas):
            self._keep(chosen)
            return
        quota = self._quotas[place]
        floor = chosen[-1] if place and self._quotas[place - 1] == quota else -1
        for person in self._members[quota]:
            self._count()
            if person > floor and self._rules.can_join(person, chosen):
                chosen.append(person)
                self.extend(chosen)
                chosen.pop()

    def _keep(self, chosen: list[int]) -> None:
        if len(self.panels) == MAX_PANELS:
            raise TooManyError
        self.panels.append(tuple(chosen))

    def _count(self) -> None:
        self._steps -= 1
        if self._steps < 0:
            raise TooManyError


def portfolio_lottery(
    panels: list[tuple[int, ...]], seats: tuple[Seat, ...], policy: Policy, units: tuple[str, ...]
) -> Lottery:
    """Return the lottery that takes each listed panel with equal chance and shuffles the seats of each quota.

    Every ordered assignment is then equally likely, because each panel has the same number of orders.

    Source: design of the draw, section 2, step 6
    """
    persons = sorted({person for panel in panels for person in panel})
    number = {person: index for index, person in enumerate(persons)}
    return Lottery(
        kind="portfolio",
        seats=seats,
        classes=tuple(LotteryClass((person,)) for person in persons),
        templates=tuple(Template(1, tuple(number[person] for person in panel)) for panel in panels),
        policy=policy,
        units=units,
    )
