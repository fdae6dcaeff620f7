"""Among all lotteries with the same chances for everybody, one of the greatest uncertainty."""

from dataclasses import replace

import numpy as np

from scheduling.balance import Panels, find_balance
from scheduling.cells import Cells, Floats, Integers
from scheduling.swaps import Swaps
from scheduling.templates import Mixture

MOST = 1_000
WORK = 40_000
CLOSE = 1e-9


def spread(cells: Cells, mixture: Mixture) -> Mixture:
    """Give neighbouring templates a part of the chance without changing anybody's chance.

    Over a list of templates (those of the mixture and their neighbours by one moved seat) the entropy of the panel,
    H(lambda) + sum_t lambda_t b_t with b_t the logarithm of the number of panels of t, is maximised subject to
    sum_t lambda_t x_t = X (``balance``). Where that is not reached exactly the mixture is returned as it was, and so
    is a mixture of many templates.

    Source: design of the draw, section 2, step 6
    """
    if not 2 <= len(mixture.templates) < MOST:
        return mixture
    targets = (mixture.chances[:, None] * mixture.templates).sum(axis=0)
    templates = _neighbours(cells, mixture.templates, targets)
    balance = find_balance(Panels(templates, cells.sizes), targets)
    if balance.error > CLOSE:
        return mixture
    kept = np.flatnonzero(balance.chances > 1e-12)
    chances = balance.chances[kept] / balance.chances[kept].sum()
    return replace(mixture, templates=templates[kept], chances=chances)


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
