"""From a fair lottery and a seed to a panel. Standard library only, integers only, no solver."""

from scheduling.errors import TooTangledError
from scheduling.fair_lottery import FairLottery, FairTemplate
from scheduling.seed import Stream, running_sums

MAX_TRIES = 1_000_000


class FairDrawer:
    """A fair lottery made ready to be drawn from, again and again.

    Source: XD-1, step ORDER
    """

    def __init__(self, lottery: FairLottery) -> None:
        self._lottery = lottery
        self._template_sums = running_sums([template.weight for template in lottery.templates])
        self._member_sums = [running_sums(group.weights or (1,) * len(group.members)) for group in lottery.classes]

    def draw(self, stream: Stream) -> tuple[int, ...]:
        """Take a template by weight and then its members.

        Returns:
            the persons, ascending.

        Raises:
            TooTangledError: a million tries in vain, which the build of the lottery makes practically impossible.
        """
        template = self._lottery.templates[stream.weighted(self._template_sums)]
        if self._lottery.method == "plain":
            return tuple(sorted(self._plain(stream, template)))
        return tuple(sorted(self._by_rejection(stream, template)))

    def _plain(self, stream: Stream, template: FairTemplate) -> list[int]:
        chosen: list[int] = []
        for group, seats in template.seats:
            people = list(self._lottery.classes[group].members)
            for place in range(seats):
                other = place + stream.below(len(people) - place)
                people[place], people[other] = people[other], people[place]
            chosen += people[:seats]
        return chosen

    def _by_rejection(self, stream: Stream, template: FairTemplate) -> list[int]:
        for _ in range(MAX_TRIES):
            chosen = self._try(stream, template)
            if chosen is not None:
                return chosen
        raise TooTangledError(accepted=0, tries=MAX_TRIES)

    def _try(self, stream: Stream, template: FairTemplate) -> list[int] | None:
        chosen: list[int] = []
        taken: dict[int, int] = {}
        for group, seats in template.seats:
            for _ in range(seats):
                person = self._lottery.classes[group].members[stream.weighted(self._member_sums[group])]
                unit = -1 if self._lottery.units is None else self._lottery.units[person]
                # Stopping at the first conflict rejects exactly what a full try would reject.
                if person in chosen or (unit >= 0 and taken.get(unit, 0) >= self._lottery.unit_max):
                    return None
                taken[unit] = taken.get(unit, 0) + 1
                chosen.append(person)
        return chosen


def draw_panel(lottery: FairLottery, seed: bytes) -> tuple[int, ...]:
    """Draw the one panel that belongs to ``seed``.

    Args:
        lottery: as it was committed.
        seed: 32 bytes.

    Returns:
        numbers of the persons, ascending.

    Source: XD-1, step ORDER
    """
    return FairDrawer(lottery).draw(Stream(seed))
