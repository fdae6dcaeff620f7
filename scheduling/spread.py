"""Among all lotteries with the same chances for everybody, one of the greatest uncertainty."""

import numpy as np

from scheduling.cells import Cells, Floats, Integers
from scheduling.swaps import Swaps
from scheduling.templates import Mixture, panel_bits

MOST = 1_000
WORK = 40_000
STEPS = 40
CLOSE = 1e-11


def spread(cells: Cells, mixture: Mixture) -> Mixture:
    """Give neighbouring templates a part of the chance without changing anybody's chance.

    Over a list of templates (those of the mixture and their neighbours by one moved seat) the entropy of the panel,
    H(lambda) + sum_t lambda_t b_t with b_t the logarithm of the number of panels of t, is maximised subject to
    sum_t lambda_t x_t = X. Its solution is lambda_t = exp(b_t + theta x_t) / Z; theta minimises
    log Z(theta) - theta X, by damped Newton steps. Where that does not converge the mixture is returned as it was.

    Source: design of the draw, section 2, step 6
    """
    if len(mixture.templates) < 2:
        return mixture
    targets = mixture.chances @ mixture.templates
    templates = _neighbours(cells, mixture.templates, targets)
    chances = _most_uncertain(templates, panel_bits(cells, templates) * np.log(2.0), targets)
    if chances is None:
        return mixture
    kept = np.flatnonzero(chances > 1e-12)
    return Mixture(templates[kept], chances[kept] / chances[kept].sum(), mixture.exact)


def _neighbours(cells: Cells, templates: Integers, targets: Floats) -> Integers:
    box = np.where(targets > 1e-9, cells.sizes, 0)
    swaps = Swaps(cells, np.zeros_like(box), box)
    found = {row.tobytes(): row for row in templates}
    queue = list(templates)
    most = max(len(queue), min(MOST, WORK // len(box)))
    each = max(2, most // len(queue))
    while queue and len(found) < most:
        template = queue.pop(0)
        giving, taking, allowed = swaps.moves(template)
        pairs = np.argwhere(allowed)
        for source, sink in pairs[:: max(1, len(pairs) // each)].tolist():
            moved = template.copy()
            moved[giving[source]] -= 1
            moved[taking[sink]] += 1
            if len(found) < most and moved.tobytes() not in found and _keeps_tight_rows(cells, moved, targets):
                found[moved.tobytes()] = moved
                queue.append(moved)
    return np.stack(list(found.values()))


def _keeps_tight_rows(cells: Cells, template: Integers, targets: Floats) -> bool:
    # A template with more than the least of a row cannot occur when the mean is the least.
    for row in cells.rows:
        places = list(row.places)
        mean = float(targets[places].sum())
        if (mean <= row.low + 1e-7 or mean >= row.high - 1e-7) and int(template[places].sum()) != round(mean):
            return False
    full = targets >= cells.sizes - 1e-9
    return bool(np.all(template[full] == cells.sizes[full]))


def _most_uncertain(templates: Integers, logs: Floats, targets: Floats) -> Floats | None:
    shifted = templates - targets
    theta = np.zeros(len(targets))
    value, chances = _partition(shifted, logs, theta)
    for _ in range(STEPS):
        gap = chances @ shifted
        if float(np.abs(gap).max()) <= CLOSE * max(1.0, float(targets.max())):
            return chances
        curve = (shifted * chances[:, None]).T @ shifted
        curve[np.diag_indices_from(curve)] += 1e-13 * float(np.trace(curve)) + 1e-300
        step = np.linalg.lstsq(curve, gap, rcond=1e-12)[0]
        length = 1.0
        while length > 1e-6:
            after, found = _partition(shifted, logs, theta - length * step)
            if after <= value - 1e-4 * length * float(gap @ step) + 1e-12 * abs(value):
                break
            length /= 2
        theta = theta - length * step
        value, chances = after, found
    return None


def _partition(shifted: Floats, logs: Floats, theta: Floats) -> tuple[float, Floats]:
    exponents = logs + shifted @ theta
    top = float(exponents.max())
    weights = np.exp(exponents - top)
    total = float(weights.sum())
    return top + float(np.log(total)), weights / total
