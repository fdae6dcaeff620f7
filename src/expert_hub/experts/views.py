"""What may be read about experts: identity and mobile number only masked."""

from datetime import date, datetime
from typing import TypeVar

import msgspec

from expert_hub.experts.tables import ExpertRelation


class ExpertSummary(msgspec.Struct, frozen=True):
    """One line of a list; identity and mobile number are masked."""

    id: str
    name: str
    identity_masked: str
    title: str
    title_level: str
    employer_name: str
    region_code: str
    specialities: list[str]
    standing: str
    term_ends_on: date | None


class RelationView(msgspec.Struct, frozen=True):
    """A tie; that of kind `kin` does not tell to whom."""

    id: str
    kind: str
    org_name: str
    org_code: str
    starts_on: date | None
    ends_on: date | None


class LeaveView(msgspec.Struct, frozen=True):
    """Days without invitations, both ends included."""

    starts_on: date
    ends_on: date


class RegistrationView(msgspec.Struct, frozen=True):
    """Membership in one library."""

    library: str
    number: str | None
    recorded_at: datetime


class StandingChangeView(msgspec.Struct, frozen=True):
    """One change of standing."""

    before: str
    after: str
    reason: str
    decision_id: str
    effective_on: date
    at: datetime


class ExpertDetail(msgspec.Struct, frozen=True):
    """One expert; identity and mobile number are masked."""

    id: str
    version: int
    name: str
    identity_masked: str
    born_on: date
    mobile_masked: str
    title: str
    title_level: str
    employer_name: str
    employer_code: str
    region_code: str
    extra_regions: list[str]
    specialities: list[str]
    standing: str
    appointed_on: date | None
    term_ends_on: date | None
    relations: list[RelationView]
    leaves: list[LeaveView]
    registrations: list[RegistrationView]
    standing_changes: list[StandingChangeView]


class SpecialityView(msgspec.Struct, frozen=True):
    """A node of the classification CN-316."""

    code: str
    name: str
    level: int
    parent: str | None


class Contact(msgspec.Struct, frozen=True):
    """Name and mobile number in clear, for sending an invitation and for nothing else."""

    name: str
    mobile: str


S = TypeVar("S", bound=msgspec.Struct)


def view_of(kind: type[S], row: object, **more: object) -> S:
    """A view filled from the columns of the same names and from `more`."""
    values = {name: getattr(row, name) for name in kind.__struct_fields__ if name not in more}
    return kind(**values, **more)


def relation_view(row: ExpertRelation) -> RelationView:
    """A tie as it may be shown."""
    view = view_of(RelationView, row)
    return msgspec.structs.replace(view, org_code="") if view.kind == "kin" else view
