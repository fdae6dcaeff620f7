"""The organisations of a request in comparable form, and which of them a tie leads to."""

from dataclasses import dataclass

from scheduling.demand import BIDDER_ROLES
from scheduling.grounds import AVOID, PROJECT
from scheduling.organisations import normal_code, normal_name
from scheduling.request import DrawRequest


@dataclass(frozen=True, slots=True)
class MatchedParty:
    """The other side of an exclusion.

    Args:
        role: party role, ``avoid``, ``project``, or ``member`` for another expert.
        code: credit code, project code, or candidate_id of the other expert.
        name: name as the request has it.

    Source: domain CF-02
    """

    role: str
    code: str
    name: str = ""


class PartyIndex:
    """Codes and names per target of a clause, in comparable form; the empty text matches nothing.

    Source: domain CF-04
    """

    __slots__ = ("_codes", "_names")

    def __init__(self, request: DrawRequest) -> None:
        self._codes: dict[str, dict[str, MatchedParty]] = {}
        self._names: dict[str, dict[str, MatchedParty]] = {}
        for party in request.parties:
            matched = MatchedParty(party.role, party.code, party.name)
            target = "bidder" if party.role in BIDDER_ROLES else party.role
            self._enter(target, matched, (party.name, *party.former_names))
        for avoided in request.avoid:
            self._enter(AVOID, MatchedParty(AVOID, avoided.code, avoided.name), (avoided.name,))
        for code in request.project_refs:
            self._enter(PROJECT, MatchedParty(PROJECT, code), ())

    def _enter(self, target: str, party: MatchedParty, names: tuple[str, ...]) -> None:
        codes, by_name = self._codes.setdefault(target, {}), self._names.setdefault(target, {})
        if code := normal_code(party.code):
            codes.setdefault(code, party)
        for name in filter(None, map(normal_name, names)):
            by_name.setdefault(name, party)

    def codes(self, target: str) -> frozenset[str]:
        """Return the comparable codes of a target."""
        return frozenset(self._codes.get(target, ()))

    def names(self, target: str) -> frozenset[str]:
        """Return the comparable names of a target, former ones included."""
        return frozenset(self._names.get(target, ()))

    def match(self, code: str, name: str, targets: tuple[str, ...] = ()) -> MatchedParty | None:
        """Return the party with this comparable code, else this comparable name; of all targets by default."""
        targets = targets or tuple(self._codes)
        found = (self._codes.get(target, {}).get(code) for target in targets)
        by_name = (self._names.get(target, {}).get(name) for target in targets)
        return next((party for party in (*found, *by_name) if party), None)
