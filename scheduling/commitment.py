"""The commitment: request, pool and lottery fixed and digested before the randomness exists."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import numpy as np

from scheduling.artefact import (
    Block,
    Lottery,
    LotteryClass,
    Template,
    lottery_document,
    lottery_from_document,
    quota_counts,
)
from scheduling.eligibility import Eligibility
from scheduling.errors import CommitmentBrokenError, InvalidTermsError, TooEarlyError
from scheduling.leaves import (
    KEY_BYTES,
    Leaves,
    cut,
    eligible_leaf,
    excluded_leaf,
    ground_counts,
    masked,
    name_commitment,
    unit_tag,
)
from scheduling.lottery import MemberClass, PanelLottery
from scheduling.request import instant_text, request_document
from scheduling.transcript import (
    FIRST_PARTIES,
    PROTOCOL,
    SUITE,
    BeaconValue,
    commit_digest,
    exclusion_document,
    lottery_hash,
)

FRESH, IN_ORDER = "fresh_seed", "next_in_order"


@dataclass(frozen=True, slots=True)
class PartyLink:
    """The link of a party that a draw or a replacement uses.

    Args:
        party: name.
        tip: of the registered chain, hex.
        index: number of the link, from 1 on.

    Source: XD-1 section 4
    """

    party: str
    tip: str
    index: int

    def document(self) -> dict[str, Any]:
        """Return it as canonical-ready builtins."""
        return {"party": self.party, "tip": self.tip, "index": self.index}


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One source of randomness, in the order of preference.

    Args:
        level: ``public``, ``federated`` or ``parties``.
        chain: chain hash, hex; None for ``parties``.
        round: the future round; None for ``parties``.
        deadline: instant after which the next item may be used; None for ``parties``.

    Source: XD-1 section 4
    """

    level: str
    chain: str | None = None
    round: int | None = None
    deadline: datetime | None = None

    def document(self) -> dict[str, Any]:
        """Return it as canonical-ready builtins."""
        deadline = None if self.deadline is None else instant_text(self.deadline)
        return {"level": self.level, "chain": self.chain, "round": self.round, "deadline": deadline}


@dataclass(frozen=True, slots=True)
class CommitTerms:
    """What a commitment needs besides the prepared pool.

    Args:
        draw, subject: identifiers of the draw and of its lot.
        policy: policy hash, hex.
        parties: ``centre``, ``supervisor``, then others ascending by name.
        latest: a beacon round known now, None without a line to a beacon.
        plan: sources of randomness.
        committed_at: aware instant.
        attempt, previous: number of this attempt; commit digests of the earlier ones, oldest first.
        standing: version of standings and debarments that were applied.
        replacement: ``fresh_seed`` or ``next_in_order``.

    Source: XD-1 section 4
    """

    draw: str
    subject: str
    policy: str
    parties: tuple[PartyLink, ...]
    latest: BeaconValue | None
    plan: tuple[PlanItem, ...]
    committed_at: datetime
    attempt: int = 1
    previous: tuple[str, ...] = ()
    standing: str = ""
    replacement: str = FRESH


@dataclass(frozen=True, slots=True)
class Prepared:
    """Request, pool and lottery, fixed; what is still open is when and with which randomness.

    Args:
        fixed: the part of the committed body that no longer changes.
        lottery: numbered by position.
        leaves: secret until opened.
        opens_at: instant before which nothing may be committed, or None.

    Source: XD-1 section 4
    """

    fixed: dict[str, Any]
    lottery: Lottery
    leaves: Leaves
    opens_at: datetime | None


def prepare(
    eligibility: Eligibility, lottery: PanelLottery, draw_key: bytes, names: Mapping[str, str] | None = None
) -> Prepared:
    """Number the pool by pseudonyms and fix request, pool and lottery.

    Args:
        eligibility: the assessed pool.
        lottery: built from it.
        draw_key: secret of this draw, 32 bytes.
        names: displayed name per candidate id, for the publication of names; only eligible ones are asked for.

    Source: XD-1 sections 3 to 5
    """
    if len(draw_key) < KEY_BYTES:
        raise InvalidTermsError(reasons=["draw_key below 32 bytes"])
    numbering = _Numbering(eligibility, lottery, draw_key)
    leaves, excluded = numbering.leaves(names or {})
    moved = numbering.lottery()
    request = eligibility.request
    fixed = {
        "protocol": PROTOCOL,
        "suite": SUITE,
        "request": request_document(request),
        "pool": {"size": len(leaves), "eligible": moved.starts()[-1], "root": leaves.tree.root},
        "eligible": list(quota_counts(moved, len(request.quotas))),
        "excluded": exclusion_document(excluded, request.k_anonymity),
        "lottery": lottery_hash(lottery_document(moved)),
        "alternates": [request.alternates_of(quota) for quota in request.quotas],
    }
    return Prepared(fixed, moved, leaves, request.draw_opens_at)


def commit_body(fixed: Mapping[str, Any], terms: CommitTerms, opens_at: datetime | None = None) -> dict[str, Any]:
    """Return the body whose digest is published before the randomness exists.

    Args:
        fixed: of ``Prepared``.
        terms: time, links, plan.
        opens_at: window of the draw.

    Raises:
        InvalidTermsError, TooEarlyError: the terms contradict themselves or the window.

    Source: XD-1 section 4; domain DR-10, DR-21
    """
    _ensure_terms(terms)
    if opens_at is not None and terms.committed_at < opens_at:
        raise TooEarlyError(opens_at=instant_text(opens_at))
    in_order = terms.replacement == IN_ORDER
    return {
        **fixed,
        "policy": terms.policy,
        "draw": terms.draw,
        "subject": terms.subject,
        "standing": terms.standing,
        "parties": [party.document() for party in terms.parties],
        "latest": None if terms.latest is None else _latest(terms.latest),
        "plan": [item.document() for item in terms.plan],
        "committed_at": instant_text(terms.committed_at),
        "attempt": terms.attempt,
        "previous": list(terms.previous),
        "replacement": terms.replacement,
        # With fresh randomness nobody is drawn ahead, so that nobody can foresee the next name (DR-12).
        "alternates": fixed["alternates"] if in_order else [0] * len(fixed["alternates"]),
    }


@dataclass(frozen=True, slots=True)
class Commitment:
    """A committed body with what belongs to it.

    Args:
        body: what is published.
        lottery: numbered by position.
        leaves: secret until opened.

    Source: XD-1 section 4
    """

    body: dict[str, Any]
    lottery: Lottery
    leaves: Leaves

    @property
    def digest(self) -> str:
        """The commitment, hex."""
        return commit_digest(self.body)

    @staticmethod
    def restored(body: dict[str, Any], lottery: dict[str, Any], leaves: bytes) -> "Commitment":
        """Put stored parts together again.

        Raises:
            CommitmentBrokenError: a part does not belong to the body.
        """
        if lottery_hash(lottery) != body["lottery"]:
            raise CommitmentBrokenError(part="lottery")
        return Commitment(body, lottery_from_document(lottery), Leaves.from_bytes(leaves, body["pool"]["root"]))


def _latest(latest: BeaconValue) -> dict[str, Any]:
    return {
        "chain": latest.chain,
        "round": latest.round,
        "signature": latest.signature,
        "previous": latest.previous,
    }


def _ensure_terms(terms: CommitTerms) -> None:
    names = [party.party for party in terms.parties]
    faults = ["parties"] * (tuple(names[:2]) != FIRST_PARTIES or names[2:] != sorted(set(names[2:]) - {*FIRST_PARTIES}))
    faults += ["link index"] * any(party.index < 1 for party in terms.parties)
    faults += ["attempt"] * (terms.attempt != len(terms.previous) + 1)
    faults += ["committed_at without offset"] * (terms.committed_at.utcoffset() is None)
    faults += ["plan"] * (not terms.plan)
    faults += ["replacement"] * (terms.replacement not in (FRESH, IN_ORDER))
    if faults:
        raise InvalidTermsError(reasons=faults)


class _Numbering:
    """Positions: eligible by class, block and pseudonym, then the excluded by pseudonym.

    Classes are ordered by what is published of them and then by their first pseudonym, so that their order says nothing
    about the order of the library.
    """

    def __init__(self, eligibility: Eligibility, lottery: PanelLottery, draw_key: bytes) -> None:
        self._pool, self._of, self._key = eligibility.pool, lottery, draw_key
        self._units = lottery.units
        self._grounds = _grounds_of(eligibility)
        self._masked = [masked(draw_key, candidate) for candidate in eligibility.pool.candidate_ids]
        shown = [(_shown(group), self._sorted(group)) for group in lottery.classes]
        order = sorted(range(len(shown)), key=lambda number: (shown[number][0], self._pid(shown[number][1][0][0])))
        self._classes = [shown[number] for number in order]
        self._rank = {old: new for new, old in enumerate(order)}
        placed = [index for _, blocks in self._classes for block in blocks for index in block]
        self._position = np.full(len(eligibility.pool), -1, dtype=np.int64)
        self._position[placed] = np.arange(len(placed))

    def _pid(self, index: int) -> bytes:
        return self._masked[index]

    def _sorted(self, group: MemberClass) -> list[list[int]]:
        return [sorted(block.members.tolist(), key=self._pid) for block in group.blocks]

    def leaves(self, names: Mapping[str, str]) -> tuple[Leaves, Mapping[str, int]]:
        texts = [
            self._eligible(index, (number, place), names)
            for number, (_, blocks) in enumerate(self._classes)
            for place, block in enumerate(blocks)
            for index in block
        ]
        excluded = sorted(np.flatnonzero(self._position < 0).tolist(), key=self._pid)
        texts += [excluded_leaf(cut(self._masked[index]), self._grounds[index]) for index in excluded]
        return Leaves(texts), ground_counts(self._grounds[index] for index in excluded)

    def _eligible(self, index: int, place: tuple[int, int], names: Mapping[str, str]) -> bytes:
        candidate, of = self._pool.candidate_ids[index], cut(self._masked[index])
        unit = unit_tag(self._key, self._units[index], candidate)
        return eligible_leaf(of, place, unit, name_commitment(of.name_salt, names.get(candidate, "")))

    def lottery(self) -> Lottery:
        edges = sorted(sorted((int(self._position[a]), int(self._position[b]))) for a, b in self._of.edges)
        return Lottery(
            method=self._of.method,
            seats=self._of.seats,
            unit_max=self._of.unit_max,
            classes=tuple(group for group, _ in self._classes),
            templates=tuple(sorted((self._moved(item) for item in self._of.templates), key=lambda item: item.cells)),
            edges=tuple((a, b) for a, b in edges),
            never=self._of.never,
            figures=self._of.figures,
        )

    def _moved(self, template: Template) -> Template:
        cells = sorted((self._rank[number], quota, seats) for number, quota, seats in template.cells)
        return replace(template, cells=tuple(cells))


def _grounds_of(eligibility: Eligibility) -> list[tuple[str, ...]]:
    """Return the grounds of every candidate; one tuple for all who have the same."""
    names, marks = eligibility.exclusions.marks()
    tuples = {
        mark: tuple(name for place, name in enumerate(names) if mark >> place & 1) for mark in np.unique(marks).tolist()
    }
    return [tuples[mark] for mark in marks.tolist()]


def _shown(group: MemberClass) -> LotteryClass:
    blocks = tuple(Block(len(block.members), block.weight, block.inclusion) for block in group.blocks)
    return LotteryClass(group.quotas, blocks)
