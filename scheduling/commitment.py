"""The commitment: request, pool and lottery fixed and digested before the randomness exists."""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from scheduling.artefact import Lottery, lottery_document, relabel
from scheduling.canonical import decode, encode
from scheduling.eligibility import Eligibility
from scheduling.errors import (
    CommitmentBrokenError,
    ContributionMissingError,
    ContributionReusedError,
    InvalidTermsError,
    RequestChangedError,
    TooEarlyError,
)
from scheduling.request import DrawRequest, instant_text, request_digest, request_document
from scheduling.request_checks import ensure_valid
from scheduling.seed import h
from scheduling.transcript import (
    PARTIES,
    PROTOCOL,
    Leaf,
    commit_digest,
    eligible_counts,
    exclusion_document,
    lottery_hash,
    merkle_root,
)

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class CommitTerms:
    """What a commitment needs besides request and lottery.

    Args:
        draw_key: secret of this draw, at least 32 bytes; turns candidate ids into pseudonyms, never published.
        contributions: commitment per party (``centre``, ``supervisor``), SHA-256 of its secret, hex.
        committed_at: aware instant.
        attempt: 1 for the first draw of the request.
        previous: commit digests of the earlier attempts, oldest first.

    Source: XD-1, step COMMIT
    """

    draw_key: bytes
    contributions: Mapping[str, str]
    committed_at: datetime
    attempt: int = 1
    previous: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Commitment:
    """The fixed lottery and its published body.

    Args:
        body: what is published before the draw; holds no leaf and no name.
        leaves: one per candidate, sorted by pseudonym; secret until the transcript is published.
        lottery: the lottery document, numbered by leaf.

    Source: XD-1, step COMMIT
    """

    body: dict[str, Any]
    leaves: list[Leaf]
    lottery: dict[str, Any]

    @property
    def digest(self) -> str:
        """The commitment, hex."""
        return commit_digest(self.body)

    def to_bytes(self) -> bytes:
        """Return everything as canonical JSON, to be kept until the draw."""
        return encode({"body": self.body, "leaves": self.leaves, "lottery": self.lottery})

    @staticmethod
    def from_bytes(raw: bytes) -> "Commitment":
        """Read what ``to_bytes`` wrote; refuses parts that do not belong to the body.

        Raises:
            NotCanonicalError, CommitmentBrokenError: when a byte was changed.
        """
        document: Any = decode(raw)
        commitment = Commitment(document["body"], document["leaves"], document["lottery"])
        if merkle_root(commitment.leaves) != commitment.body["pool"]["root"]:
            raise CommitmentBrokenError(part="pool")
        if lottery_hash(commitment.lottery) != commitment.body["lottery"]:
            raise CommitmentBrokenError(part="lottery")
        return commitment


def pseudonym(draw_key: bytes, candidate_id: str) -> str:
    """Return HMAC-SHA256 of the candidate_id under the key of the draw, hex.

    Source: XD-1, step COMMIT
    """
    return hmac.digest(draw_key, candidate_id.encode("utf-8"), "sha256").hex()


def pseudonyms(draw_key: bytes, candidate_ids: Iterable[str]) -> dict[str, str]:
    """Return candidate_id by pseudonym, for the one who holds the key.

    Source: engineering choice
    """
    return {pseudonym(draw_key, candidate_id): candidate_id for candidate_id in candidate_ids}


def commit(request: DrawRequest, eligibility: Eligibility, lottery: Lottery, terms: CommitTerms) -> Commitment:
    """Fix the lottery before the randomness exists.

    Args:
        request: the frozen request.
        eligibility: the pool assessed for it.
        lottery: built from that eligibility.
        terms: key, contributions, time, attempt.

    Returns:
        the commitment; its digest is to be published before any secret is revealed.

    Raises:
        RequestChangedError: the pool was assessed for another request.
        TooEarlyError: before ``draw_opens_at``.
        ContributionMissingError, ContributionReusedError, InvalidTermsError: faults of the terms.

    Source: domain DR-21, chapter 3 hard errors
    """
    _ensure_terms(request, terms)
    if request_digest(request) != request_digest(eligibility.request):
        raise RequestChangedError()
    leaves, moved = _leaves(eligibility, lottery, terms.draw_key)
    document = lottery_document(moved)
    body = {
        "protocol": PROTOCOL,
        "request": request_document(request),
        "pool": {"size": len(leaves), "root": merkle_root(leaves)},
        "eligible": eligible_counts(leaves, len(request.quotas)),
        "excluded": exclusion_document(leaves, request.k_anonymity),
        "lottery": lottery_hash(document),
        "contributions": {party: terms.contributions[party] for party in PARTIES},
        "committed_at": instant_text(terms.committed_at),
        "attempt": terms.attempt,
        "previous": list(terms.previous),
    }
    return Commitment(body, leaves, document)


def _ensure_terms(request: DrawRequest, terms: CommitTerms) -> None:
    ensure_valid(request)
    ensure_parties(terms.contributions)
    if len(set(terms.contributions.values())) < len(PARTIES):
        raise ContributionReusedError()
    faults = [f"contribution of {party}" for party, text in terms.contributions.items() if not _is_digest(text)]
    faults += ["previous" for text in terms.previous if not _is_digest(text)]
    if len(terms.draw_key) < SECRET_BYTES:
        faults.append("draw_key below 32 bytes")
    if terms.attempt != len(terms.previous) + 1:
        faults.append("attempt")
    if terms.committed_at.utcoffset() is None:
        faults.append("committed_at without offset")
    if faults:
        raise InvalidTermsError(reasons=faults)
    if request.draw_opens_at is not None and terms.committed_at < request.draw_opens_at:
        raise TooEarlyError(opens_at=instant_text(request.draw_opens_at))


def _is_digest(text: str) -> bool:
    return len(text) == 64 and not set(text) - set("0123456789abcdef")


def ensure_parties(contributions: Mapping[str, Any]) -> None:
    """Refuse contributions of other parties than the protocol names.

    Raises:
        ContributionMissingError: a party is missing or unknown.

    Source: domain DR-21
    """
    if sorted(contributions) != sorted(PARTIES):
        raise ContributionMissingError(expected=list(PARTIES), given=sorted(contributions))


def _leaves(eligibility: Eligibility, lottery: Lottery, draw_key: bytes) -> tuple[list[Leaf], Lottery]:
    """Return the leaves sorted by pseudonym, and the lottery numbered like them.

    Sorting by pseudonym hides the order of the library: a position says nothing to one who knows the library.
    """
    ids, unit_key, salt_key = eligibility.pool.candidate_ids, h("unit", draw_key), h("salt", draw_key)
    pids = [pseudonym(draw_key, candidate_id) for candidate_id in ids]
    order = sorted(range(len(ids)), key=lambda index: pids[index])
    positions = [0] * len(ids)
    for position, index in enumerate(order):
        positions[index] = position
    tags = [
        hmac.digest(unit_key, (unit or "person:" + ids[index]).encode("utf-8"), "sha256").hex()
        for index, unit in enumerate(eligibility.pool.units)
    ]
    moved = relabel(lottery, positions, tuple(tags[index] for index in order))
    quotas = _listed(enumerate(eligibility.members(number) for number in range(len(eligibility.request.quotas))))
    classes = _listed((number, group.members) for number, group in enumerate(moved.classes))
    grounds: dict[int, list[str]] = {}
    for index, ground in eligibility.exclusions.grounds():
        grounds.setdefault(index, []).append(ground)
    salts = [hmac.digest(salt_key, candidate_id.encode("utf-8"), "sha256").hex()[:32] for candidate_id in ids]
    leaves = [
        [
            pids[index],
            salts[index],
            tags[index],
            quotas.get(index, []),
            classes.get(position, []),
            grounds.get(index, []),
        ]
        for position, index in enumerate(order)
    ]
    return leaves, moved


def _listed(groups: Iterable[tuple[int, Iterable[int]]]) -> dict[int, list[int]]:
    """Return the group numbers per member."""
    result: dict[int, list[int]] = {}
    for number, members in groups:
        for member in members:
            result.setdefault(member, []).append(number)
    return result
