"""What kinds of draws are made."""

from dataclasses import dataclass, field
from random import Random

SUPERVISED = ("absent", "conflict", "unwell", "misconduct")


@dataclass(frozen=True)
class Scenario:
    """What kind of draw to make; the rest follows from ``label``."""

    label: str
    method: str = "rejection"
    levels: tuple[str, ...] = ("public", "federated", "parties")
    used: int = 0
    hubs: int = 1
    others: int = 1
    previous: int = 0
    replacement: str = "fresh_seed"
    outcomes: tuple[str, ...] = ()
    max_skips: int = 3
    escrowed: tuple[str, ...] = ()
    latest: bool = True
    public_scheme: str = "bls-unchained-g1-rfc9380"
    counts: tuple[int, ...] = (2, 1)
    edits: dict = field(default_factory=dict, compare=False, hash=False)


def random_scenario(number):
    """An honest scenario of any kind."""
    random = Random(f"scenario {number}")
    levels = random.choice([("public", "federated", "parties"), ("federated", "parties"), ("parties",), ("public",)])
    kinds = ["accepted", "declined", "declined-by-call", "no-answer", "no-answer-by-call", "withdrawn", *SUPERVISED]
    outcomes = tuple(random.choices(kinds, [14, 2, 1, 1, 1, 1, 1, 1, 1, 1], k=random.choice([0, 0, 4, 8])))
    return Scenario(
        label=f"random {number}",
        method=random.choice(["plain", "rejection"]),
        levels=levels,
        used=random.randrange(len(levels)),
        hubs=random.randint(1, 3),
        others=random.randint(0, 2),
        previous=random.choice([0, 0, 1, 2]),
        replacement=random.choice(["fresh_seed", "fresh_seed", "next_in_order"]),
        outcomes=outcomes,
        max_skips=random.randint(1, 4),
        escrowed=("supervisor",) if random.random() < 0.2 else (),
        latest=random.random() < 0.8,
        counts=tuple(random.randint(1, 3) for _ in range(random.randint(1, 3))),
    )
