"""From seed to persons: the ORDER step. Standard library only; drawing and verifying run this same text."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.artefact import Lottery, LotteryClass, Policy
from scheduling.seats import places_by_quota
from scheduling.seed import Stream, running_sums


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn assignment.

    Args:
        persons: candidate index per seat, in the order of the seats of the lottery.
        tries: assignments begun, the accepted one included.

    Source: XD-1, step ORDER
    """

    persons: tuple[int, ...]
    tries: int


class Rules:
    """Pairwise rules of a policy in a form that is fast to ask: one legal person, kin, one person once.

    Args:
        policy: of the lottery.
        units: employer key per candidate index.

    Source: domain C13, C14
    """

    __slots__ = ("_employer_max", "_kin", "_units")

    def __init__(self, policy: Policy, units: Sequence[str]) -> None:
        self._employer_max = policy.employer_max
        self._units = units
        self._kin: dict[int, set[int]] = {}
        for a, b in policy.edges:
            self._kin.setdefault(a, set()).add(b)
            self._kin.setdefault(b, set()).add(a)

    def can_join(self, person: int, chosen: Sequence[int]) -> bool:
        """Tell whether ``person`` may sit with those already chosen."""
        if person in chosen:
            return False
        kin = self._kin.get(person)
        if kin is not None and not kin.isdisjoint(chosen):
            return False
        unit = self._units[person]
        if not unit or not self._employer_max:
            return True
        return sum(self._units[other] == unit for other in chosen) < self._employer_max


class Drawer:
    """A lottery made ready to be drawn from, again and again.

    Source: XD-1, step ORDER
    """

    def __init__(self, lottery: Lottery) -> None:
        self._lottery = lottery
        self._rules = Rules(lottery.policy, lottery.units)
        self._template_sums = running_sums([template.weight for template in lottery.templates])
        self._member_sums = [
            None if group.weights is None else running_sums(group.weights) for group in lottery.classes
        ]

    def draw(self, stream: Stream, max_tries: int) -> Drawn | None:
        """Draw until an assignment is accepted.

        Args:
            stream: words are taken in this order: per try the template (once only when ``redraw`` is ``members``),
                then one member per seat up to the first conflict; after acceptance the shuffles.
            max_tries: at least 1.

        Returns:
            the assignment, or None when every try was rejected.
        """
        template = -1
        for tries in range(1, max_tries + 1):
            if template < 0 or self._lottery.policy.redraw == "all":
                template = stream.weighted(self._template_sums)
            persons = self._fill(stream, self._lottery.templates[template].classes)
            if persons is not None:
                return Drawn(tuple(self._permuted(stream, persons)), tries)
        return None

    def _fill(self, stream: Stream, classes: tuple[int, ...]) -> list[int] | None:
        chosen: list[int] = []
        for number in classes:
            person = self._member(stream, self._lottery.classes[number], self._member_sums[number])
            # Stopping at the first conflict rejects exactly the assignments a full draw would reject.
            if not self._rules.can_join(person, chosen):
                return None
            chosen.append(person)
        return chosen

    @staticmethod
    def _member(stream: Stream, group: LotteryClass, sums: list[int] | None) -> int:
        if sums is None:
            return group.members[stream.below(len(group.members))]
        return group.members[stream.weighted(sums)]

    def _permuted(self, stream: Stream, persons: list[int]) -> list[int]:
        if not self._lottery.policy.permute:
            return persons
        result = list(persons)
        for places in places_by_quota(self._lottery.seats):
            for place, person in zip(places, stream.shuffled([persons[place] for place in places]), strict=True):
                result[place] = person
        return result


def draw_order(lottery: Lottery, seed: bytes, max_tries: int | None = None) -> Drawn | None:
    """Draw the one assignment that belongs to ``seed``.

    Args:
        lottery: the committed lottery.
        seed: 32 bytes.
        max_tries: limit below that of the policy; None for the policy's own.

    Returns:
        the assignment, None when the limit was reached.

    Source: XD-1, step ORDER
    """
    limit = lottery.policy.max_tries if max_tries is None else min(max_tries, lottery.policy.max_tries)
    return Drawer(lottery).draw(Stream(seed), limit)
