"""One candidate as the draw sees him, as plain values."""

from dataclasses import dataclass
from datetime import date, datetime

from scheduling.errors import InvalidRecordError

ADMITTED = "admitted"
RELATION_KINDS = (
    "employment",
    "director",
    "board_supervisor",
    "controlling_shareholder",
    "actual_controller",
    "bidder_itself",
    "kin_of_head",
    "near_relative",
    "department_staff",
    "interest",
    "tender_penalty",
    "finance_supervision",
    "need_planning",
    "voided_committee_fault",
    "earlier_committee",
    "kin",
)


@dataclass(frozen=True, slots=True)
class Relation:
    """A dated tie of a person to an organisation, a tender or (``kin``) another candidate.

    Args:
        kind: one of ``RELATION_KINDS``.
        org_code: unified social credit code; the project or lot code for ``need_planning``,
            ``voided_committee_fault`` and ``earlier_committee``; the other candidate_id for ``kin``.
        org_name: name of the organisation, may be empty when the code is known.
        starts_on: first day, None when unknown; it decides nothing.
        ends_on: last day, None while it lasts.
        relation_id: identity of the stored record, quoted in exclusions.
        evidence: reference or digest of what proves it, quoted in exclusions.

    Source: domain EL-13
    """

    kind: str
    org_code: str = ""
    org_name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    relation_id: str | None = None
    evidence: str = ""

    def __post_init__(self) -> None:
        if self.kind not in RELATION_KINDS:
            # A kind no ground knows would silently clear the person.
            raise InvalidRecordError(kind=self.kind)


@dataclass(frozen=True, slots=True)
class CoService:
    """Days on which a person sat on a panel together with another one.

    Args:
        other_id: the other candidate_id; one direction is enough.
        on_dates: days, each counts once.

    Source: domain chapter 2
    """

    other_id: str
    on_dates: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class CandidateRecord:
    """One expert as the draw sees him: no name, no identity number.

    Args:
        candidate_id: unique in the pool.
        standing: ``admitted`` is the only drawable one.
        born_on: date of birth.
        title_level: such as ``senior`` or ``intermediate``.
        employer_code, employer_name: counts as a present labour relation.
        region_code: GB/T 2260 code, six digits.
        extra_regions: secondary regions.
        specialities: approved CN-316 codes.
        term_ends_on: last day of the appointment, None when unlimited.
        relations: dated ties.
        leaves: intervals of days, both ends included.
        engagements: accepted seats as (start, end, city code), aware instants, half-open.
        kin: candidate ids of relatives; one direction is enough.
        co_service: with whom he sat together, and when.

    Source: domain chapter 1
    """

    candidate_id: str
    standing: str
    born_on: date
    title_level: str
    employer_code: str
    employer_name: str
    region_code: str
    extra_regions: tuple[str, ...] = ()
    specialities: tuple[str, ...] = ()
    term_ends_on: date | None = None
    relations: tuple[Relation, ...] = ()
    leaves: tuple[tuple[date, date], ...] = ()
    engagements: tuple[tuple[datetime, datetime, str], ...] = ()
    kin: tuple[str, ...] = ()
    co_service: tuple[CoService, ...] = ()
