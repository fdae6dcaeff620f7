"""Builders of small pools and requests; session fixtures, so that hypothesis may use them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from scheduling.eligibility import Eligibility, assess
from scheduling.pool import CandidateRecord, Pool
from scheduling.request import DrawRequest, Party, Quota

CHINA = timezone(timedelta(hours=8))


def _record(number: int, **changes: Any) -> CandidateRecord:
    values: dict[str, Any] = {
        "candidate_id": f"e{number:04}",
        "standing": "admitted",
        "born_on": date(1980, 5, 17),
        "title_level": "senior",
        "employer_code": "",
        "employer_name": f"第{number}设计院",
        "region_code": "440100",
        "specialities": ("A0801",),
    }
    return CandidateRecord(**{**values, **changes})


def _request(**changes: Any) -> DrawRequest:
    values: dict[str, Any] = {
        "request_id": "r1",
        "quotas": (Quota("q1", "A08", 3),),
        "parties": (
            Party("bidder", "91110000600037341L", "甲公司", ("老甲公司",)),
            Party("procuring_entity", "12000000000000027G", "某医院"),
            Party("agency", "9144030071526726XG", "某代理公司"),
            Party("supervising_department", "", "某市财政局"),
            Party("designer", "", "某咨询公司"),
        ),
        "bid_deadline": date(2026, 3, 2),
        "evaluation_starts_at": datetime(2026, 3, 3, 9, tzinfo=CHINA),
        "evaluation_ends_at": datetime(2026, 3, 3, 17, tzinfo=CHINA),
        "alternates_per_quota": 1,
        "grounds": tuple(f"C{number:02}" for number in range(1, 19)),
        "window_years": 3,
        "same_employer_max": 1,
        "max_age": 65,
        "max_age_senior": 70,
        "speciality_match": "self_or_descendant",
        "pack_hash": "ab" * 32,
    }
    return DrawRequest(**{**values, **changes})


def _assessed(records: list[CandidateRecord], **changes: Any) -> Eligibility:
    return assess(Pool.from_records(records), _request(**changes))


@pytest.fixture(scope="session")
def make_record() -> Callable[..., CandidateRecord]:
    return _record


@pytest.fixture(scope="session")
def make_request() -> Callable[..., DrawRequest]:
    return _request


@pytest.fixture(scope="session")
def assessed() -> Callable[..., Eligibility]:
    return _assessed
