"""The declared type of every key of a rule pack and of the centre settings.

A pack that misses one of these keys, or names another, is refused: a number of the law must never fall back to a
default that nobody cited.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from expert_hub.foundation.pack_types import Form, KeyType


def _word(*words: str) -> KeyType:
    return KeyType(Form.WORD, frozenset(words))


def _words(*words: str) -> KeyType:
    return KeyType(Form.WORDS, frozenset(words))


def _or(form: Form, *words: str) -> KeyType:
    return KeyType(form, frozenset(words))


_INTEGER: Final = KeyType(Form.INTEGER)
_BOOLEAN: Final = KeyType(Form.BOOLEAN)
_DECIMAL: Final = KeyType(Form.DECIMAL)
_FRACTION: Final = KeyType(Form.FRACTION)
_DURATION: Final = KeyType(Form.DURATION)
_SPAN: Final = KeyType(Form.SPAN)
_TEXT: Final = KeyType(Form.TEXT)
_TEXTS: Final = KeyType(Form.TEXTS)
_GROUNDS: Final = _words(*(f"C{number:02d}" for number in range(1, 20)))
_PRICE_BOUND: Final = _or(Form.DECIMAL, "committee_judgement")
_METHODS: Final = (
    "comprehensive_scoring",
    "lowest_evaluated_price",
    "reviewed_lowest",
    "comprehensive_evaluation",
)

_PACK: Final[dict[str, dict[str, KeyType]]] = {
    "committee": {
        "min_members": _INTEGER,
        "odd": _BOOLEAN,
        "expert_share": _FRACTION,
        "large_min": _INTEGER,
        "large_budget_yuan": _INTEGER,
        "group_min": _INTEGER,
        "group_min_large": _INTEGER,
        "sector_min_water": _INTEGER,
        "rep_mandate": _BOOLEAN,
        "rep_max": _FRACTION,
    },
    "leader": {"method": _word("elect", "elect_or_named"), "rep_allowed": _BOOLEAN, "max_rounds": _INTEGER},
    "conflict": {
        "window_years": _INTEGER,
        "grounds": _GROUNDS,
        "grounds_local": _GROUNDS,
        "grounds_project": _GROUNDS,
        "same_employer_max": _INTEGER,
        "k_anonymity": _INTEGER,
    },
    "draw": {
        "mode": _word("random"),
        "direct_allowed": _BOOLEAN,
        "direct_approver": _TEXT,
        "earliest": _DURATION,
        "alternates_min": _INTEGER,
        "replacement": _word("fresh_seed", "next_in_order"),
        "supplement": _BOOLEAN,
        "reveal": _word("all_checked_in"),
        "leave_cutoff": _SPAN,
        "max_probability": _DECIMAL,
    },
    "notify": {"channel": _TEXT, "arrival": _SPAN, "attempts": _INTEGER},
    "publish": {
        "members_secret_until": _word("result_notice", "winner_determined"),
        "members": _word("names", "none"),
        "mark_direct": _BOOLEAN,
        "scores": _word("own_to_bidder", "pseudonymous", "none"),
        "reject_reasons": _word("own_to_bidder", "none"),
    },
    "prelim": {
        "stages": _words("form", "qualification", "responsiveness", "compliance"),
        "grounds": _TEXTS,
        "majority": _word("more_than_half"),
        "min_valid": _INTEGER,
        "below_min": _word("stop", "argued_vote"),
    },
    "clarify": {"before_reject": _BOOLEAN, "unsolicited": _BOOLEAN},
    "score": {"step": _DECIMAL, "blind": _BOOLEAN, "deviation": _DECIMAL},
    "correct": {"types": _words("K1", "K2", "K3", "K4"), "replace_by_mean": _BOOLEAN},
    "method": {"allowed": _words(*_METHODS), "standard_goods": _word(*_METHODS)},
    "price": {
        "formula": _word("lowest_over_price", "benchmark"),
        "weight_goods_min": _DECIMAL,
        "weight_services_min": _DECIMAL,
        "drop_extremes": _or(Form.BOOLEAN, "trim_table"),
        "fixed_price_scored": _BOOLEAN,
        "policy_deduction": _DECIMAL,
        "repair_order": _words("summary", "words", "decimal", "unit", "chinese_text"),
    },
    "low_price": {"mean": _PRICE_BOUND, "next": _PRICE_BOUND, "ceiling": _PRICE_BOUND, "ask_first": _BOOLEAN},
    "benchmark": {
        "trim_table": _word("T4", "T6"),
        "e_up": _DECIMAL,
        "e_down": _DECIMAL,
        "ceiling_mix_k": _DECIMAL,
        "float_f": _DECIMAL,
    },
    "agg": {"trim_over": _or(Form.INTEGER, "never"), "trim_scope": _word("item", "total")},
    "round": {
        "mode": _word("half_up"),
        "money": _INTEGER,
        "deviation": _INTEGER,
        "score": _INTEGER,
        "stage": _word("item", "total"),
    },
    "tie": {
        "order": _words("total_desc", "price_asc", "technical_desc", "parallel"),
        "price_basis": _word("reviewed", "quote"),
        "final": _word("document_else_draw", "document_else_committee_vote"),
        "brand_counts_once": _BOOLEAN,
    },
    "candidates": {"max": _INTEGER},
    "sign": {"deemed_agreed": _BOOLEAN, "electronic": _BOOLEAN},
    "time": {"extend_share": _FRACTION},
    "room": {
        "members_at_opening": _BOOLEAN,
        "stop_on_defect": _BOOLEAN,
        "aliases": _BOOLEAN,
        "mask_av": _BOOLEAN,
        "seal_on_pause": _BOOLEAN,
        "heartbeat_s": _INTEGER,
        "offline_s": _INTEGER,
        "av_required": _BOOLEAN,
    },
    "outage": {"prestart": _DURATION, "resume": _DURATION, "after": _word("seal_and_rebuild")},
    "remote": {
        "home_allowed": _BOOLEAN,
        "host_responsible": _BOOLEAN,
        "guest_min": _INTEGER,
        "guest_experts": _INTEGER,
        "random_guest": _BOOLEAN,
        "four_unknowns": _BOOLEAN,
        "three_blind": _BOOLEAN,
        "seat_assign": _word("random_after_check_in"),
        "handover": _DURATION,
    },
    "clock": {
        "rollover": _word("non_working_day", "none"),
        "notice": _DURATION,
        "documents": _DURATION,
        "prequalification": _DURATION,
        "submission": _DURATION,
        "change_before": _DURATION,
    },
    "publicity": {
        "report_to_entity": _DURATION,
        "winner": _DURATION,
        "candidates_within": _DURATION,
        "candidates_shown": _DURATION,
        "result_notice": _DURATION,
        "result_shown": _DURATION,
        "contract": _DURATION,
        "contract_notice": _DURATION,
        "contract_filed": _DURATION,
        "supervisor_report": _DURATION,
        "bond_return": _DURATION,
    },
    "remedy": {
        "objection_file": _or(Form.DURATION, "publicity_period"),
        "objection_answer": _DURATION,
        "complaint_file": _DURATION,
        "complaint_accept": _DURATION,
        "complaint_decide": _DURATION,
        "suspension": _or(Form.DURATION, "until_answered"),
    },
    "retention": {"file_years": _INTEGER},
}

_CENTRE: Final[dict[str, dict[str, KeyType]]] = {
    "expert": {
        "intake": _words("application", "recommendation"),
        "intake_gp": _word("any", "open_call", "recommendation", "self_nomination"),
        "min_years": _INTEGER,
        "min_title": _word("intermediate", "senior"),
        "gp_title_paths": _TEXTS,
        "max_age": _INTEGER,
        "max_age_senior": _INTEGER,
        "gp_max_age": _INTEGER,
        "bars": _TEXTS,
        "max_l2": _INTEGER,
        "max_l3": _INTEGER,
        "term_years": _INTEGER,
        "intake_months": KeyType(Form.INTEGERS),
        "ce_suspend": _INTEGER,
        "ce_remove": _INTEGER,
        "change_days": _INTEGER,
        "extra_regions": _INTEGER,
        "co_service_max": _INTEGER,
        "co_service_days": _INTEGER,
        "keep_after_exit": _BOOLEAN,
        "removal_grounds": _TEXTS,
        "answer_limit": _SPAN,
    },
    "spec": {"scheme": _word("CN-316"), "match": _word("self_or_descendant", "exact")},
    "library": {"min_experts": _INTEGER},
    "share": {"publish": _BOOLEAN},
    "identity": {"biometric": _BOOLEAN},
    "fee": {"forfeit": _TEXTS, "table": _TEXTS},
    "assess": {
        "base": _INTEGER,
        "warn": _INTEGER,
        "suspend_3m": _INTEGER,
        "suspend_12m": _INTEGER,
        "remove": _INTEGER,
        "rate_days": _INTEGER,
    },
    "venue": {"checklist": _TEXTS},
    "booking": {"hold_minutes": _INTEGER, "gap_minutes": _INTEGER, "reserve_share": _DECIMAL},
    "credit": {"base": _INTEGER, "effects": _TEXTS, "dispute_wd": _INTEGER},
    "debar": {
        "defence_wd": _INTEGER,
        "hearing_wd": _INTEGER,
        "hearing_notice_wd": _INTEGER,
        "publish": _BOOLEAN,
        "grounds": _TEXTS,
    },
    "alarm": {"levels": _TEXTS},
    "stats": {"k": _INTEGER},
    "archive": {"start_days": _INTEGER, "papers_wd": _INTEGER},
}


def _flatten(groups: Mapping[str, Mapping[str, KeyType]]) -> Iterator[tuple[str, KeyType]]:
    for group, keys in groups.items():
        for name, key_type in keys.items():
            yield f"{group}.{name}", key_type


PACK_KEYS: Final[Mapping[str, KeyType]] = dict(_flatten(_PACK))
"""Type of each of the 126 keys every rule pack holds."""

CENTRE_KEYS: Final[Mapping[str, KeyType]] = dict(_flatten(_CENTRE))
"""Type of each key of the centre settings."""
