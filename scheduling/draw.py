"""The draw: commitment before chance, panel after it, one transcript that lets a stranger recompute both.

>>> from datetime import UTC, date, datetime
>>> from scheduling.draw import (CandidateRecord, CommitTerms, DrawRequest, Party, Pool, Quota, assess,
...     build_lottery, commit, contribution_commitment, encode, replay, run_draw)
>>> pool = Pool.from_records(CandidateRecord(f"e{n}", "admitted", date(1980, 1, 1), "senior", "", f"employer {n}",
...     "440100", specialities=("A0801",)) for n in range(20))
>>> request = DrawRequest("r1", (Quota("q1", "A08", 4),), (Party("bidder", "", "employer 7"),), date(2026, 3, 2),
...     datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC), alternates_per_quota=2,
...     grounds=("C01", "C14"), window_years=3, same_employer_max=1, max_age=65, max_age_senior=70,
...     speciality_match="self_or_descendant", pack_hash="ab" * 32)
>>> eligibility = assess(pool, request)
>>> lottery = build_lottery(eligibility, request)
>>> secrets = {"centre": b"c" * 32, "supervisor": b"s" * 32}
>>> terms = CommitTerms(b"k" * 32, {party: contribution_commitment(secret) for party, secret in secrets.items()},
...     datetime(2026, 3, 1, tzinfo=UTC))
>>> transcript = run_draw(commit(request, eligibility, lottery, terms), secrets)
>>> replay(encode(transcript)).ok, len(transcript["panel"]), len(transcript["alternates"])
(True, 4, 2)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from scheduling.artefact import Lottery, lottery_from_document
from scheduling.canonical import encode
from scheduling.commitment import (
    SECRET_BYTES,
    Commitment,
    CommitTerms,
    commit,
    ensure_parties,
    pseudonym,
    pseudonyms,
)
from scheduling.committee import CommitteeFloors, Reason, check_committee, required_experts
from scheduling.eligibility import Eligibility, Exclusion, assess
from scheduling.errors import ContributionMismatchError, RequestChangedError, TooTangledError
from scheduling.lottery import build_lottery
from scheduling.order import draw_order
from scheduling.pool import CandidateRecord, Pool, Relation
from scheduling.replay import Finding, Verdict, replay
from scheduling.request import (
    AvoidedOrganisation,
    DrawRequest,
    Party,
    Quota,
    request_digest,
    request_document,
)
from scheduling.request_checks import ensure_valid
from scheduling.seats import seat_lists
from scheduling.transcript import PARTIES, PID, PROTOCOL, UNIT, contribution_commitment, draw_seed, transcript_digest

__all__ = [
    "PARTIES",
    "PROTOCOL",
    "AvoidedOrganisation",
    "CandidateRecord",
    "CommitTerms",
    "Commitment",
    "CommitteeFloors",
    "DrawRequest",
    "DrawnSeat",
    "Eligibility",
    "Exclusion",
    "Finding",
    "Lottery",
    "Party",
    "Pool",
    "Quota",
    "Reason",
    "Relation",
    "Verdict",
    "assess",
    "build_lottery",
    "check_committee",
    "commit",
    "contribution_commitment",
    "drawn_seats",
    "encode",
    "ensure_valid",
    "pseudonym",
    "pseudonyms",
    "replay",
    "request_digest",
    "required_experts",
    "run_draw",
]


@dataclass(frozen=True, slots=True)
class DrawnSeat:
    """One drawn person.

    Args:
        quota_id: quota of the seat.
        rank: 0, 1, ... within the panel seats, or the alternates, of the quota.
        is_alternate: reserve place.
        pid: pseudonym; ``pseudonyms`` leads back to the candidate.

    Source: domain DR-11
    """

    quota_id: str
    rank: int
    is_alternate: bool
    pid: str


def run_draw(
    commitment: Commitment, contributions: Mapping[str, bytes], request: DrawRequest | None = None
) -> dict[str, Any]:
    """Draw panel and alternates from the revealed secrets.

    Args:
        commitment: made by ``commit``, published before.
        contributions: secret per party, 32 bytes each.
        request: the request as it stands now, to be compared with the committed one; None to leave that out.

    Returns:
        the transcript, canonical-ready: ``panel`` and ``alternates`` hold ``[quota position, leaf position]``.

    Raises:
        RequestChangedError: the request is not the committed one.
        ContributionMissingError, ContributionMismatchError, ContributionReusedError: faults of the secrets.
        TooTangledError: no assignment was accepted within the limit of the policy.

    Source: domain DR-08, DR-11, DR-20, DR-21
    """
    if request is not None and request_document(request) != commitment.body["request"]:
        raise RequestChangedError()
    _ensure_secrets(commitment, contributions)
    seed = draw_seed(commitment.digest, contributions)
    lottery = lottery_from_document(commitment.lottery, tuple(leaf[UNIT] for leaf in commitment.leaves))
    drawn = draw_order(lottery, seed)
    if drawn is None:
        raise TooTangledError(accepted=0, tries=lottery.policy.max_tries)
    panel, alternates = seat_lists(lottery.seats, drawn.persons)
    transcript: dict[str, Any] = {
        "protocol": PROTOCOL,
        "commit": commitment.body,
        "commit_digest": commitment.digest,
        "leaves": commitment.leaves,
        "lottery": commitment.lottery,
        "contributions": {party: contributions[party].hex() for party in PARTIES},
        "seed": seed.hex(),
        "tries": drawn.tries,
        "panel": panel,
        "alternates": alternates,
    }
    return {**transcript, "digest": transcript_digest(transcript)}


def drawn_seats(transcript: dict[str, Any]) -> tuple[DrawnSeat, ...]:
    """Return the drawn persons: all panel seats, then all alternates, each by quota and rank.

    Source: domain DR-11
    """
    quotas = transcript["commit"]["request"]["quotas"]
    seats: list[DrawnSeat] = []
    for name, is_alternate in (("panel", False), ("alternates", True)):
        ranks = [0] * len(quotas)
        for quota, position in transcript[name]:
            pid = transcript["leaves"][position][PID]
            seats.append(DrawnSeat(quotas[quota]["quota_id"], ranks[quota], is_alternate, pid))
            ranks[quota] += 1
    return tuple(seats)


def _ensure_secrets(commitment: Commitment, contributions: Mapping[str, bytes]) -> None:
    ensure_parties(contributions)
    for party in PARTIES:
        secret = contributions[party]
        if len(secret) != SECRET_BYTES or contribution_commitment(secret) != commitment.body["contributions"][party]:
            raise ContributionMismatchError(party=party)
