"""The most uncertain lottery over given templates that meets the targets."""

from dataclasses import dataclass
from math import lgamma

import numpy as np

from scheduling.cells import Floats, Integers

STEPS, MOST_INNER = 40, 400
CLOSE, RIDGE = 1e-11, 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Panels:
    """Templates over cells of these sizes.

    Args:
        templates: seats per template and cell.
        sizes: persons per cell.

    Source: design of the draw, section 2, step 4
    """

    templates: Integers
    sizes: Integers

    def bits(self) -> Floats:
        """Return log2 of the number of panels per template when nobody excludes anybody."""
        logs = np.array([lgamma(number + 1) for number in range(int(self.sizes.max()) + 1)])
        found = logs[self.sizes] - logs[self.templates] - logs[self.sizes - self.templates]
        return np.asarray(found.sum(axis=1) / np.log(2.0))


@dataclass(frozen=True, slots=True, eq=False)
class Balance:
    """A lottery over templates and how far it is from the targets.

    Args:
        chances: probability per template, sum 1.
        prices: multiplier per cell; where targets are out of reach it points at templates that would help.
        error: largest relative difference from a target.

    Source: design of the draw, section 2, step 6
    """

    chances: Floats
    prices: Floats
    error: float


def find_balance(panels: Panels, targets: Floats, close: float = CLOSE) -> Balance:
    """Maximise the entropy of the panel subject to the targets.

    max H(lambda) + sum_t lambda_t b_t subject to sum_t lambda_t x_t = X has the solution
    lambda_t = exp(b_t + theta x_t) / Z; theta minimises log Z(theta) - theta X, a convex function with gradient
    achieved - X and the covariance of x under lambda as curvature. Damped Newton steps, each by conjugate gradients
    with the diagonal as preconditioner, so that only sums over seats are needed: they are taken in a fixed order
    whatever the number of threads. Work per inner step: templates x seats.

    Args:
        panels: templates and the sizes of their cells.
        targets: X, expected seats per cell; their sum is the number of seats.
        close: relative error that is small enough.

    Source: design of the draw, section 2, step 6
    """
    state = _State(panels, targets)
    theta = -_steepness(panels.sizes, targets)
    value, chances = state.partition(theta)
    best = Balance(chances, theta, np.inf)
    for _ in range(STEPS):
        gap = state.achieved(chances) - targets
        error = float(np.abs(gap / np.maximum(targets, 1e-12)).max())
        if error < best.error:
            best = Balance(chances, theta, error)
        if error <= close:
            break
        step = _newton_step(state, chances, gap)
        slope, length = float((gap * step).sum()), 1.0
        while True:
            after, found = state.partition(theta - length * step)
            if after <= value - 1e-4 * length * slope + 1e-13 * abs(value) or length < 1e-3:
                break
            length /= 2
        if length < 1e-3:
            break
        theta, value, chances = theta - length * step, after, found
    return best


class _State:
    def __init__(self, panels: Panels, targets: Floats) -> None:
        templates, sizes = panels.templates, panels.sizes
        self.classes, self.targets = np.stack([np.repeat(np.arange(len(sizes)), row) for row in templates]), targets
        self._logs = panels.bits() * np.log(2.0)
        self._flat = self.classes.ravel()

    def along(self, direction: Floats) -> Floats:
        """Scalar product of every template with a direction."""
        return np.asarray(direction[self.classes].sum(axis=1))

    def achieved(self, chances: Floats) -> Floats:
        """Expected seats per cell."""
        each = np.repeat(chances, self.classes.shape[1])
        return np.asarray(np.bincount(self._flat, weights=each, minlength=len(self.targets)))

    def partition(self, theta: Floats) -> tuple[float, Floats]:
        """log Z - theta X, and lambda."""
        exponents = self._logs + self.along(theta) - float((theta * self.targets).sum())
        top = float(exponents.max())
        weights = np.exp(exponents - top)
        total = float(weights.sum())
        return top + float(np.log(total)), weights / total


def _steepness(sizes: Integers, targets: Floats) -> Floats:
    """What one seat more in a cell adds to b near the target: prices that undo it make all templates alike."""
    seats = np.minimum(np.floor(targets + 1e-9), sizes - 1)
    return np.asarray(np.log((sizes - seats) / (seats + 1)))


def _newton_step(state: _State, chances: Floats, gap: Floats) -> Floats:
    """Solve curvature x step = gap approximately, the more exactly the smaller the gap is."""
    mean = state.achieved(chances)
    scale = np.maximum(mean, 1e-9)
    goal = min(0.1, float(np.abs(gap / scale).max())) ** 2
    ridge = RIDGE * scale
    step, rest = np.zeros_like(gap), gap.copy()
    ready = rest / scale
    direction, worth = ready.copy(), float((rest * ready).sum())
    first = worth
    for _ in range(MOST_INNER):
        if worth <= goal * first or worth <= 1e-30:
            break
        along = state.along(direction)
        curved = state.achieved(chances * (along - float((chances * along).sum()))) + ridge * direction
        bend = float((direction * curved).sum())
        if bend <= 0:
            break
        step += worth / bend * direction
        rest -= worth / bend * curved
        ready = rest / scale
        after = float((rest * ready).sum())
        direction, worth = ready + after / worth * direction, after
    return step if step.any() else gap / scale
