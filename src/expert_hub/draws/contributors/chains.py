"""One-way hash chains: what a party (centre, supervisor, another hub) adds to the seeds of many draws.

link(n) = h("chain", root), link(i - 1) = h("link", link(i)), tip = link(0). The tip is registered in the ledger long
before; the draws take links 1, 2, 3 ... in the order of the ledger, so nobody chooses which link meets which draw.
Whoever knows a link knows all before it. That does no harm: an index is given to a draw only above all indices that
were revealed, so no link is known to others when its draw is committed.
"""

from dataclasses import dataclass, replace

from expert_hub.draws.errors import ChainExhausted, ChainRetired, LinkInvalid, LinkNotAssigned
from scheduling.seed import h

MAX_LENGTH = 4_096
ROOT_BYTES = 32


def link_of(root: bytes, length: int, index: int) -> bytes:
    """Link `index` of a chain.

    Args:
        root: the party's secret, 32 bytes.
        length: number of links, 1..4096.
        index: 0 (the tip) to `length`.

    Raises:
        ValueError: a value out of range.
    """
    if len(root) != ROOT_BYTES or not 1 <= length <= MAX_LENGTH or not 0 <= index <= length:
        raise ValueError("no such link")
    return _down(h("chain", root), length - index)


def tip_of(root: bytes, length: int) -> bytes:
    """What the party registers."""
    return link_of(root, length, 0)


def verify_link(known: bytes, steps: int, link: bytes) -> bool:
    """Whether `link` lies `steps` above `known` (the tip, or a link that was verified) on one chain.

    Args:
        steps: 1..4096; anything else is false.
    """
    return len(link) == ROOT_BYTES and 1 <= steps <= MAX_LENGTH and _down(link, steps) == known


@dataclass(frozen=True, slots=True)
class ChainState:
    """What the ledger says about one chain.

    Args:
        tip: as registered.
        length: number of links.
        used: links given to draws so far; the next draw gets link `used + 1`.
        revealed: the highest link that was revealed; 0 if none.
        last: that link; the tip if none.
        is_retired: its root was opened, so no further draw may use it.
    """

    tip: bytes
    length: int
    used: int
    revealed: int
    last: bytes
    is_retired: bool = False


def registered(tip: bytes, length: int) -> ChainState:
    """A chain of which nothing was used yet.

    Raises:
        ValueError: a value out of range.
    """
    if len(tip) != ROOT_BYTES or not 1 <= length <= MAX_LENGTH:
        raise ValueError("no such chain")
    return ChainState(tip, length, used=0, revealed=0, last=tip)


def assign(state: ChainState) -> tuple[ChainState, int]:
    """Give the next link to a draw. Returns the new state and the index.

    Raises:
        ChainRetired: the chain was opened.
        ChainExhausted: all links are used; the party must register another chain.
    """
    if state.is_retired:
        raise ChainRetired
    if state.used == state.length:
        raise ChainExhausted(length=state.length)
    return replace(state, used=state.used + 1), state.used + 1


def accept(state: ChainState, index: int, link: bytes) -> ChainState:
    """Take a revealed link. Links of draws that run at the same time may come in any order.

    Raises:
        LinkNotAssigned: no draw was given this link.
        LinkInvalid: it does not lead to the tip.
    """
    if not 1 <= index <= state.used:
        raise LinkNotAssigned(index=index)
    if index <= state.revealed:
        if link != known_link(state, index):
            raise LinkInvalid(index=index)
        return state
    if not verify_link(state.last, index - state.revealed, link):
        raise LinkInvalid(index=index)
    return replace(state, revealed=index, last=link)


def known_link(state: ChainState, index: int) -> bytes | None:
    """A link that follows from what was revealed; nothing if it does not."""
    return _down(state.last, state.revealed - index) if 0 <= index <= state.revealed else None


def retire(state: ChainState) -> ChainState:
    """The chain after its root was opened: links already given to draws are still taken, no new one is given."""
    return replace(state, is_retired=True)


def _down(link: bytes, steps: int) -> bytes:
    for _ in range(steps):
        link = h("link", link)
    return link
