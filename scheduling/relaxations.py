"""Ways out of a request that nobody can fill: several minimal relaxations, none of which touches a legal floor."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.concessions import Change, Concession, changes_of, relaxed
from scheduling.drawable import is_drawable
from scheduling.eligibility import Eligibility, assess
from scheduling.pins import Pin
from scheduling.relaxation_model import RelaxationModel
from scheduling.request import DrawRequest
from scheduling.supplies import enough_people

MOST_OFFERS = 5
MOST_TRIALS = 150
MOST_GROWTH = 24


@dataclass(frozen=True, slots=True)
class Relaxation:
    """A minimal way to make the draw possible.

    Args:
        changes: all of them are needed; sorted by kind and target.
        request: the request with the changes made.

    Source: domain chapter 3, hard errors; CF-08
    """

    changes: tuple[Change, ...]
    request: DrawRequest

    def text(self, lang: str = "zh") -> str:
        """Return the changes as one line; it tells no number of experts."""
        return ("; " if lang == "en" else "；").join(change.text(lang) for change in self.changes)


def relaxations(eligibility: Eligibility, pins: Sequence[Pin] = (), most: int = MOST_OFFERS) -> tuple[Relaxation, ...]:
    """Find ways to make a draw possible.

    The programme names the cheapest concessions that could do; they are tried on the people. What does not do is grown
    as long as it still fails, the least painful concessions first: at least one of the others is needed, which the
    programme learns. What does is made minimal: without any one of its concessions, or with one step less where steps
    are shown, there is no panel. So offers come in the order of what they give up, first those that differ in kind or
    target, then others (implicit hitting sets). Bounded by ``MOST_TRIALS`` assessments, ``MOST_GROWTH`` for
    each growth, and the work of each search; when that is not enough for any offer, everything is conceded and given
    back in parts, which finds one minimal offer, though not the least painful.

    Args:
        eligibility: the assessed pool, with the request that cannot be filled.
        pins: those the pool was assessed with.
        most: number of offers wanted.

    Returns:
        up to ``most`` relaxations; empty when the request can be drawn as it is, or nothing helps.

    Source: domain chapter 3, hard errors; design of the draw, section 2, step 7
    """
    if is_drawable(eligibility):
        return ()
    model, request = RelaxationModel(eligibility), eligibility.request
    trial = _Trial(eligibility, pins, model)
    found: list[dict[Concession, int]] = []
    while len(found) < most and trial.left > 0:
        offer = model.cheapest()
        if offer is None:
            break
        if trial.does(offer):
            found.append(trial.minimal(offer))
            model.accept(found[-1])
        else:
            model.refuse(trial.grown(offer))
    if not found and (rest := trial.shrunk()) is not None:
        found.append(rest)
    return tuple(Relaxation(changes_of(request, offer), relaxed(request, offer)) for offer in found)


class _Trial:
    """Assesses those who could sit at all for relaxed requests, a limited number of times."""

    def __init__(self, eligibility: Eligibility, pins: Sequence[Pin], model: RelaxationModel) -> None:
        self._pool = eligibility.pool.take(enough_people(eligibility, pins))
        self._request = eligibility.request
        self._pins = pins
        self._model = model
        self.left = MOST_TRIALS
        self._rest = 0

    def does(self, offer: dict[Concession, int]) -> bool:
        self.left -= 1
        return is_drawable(assess(self._pool, relaxed(self._request, offer), self._pins))

    def minimal(self, offer: dict[Concession, int]) -> dict[Concession, int]:
        """Give back what is not needed, in allowed steps, the most painful first."""
        kept = dict(offer)
        for concession in sorted(offer, key=self._model.pain, reverse=True):
            allowed = self._model.allowed()[concession]
            for steps in reversed(allowed[: allowed.index(offer[concession])]):
                fewer = {**kept, concession: steps} if steps else _without(kept, concession)
                if not self.does(fewer):
                    break
                kept = fewer
        return kept

    def grown(self, offer: dict[Concession, int]) -> dict[Concession, int]:
        """Add concessions while the offer still fails, whole levels at once where that goes, within bounds."""
        self._rest = max(self.left - MOST_GROWTH, 0)
        levels: dict[int, list[Concession]] = {}
        for concession in sorted(self._model.allowed(), key=self._model.pain):
            levels.setdefault(self._model.pain(concession)[0], []).append(concession)
        for level in levels.values():
            offer = self._with(offer, level)
        return offer

    def shrunk(self) -> dict[Concession, int] | None:
        """Concede everything, and give back what is not needed, in large parts first; None when even that fails."""
        self.left = MOST_TRIALS
        allowed = self._model.allowed()
        offer = {concession: steps[-1] for concession, steps in allowed.items()}
        if not self.does(offer):
            return None
        offer = self._less(offer, sorted(allowed, key=self._model.pain, reverse=True))
        return self.minimal(offer)

    def _less(self, offer: dict[Concession, int], part: list[Concession]) -> dict[Concession, int]:
        """Give back all of these if the offer still does, else either half."""
        fewer = {concession: steps for concession, steps in offer.items() if concession not in part}
        if self.does(fewer):
            return fewer
        if len(part) == 1:
            return offer
        middle = len(part) // 2
        return self._less(self._less(offer, part[:middle]), part[middle:])

    def _with(self, offer: dict[Concession, int], level: list[Concession]) -> dict[Concession, int]:
        """Add all of these if the offer still fails, else try either half."""
        if self.left <= self._rest:
            return offer
        more = {**offer, **{concession: self._model.allowed()[concession][-1] for concession in level}}
        if more == offer or not self.does(more):
            return more
        if len(level) == 1:
            return self._step_up(offer, level[0])
        middle = len(level) // 2
        return self._with(self._with(offer, level[:middle]), level[middle:])

    def _step_up(self, offer: dict[Concession, int], concession: Concession) -> dict[Concession, int]:
        for steps in self._model.allowed()[concession][1:-1]:
            more = {**offer, concession: max(steps, offer.get(concession, 0))}
            if self.does(more):
                break
            offer = more
        return offer


def _without(offer: dict[Concession, int], concession: Concession) -> dict[Concession, int]:
    return {item: many for item, many in offer.items() if item != concession}
