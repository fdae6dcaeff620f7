"""The layout of a transcript: every key, type and range. Standard library only."""

from typing import Any

from scheduling.artefact import MAX_TRIES
from scheduling.shape import Shape, faults, flag, natural, one_of, optional, pattern, positive, text
from scheduling.transcript import CLASSES, PARTIES, QUOTAS

_HASH = pattern("[0-9a-f]{64}")
_INSTANT = pattern(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z")
_REGION = pattern(r"\d{1,6}")
_COMMITTEE: Shape = {
    "size": positive,
    "representatives": natural,
    "mandate": text,
    "procedure": text,
    "budget_fen": natural,
    "traits": [text],
}
_DIRECT: Shape = {"experts": [_HASH], "reason": text, "approver": text, "evidence": text, "consent": text}
_REQUEST: Shape = {
    "request_id": text,
    "quotas": [
        {
            "quota_id": text,
            "speciality": pattern(r"[ABC](\d\d){0,3}"),
            "count": lambda value: positive(value) and value <= 200,
            "regions": [_REGION],
            "accept_ancestor": flag,
            "venue_group": text,
            "alternates": optional(natural),
        }
    ],
    "parties": [{"role": text, "code": text, "name": text, "former_names": [text]}],
    "avoid": [{"code": text, "name": text, "reason": text}],
    "bid_deadline": pattern(r"\d{4}-\d\d-\d\d"),
    "evaluation_starts_at": _INSTANT,
    "evaluation_ends_at": _INSTANT,
    "alternates_per_quota": lambda value: natural(value) and value <= 100,
    "grounds": [pattern(r"C\d\d")],
    "window_years": natural,
    "same_employer_max": positive,
    "max_age": optional(natural),
    "max_age_senior": optional(natural),
    "senior_titles": [text],
    "speciality_match": one_of("self_or_descendant", "exact"),
    "pack_hash": text,
    "project_refs": [text],
    "venue_city": text,
    "travel_clash": flag,
    "requested_by": text,
    "supervised_by": text,
    "k_anonymity": positive,
    "draw_opens_at": optional(_INSTANT),
    "regions": [_REGION],
    "venue_group": text,
    "venue_groups": [{"name": text, "regions": [_REGION]}],
    "limits": [{"limit_id": text, "attribute": text, "values": [text], "low": natural, "high": natural}],
    "alternates_min": natural,
    "co_service_max": optional(natural),
    "co_service_days": natural,
    "committee": optional(_COMMITTEE),
    "direct_selection": optional(_DIRECT),
}
TRANSCRIPT: Shape = {
    "protocol": text,
    "commit": {
        "protocol": text,
        "request": _REQUEST,
        "pool": {"size": natural, "root": _HASH},
        "eligible": [natural],
        "excluded": {"shown": [(text, positive)], "merged": optional(positive)},
        "lottery": _HASH,
        "contributions": dict.fromkeys(PARTIES, _HASH),
        "committed_at": _INSTANT,
        "attempt": positive,
        "previous": [_HASH],
    },
    "commit_digest": _HASH,
    "leaves": [(_HASH, pattern("[0-9a-f]{32}"), _HASH, [natural], [natural], [pattern(r"C\d\d|Q[12]")])],
    "lottery": {
        "kind": one_of("uniform", "portfolio"),
        "candidates": positive,
        "seats": [(natural, natural, natural)],
        "classes": [{"members": [natural], "weights": optional([positive])}],
        "templates": [(positive, [natural])],
        "policy": {
            "employer_max": natural,
            "edges": [(natural, natural)],
            "redraw": one_of("all", "members"),
            "permute": flag,
            "max_tries": lambda value: positive(value) and value <= MAX_TRIES,
        },
        "inclusion": optional({"denominator": positive, "numerators": [natural]}),
    },
    "contributions": dict.fromkeys(PARTIES, _HASH),
    "seed": _HASH,
    "tries": positive,
    "panel": [(natural, natural)],
    "alternates": [(natural, natural)],
    "digest": _HASH,
}


def structure_faults(document: Any) -> list[str]:
    """Return faulty paths; when there are none every index in the document may be used without a further look.

    Args:
        document: decoded transcript, untrusted.

    Source: XD-1, verifier
    """
    wrong = faults(document, TRANSCRIPT)
    if wrong:
        return wrong
    lottery, leaves = document["lottery"], len(document["leaves"])
    quotas, classes, seats = (
        len(document["commit"]["request"]["quotas"]),
        len(lottery["classes"]),
        len(lottery["seats"]),
    )
    ranges = {
        "$.leaves quotas": (quotas, (number for leaf in document["leaves"] for number in leaf[QUOTAS])),
        "$.leaves classes": (classes, (number for leaf in document["leaves"] for number in leaf[CLASSES])),
        "$.lottery.classes": (leaves, (number for group in lottery["classes"] for number in group["members"])),
        "$.lottery.edges": (leaves, (number for edge in lottery["policy"]["edges"] for number in edge)),
        "$.lottery.seats": (quotas, (seat[0] for seat in lottery["seats"])),
        "$.lottery.templates": (classes, (number for item in lottery["templates"] for number in item[1])),
        "$.panel quota": (quotas, (seat[0] for seat in document["panel"] + document["alternates"])),
        "$.panel": (leaves, (seat[1] for seat in document["panel"] + document["alternates"])),
    }
    wrong = [path for path, (size, numbers) in ranges.items() if any(number >= size for number in numbers)]
    wrong += ["$.lottery.templates"] * (not lottery["templates"])
    wrong += ["$.lottery.templates"] * any(len(item[1]) != seats for item in lottery["templates"])
    wrong += ["$.lottery.classes"] * any(not group["members"] for group in lottery["classes"])
    return wrong
