"""Edits from which cheats are made: what a dishonest holder of the centre's key does at one step of a draw."""

from tests.scheduling.transcripts.world import canonical, h, hexes, inclusion, key, pool_node, root_of


def on(number, change):
    """The change at one number only (of a replacement, a stamp, ...)."""
    return lambda maker, value, at: change(maker, value) if at == number else None


def at_index(index, change):
    """The change at one member of a list."""

    def edit(maker, value, number):
        value[index] = change(value[index])

    return edit


def put(*path):
    """Set ``path[-2]`` inside to the value ``path[-1]`` (a function of the old value where it is callable)."""
    *way, last, new = path

    def edit(maker, value, number=0):
        for step in way:
            value = value[step]
        value[last] = new(value[last]) if callable(new) else new

    return edit


def both(*edits):
    def edit(maker, value, number=0):
        for one in edits:
            one(maker, value, number)

    return edit


def entries(kind, change, own=True):
    """Change the entries of a kind, of this draw only: ``change(maker, entry)``."""

    def edit(maker, entry, number):
        if entry["kind"] == kind and (not own or entry["subject"] == maker.draw_id):
            return change(maker, entry)
        return None

    return edit


def left_out(maker, entry):
    return entry | {"kind": None}


def twice(**changes):
    """Write an entry of the same kind before it, with changes to its body."""

    def change(maker, entry):
        maker.ledger.append(entry["at"], entry["kind"], entry["subject"], entry["body"] | changes)

    return change


def body_of(**changes):
    """Change the body of an entry; a callable gets the old value."""

    def change(maker, entry):
        new = {name: to(entry["body"][name]) if callable(to) else to for name, to in changes.items()}
        return entry | {"body": entry["body"] | new}

    return change


def flipped(text, place=-1):
    """Another hexadecimal digit at a place."""
    place %= len(text)
    return text[:place] + ("0" if text[place] != "0" else "1") + text[place + 1 :]


def resigned(change):
    """Change the finished transcript and sign the commitment again with the centre's key; nobody else signs."""

    def edit(maker, transcript, number):
        change(maker, transcript)
        digest = h("commit", canonical(transcript["commit"]))
        transcript["signatures"]["centre"] = key("centre").sign("commit", digest)

    return edit


def other_pool(change):
    """Open a pool with changed leaves, and state its root."""

    def edit(maker, transcript, number=0):
        leaves = [list(leaf) for leaf in maker.leaves]
        change(maker, leaves)
        digests = [h("leaf", canonical(leaf)) for leaf in leaves]
        transcript["commit"]["pool"]["root"] = root_of(digests, pool_node).hex()
        transcript["commit"]["pool"]["size"] = len(leaves)
        for opening in transcript["openings"]:
            opening[1:] = [leaves[opening[0]], hexes(inclusion(opening[0], digests, pool_node))]

    return edit


def other_seat(seat, step=1):
    """Give a seat to another member of the same class, as if the drawn one had been skipped."""

    def edit(maker, drawn, number=0):
        row = drawn[seat]
        members = maker.drawing.members[maker.drawing.class_of(row[-1])]
        taken = [one[-1] for one in drawn]
        free = [one for one in members if one not in taken]
        row[-1] = free[(row[-1] + step) % len(free)]
        maker.drawing.touched.add(row[-1])

    return edit


def without_entries(test):
    """Leave entries out of the transcript that stand in the ledger."""

    def edit(maker, transcript, number=0):
        transcript["entries"] = [one for one in transcript["entries"] if not test(maker, one[0])]

    return edit
