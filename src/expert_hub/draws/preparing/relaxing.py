"""Ways out of a request that nobody can fill, in a form that can be read, and sent back with the next request."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from expert_hub.draws.errors import ChangeInvalid
from expert_hub.foundation.texts import Line
from scheduling.concessions import Change, Concession, ancestors, relaxed
from scheduling.relaxations import Relaxation
from scheduling.request import DrawRequest
from scheduling.request_checks import is_region_prefix


class ChangeForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One change of a request, as it was offered.

    `target` is the id of a quota or a limit, empty for the whole request; `values` are cities, or the new number.
    """

    kind: Literal[
        "alternates", "limit_low", "limit_high", "venue_group", "regions", "all_regions", "ancestor", "parent"
    ]
    target: Line = ""
    values: Annotated[list[Line], Meta(max_length=400)] = []


def offers_document(offers: Iterable[Relaxation]) -> list[dict[str, Any]]:
    """Relaxations for the requester: text in both languages, and the changes to send back."""
    return [
        {
            "zh": offer.text("zh"),
            "en": offer.text("en"),
            "changes": [msgspec.to_builtins(change_form(change)) for change in offer.changes],
        }
        for offer in offers
    ]


def change_form(change: Change) -> ChangeForm:
    """A change of the kernel as it is sent back."""
    return ChangeForm(change.kind, change.target, list(change.values))


def changed(request: DrawRequest, changes: Sequence[ChangeForm]) -> DrawRequest:
    """The request with the changes made; whether it is still lawful is asked afterwards.

    Raises:
        ChangeInvalid: a change does not give up anything that this request asks for.
    """
    offer: dict[Concession, int] = {}
    for change in changes:
        found = _concessions(request, change)
        if not found or any(steps < 1 or concession in offer for concession, steps in found.items()):
            raise ChangeInvalid(kind=change.kind, target=change.target)
        offer.update(found)
    return relaxed(request, offer)


def _concessions(request: DrawRequest, change: ChangeForm) -> dict[Concession, int]:
    if change.kind in ("regions", "all_regions"):
        return _cities(request, change)
    if change.kind in ("alternates", "limit_low", "limit_high"):
        return {Concession(change.kind, change.target): _steps(request, change)}
    return {Concession(change.kind, change.target): 1} if _may_drop(request, change) else {}


def _cities(request: DrawRequest, change: ChangeForm) -> dict[Concession, int]:
    named = [quota for quota in request.quotas if quota.quota_id == change.target]
    wished = request.regions if change.kind == "all_regions" else named[0].regions if named else ()
    is_whole = (change.kind == "all_regions") == (change.target == "")
    if not wished or not is_whole or not all(map(is_region_prefix, change.values)):
        return {}
    return {Concession(change.kind, change.target, city): 1 for city in change.values}


def _steps(request: DrawRequest, change: ChangeForm) -> int:
    """How far the number moves in the direction that gives something up; below 1 if it does not."""
    if len(change.values) != 1 or not (change.values[0].isascii() and change.values[0].isdecimal()):
        return 0
    new = int(change.values[0])
    if change.kind == "alternates":
        quotas = [quota for quota in request.quotas if quota.quota_id == change.target]
        return request.alternates_of(quotas[0]) - new if quotas else 0
    limits = [limit for limit in request.limits if limit.limit_id == change.target]
    if not limits:
        return 0
    return limits[0].low - new if change.kind == "limit_low" else new - limits[0].high


def _may_drop(request: DrawRequest, change: ChangeForm) -> bool:
    if change.kind == "venue_group" and change.target == "":
        return bool(request.venue_group)
    quota = next((quota for quota in request.quotas if quota.quota_id == change.target), None)
    if quota is None:
        return False
    if change.kind == "venue_group":
        return bool(quota.venue_group)
    is_asked = change.kind == "parent" or not quota.accept_ancestor
    return is_asked and bool(ancestors(quota.speciality))
