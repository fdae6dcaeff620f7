from itertools import combinations

import numpy as np

from scheduling.multisets import slots_of

TEMPLATES = np.array([[2, 1, 0], [1, 1, 1]])


def test_seats_become_slots():
    slots = slots_of(TEMPLATES, np.array([0.5, 0.5]))
    assert slots.classes.tolist() == [[0, 0, 1], [0, 1, 2]]


def test_every_part_of_a_template_is_listed_once():
    slots = slots_of(TEMPLATES, np.array([0.5, 0.5]))
    for size, level in enumerate(slots.levels, start=1):
        wanted = {part for row in slots.classes.tolist() for part in combinations(row, size)}
        listed = [tuple(row) for row in level.classes.tolist()]
        assert len(listed) == len(set(listed))
        assert set(listed) == wanted
        for number, row in enumerate(slots.classes.tolist()):
            for place, mask in enumerate(level.masks.tolist()):
                part = [group for slot, group in enumerate(row) if mask >> slot & 1]
                assert level.classes[level.places[number, place]].tolist() == part
        if size > 1:
            parents = slots.levels[size - 2].classes[level.parents].tolist()
            assert parents == level.classes[:, :-1].tolist()
