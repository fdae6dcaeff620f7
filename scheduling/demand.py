"""The parts of a request: what seats, for whom, with which parties, and what the panel as a whole must look like."""

from dataclasses import dataclass

LIMIT_ATTRIBUTES = ("home", "region", "venue_group", "title")
BIDDER_ROLES = ("bidder", "consortium_member", "controller")
PARTY_ROLES = (
    *BIDDER_ROLES,
    "procuring_entity",
    "agency",
    "competent_department",
    "supervising_department",
    "designer",
)
PROCEDURES = ("tender", "group")
DIRECT_TRAITS = ("complex", "highly_specialised", "state_required")
TRAITS = (*DIRECT_TRAITS, "great_social_effect", "above_open_tender_threshold", "water_works")


@dataclass(frozen=True, slots=True)
class Quota:
    """Seats for one speciality and region set.

    Args:
        quota_id: unique in the request.
        speciality: CN-316 code, a letter and 0 to 3 groups of two digits.
        count: panel seats, at least 1.
        regions: prefixes of GB/T 2260 codes ("44" is the province, "4401" the city); empty means anywhere.
        accept_ancestor: also take experts of a broader code; the requester ticks it and it is part of the request.
        venue_group: name of a venue group of the request in which the expert must serve, empty for any.
        alternates: ordered reserve of this quota; None takes that of the request.

    Source: domain DR-07, EL-08
    """

    quota_id: str
    speciality: str
    count: int
    regions: tuple[str, ...] = ()
    accept_ancestor: bool = False
    venue_group: str = ""
    alternates: int | None = None


@dataclass(frozen=True, slots=True)
class VenueGroup:
    """Places from which one guest venue is reached.

    Args:
        name: unique in the request.
        regions: prefixes of GB/T 2260 codes, at least one.

    Source: domain DR-07, VN-08
    """

    name: str
    regions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Limit:
    """Least and most drawn panel seats for people with one of some values; alternates do not count.

    Args:
        limit_id: unique in the request.
        attribute: ``home`` (main region), ``region`` (main or secondary region), ``venue_group`` (main or secondary
            region in the group) or ``title`` (title level). A split into local and guest members is a limit on
            ``home``, because nobody has two homes.
        values: region prefixes, names of venue groups, or title levels.
        low, high: seats, 0 <= low <= high.

    Source: domain DR-07, VN-11
    """

    limit_id: str
    attribute: str
    values: tuple[str, ...]
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Party:
    """An organisation that has a part in the tender.

    Args:
        role: one of ``PARTY_ROLES``; ``consortium_member`` and ``controller`` (controlling shareholder, actual
            controller) count as bidders.
        code: unified social credit code, empty when unknown.
        name: present name.
        former_names: earlier names.

    Source: domain CF-03, CF-04
    """

    role: str
    code: str
    name: str
    former_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AvoidedOrganisation:
    """An entry of the requester's avoid list; each needs a reason.

    Source: domain C15
    """

    code: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Committee:
    """The committee as a whole, drawn experts, direct selection and representatives together.

    Args:
        size: members.
        representatives: seats of the procuring entity.
        mandate: reference of the written mandate of the representatives, empty when there is none.
        procedure: ``tender``, or ``group`` for negotiation, inquiry and consultation groups.
        budget_fen: budget of the project.
        traits: of ``TRAITS``; they choose the floor of the size, and ``DIRECT_TRAITS`` allow direct selection.

    Source: domain DR-01 to DR-06
    """

    size: int
    representatives: int = 0
    mandate: str = ""
    procedure: str = "tender"
    budget_fen: int = 0
    traits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DirectSelection:
    """Experts named instead of drawn; a lawful exception. Their seats come on top of those of the quotas.

    Args:
        experts: candidate ids, unique.
        reason: why experts drawn at random could not do the work.
        approver: who approved.
        evidence: reference of the approval.
        consent: reference of the consent of the supervising budget unit; procurement needs it.
        salt: secret text; what is published before the result shows digests under it instead of ids.

    Source: domain DR-09
    """

    experts: tuple[str, ...]
    reason: str
    approver: str
    evidence: str
    consent: str = ""
    salt: str = ""
