"""Roles and who may hold which together."""

import re
from enum import StrEnum

import msgspec

from expert_hub.foundation.codes import check_uscc
from expert_hub.foundation.errors import Forbidden


class Role(StrEnum):
    """What an account is for. A visitor without an account is the public."""

    ADMINISTRATOR = "administrator"
    CENTRE_OPERATOR = "centre_operator"
    HOST_OPERATOR = "host_operator"
    GUEST_OPERATOR = "guest_operator"
    EXPERT = "expert"
    ENTITY_REPRESENTATIVE = "entity_representative"
    PROCURING_ENTITY = "procuring_entity"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"


_POWERS = {
    "administer": {Role.ADMINISTRATOR},
    "execute": {Role.CENTRE_OPERATOR, Role.HOST_OPERATOR, Role.GUEST_OPERATOR},
    "decide": {Role.EXPERT, Role.ENTITY_REPRESENTATIVE, Role.PROCURING_ENTITY},
    "supervise": {Role.SUPERVISOR, Role.AUDITOR},
}

LEAST_PASSWORD = 12


def clashing_roles(roles: set[Role]) -> list[Role]:
    """The roles that one account may not hold together, sorted; empty if it may.

    Source: 广东省人民政府办公厅 2016-01-19 notice, section five (决策权、执行权、监督权相互制约).
    """
    powers = [name for name, members in _POWERS.items() if members & roles]
    both_sides = {Role.HOST_OPERATOR, Role.GUEST_OPERATOR} <= roles
    both_seats = {Role.EXPERT, Role.PROCURING_ENTITY} <= roles
    return sorted(roles) if len(powers) > 1 or both_sides or both_seats else []


_USERNAME = re.compile(r"[^\s\x00-\x1f\x7f]{1,64}")
_DISPLAY_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,64}")
_VENUE = re.compile(r"[^\x00-\x1f\x7f]{1,32}")


def account_faults(username: str, display_name: str, venue_id: str | None, organisation_code: str | None) -> list[str]:
    """Everything that is wrong with the texts of an account; empty if it may have them."""
    codes = check_uscc(organisation_code).errors if organisation_code is not None else ()
    faults = (
        (_USERNAME.fullmatch(username) is None, "username: 1-64, no blanks"),
        (_DISPLAY_NAME.fullmatch(display_name) is None, "name: 1-64"),
        (venue_id is not None and _VENUE.fullmatch(venue_id) is None, "venue: 1-32"),
        (bool(codes), f"organisation: {', '.join(reason.code for reason in codes)}"),
    )
    return [why for is_fault, why in faults if is_fault]


class Actor(msgspec.Struct, frozen=True):
    """The account behind a request, as it is now."""

    account_id: str
    username: str
    roles: frozenset[Role]
    expert_id: str | None = None
    venue_id: str | None = None
    organisation_code: str | None = None

    def has(self, *roles: Role) -> bool:
        """True if the account holds one of the roles."""
        return not self.roles.isdisjoint(roles)

    def require(self, *roles: Role) -> None:
        """Refuse unless the account holds one of the roles.

        Raises:
            Forbidden: it holds none.
        """
        if not self.has(*roles):
            raise Forbidden(needed=sorted(roles))
