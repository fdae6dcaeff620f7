"""The reasons are told apart by code and readable in both languages."""

from expert_hub.foundation import code_reasons
from expert_hub.foundation.code_reasons import IDENTITY_AREA, IDENTITY_CHECKSUM, CodeCheck, CodeReason, Severity

REASONS = [value for value in vars(code_reasons).values() if isinstance(value, CodeReason)]


def test_every_reason_has_its_own_code_and_two_texts() -> None:
    assert len({reason.code for reason in REASONS}) == len(REASONS) == 12
    assert all(reason.zh and reason.en and reason.zh != reason.en for reason in REASONS)


def test_only_area_authority_and_organisation_code_are_warnings() -> None:
    warnings = {reason.code for reason in REASONS if reason.severity is Severity.WARNING}
    assert warnings == {"code/identity-area", "code/uscc-authority", "code/uscc-area", "code/uscc-organisation"}


def test_a_check_with_warnings_only_is_valid() -> None:
    assert CodeCheck("x", (IDENTITY_AREA,)).is_valid
    both = CodeCheck("x", (IDENTITY_CHECKSUM, IDENTITY_AREA))
    assert not both.is_valid
    assert both.errors == (IDENTITY_CHECKSUM,)
    assert both.warnings == (IDENTITY_AREA,)
