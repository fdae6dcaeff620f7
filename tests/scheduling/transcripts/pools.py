"""Makes pools with lotteries over them. The lotteries are valid, not fair: a verifier does not solve them again."""

from tests.scheduling.transcripts.order import ONE, Drawing
from tests.scheduling.transcripts.world import h


class PoolMaker:
    """Makes leaves and the lottery of a ``Maker``; a base to keep its file short."""

    def make_pool(self):
        self.lottery = self.edit("lottery", self.make_lottery())
        self.eligible = sum(count for one in self.lottery["classes"] for count, _, _ in one["blocks"])
        self.names = {}
        leaves = []
        for number, one in enumerate(self.lottery["classes"]):
            for block, (count, _, _) in enumerate(one["blocks"]):
                rows = sorted(self.make_leaf(number, block) for _ in range(count))
                leaves += rows
        self.reuse_units(leaves)
        out = sorted(
            [self.hash(), self.salt(), None, None, "", "", sorted(self.random.sample(["C01", "C07", "C19", "Q1"], 2))]
            for _ in range(self.random.randint(1, 4))
        )
        self.leaves = self.edit("leaves", leaves + out)
        self.units = [leaf[4] for leaf in self.leaves]
        self.drawing = Drawing(self.lottery, self.units)

    def hash(self):
        return self.random.randbytes(32).hex()

    def salt(self):
        return self.random.randbytes(16).hex()

    def make_leaf(self, number, block):
        name, name_salt = f"专家{self.random.randrange(10**6)}", self.salt()
        digest = h("name", bytes.fromhex(name_salt), name.encode()).hex()
        self.names[digest] = (name, name_salt)
        return [self.hash(), self.salt(), number, block, self.hash(), digest, []]

    def reuse_units(self, leaves):
        """Where the lottery rejects, some colleagues are among the eligible."""
        if self.scenario.method == "rejection":
            for leaf in self.random.sample(leaves, len(leaves) // 3):
                leaf[4] = leaves[self.random.randrange(len(leaves))][4]

    def make_lottery(self):
        counts, random = self.scenario.counts, self.random
        is_plain = self.scenario.method == "plain"
        quotas = range(len(counts))
        listed = [[quota] for quota in quotas]
        listed += [sorted(random.sample(quotas, random.randint(1, len(counts)))) for _ in range(random.randint(1, 2))]
        sizes = [random.randint(sum(counts) + 2, sum(counts) + 5) for _ in listed]
        templates = self.make_templates(listed, counts, is_plain)
        used = {c for _, _, cells in templates for c, _, _ in cells}
        total = sum(weight for weight, _, _ in templates)
        classes = []
        for number, (own, size) in enumerate(zip(listed, sizes, strict=True)):
            sat = sum(weight * n for weight, _, cells in templates for c, _, n in cells if c == number)
            chance = round(10**12 * sat / (total * size))
            cut = random.randint(1, size - 1)
            weights = [1, 1] if is_plain else [random.randint(1, 9), random.randint(1, 9)]
            classes.append({"quotas": own, "blocks": [[cut, weights[0], chance], [size - cut, weights[1], chance]]})
        return {
            "kind": "leximin",
            "method": self.scenario.method,
            "seats": sum(counts),
            "unit_max": 0 if is_plain else 1,
            "max_tries": 1_000_000,
            "classes": classes,
            "templates": templates,
            "edges": self.make_edges(templates, sizes),
            "never": sum(size for number, size in enumerate(sizes) if number not in used),
            "figures": {
                **dict.fromkeys(("min_probability", "max_probability", "upper_bound", "gini", "entropy_bits"), "0.1"),
                "max_pair_probability": "0.01",
                "pair_is_exact": True,
            },
        }

    def make_templates(self, listed, counts, is_plain):
        found = {}
        for _ in range(self.random.randint(2, 4)):
            cells = {}
            for quota, count in enumerate(counts):
                able = [number for number, own in enumerate(listed) if quota in own]
                for _ in range(count):
                    cell = (self.random.choice(able), quota)
                    cells[cell] = cells.get(cell, 0) + 1
            accept = ONE if is_plain else self.random.choice([ONE // 3, ONE // 2 + 7, 3 * ONE // 4])
            rows = [[c, q, n] for (c, q), n in sorted(cells.items())]
            found[str(rows)] = [self.random.randint(1, 100), accept, rows]
        return list(found.values())

    def make_edges(self, templates, sizes):
        """Pairs across two classes that no template seats together."""
        starts = [sum(sizes[:number]) for number in range(len(sizes))]
        apart = [
            (one, other)
            for one in range(len(sizes))
            for other in range(one + 1, len(sizes))
            if not any({one, other} <= {cell[0] for cell in cells} for _, _, cells in templates)
        ]
        pairs = {
            (starts[one] + self.random.randrange(sizes[one]), starts[other] + self.random.randrange(sizes[other]))
            for one, other in apart
        }
        return [list(pair) for pair in sorted(pairs)]
