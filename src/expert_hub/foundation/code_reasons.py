"""What can be found wrong with a national code, as frozen values with a text in both languages."""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """What a reason does to the code.

    Source: engineering choice
    """

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class CodeReason:
    """One finding about a code, with its text in both languages.

    Source: engineering choice
    """

    code: str
    severity: Severity
    zh: str
    en: str


IDENTITY_LENGTH = CodeReason(
    "code/identity-length", Severity.ERROR, "身份证号应为18位", "an identity number has 18 characters"
)
IDENTITY_CHARACTERS = CodeReason(
    "code/identity-characters",
    Severity.ERROR,
    "身份证号只能由半角数字组成，末位可为X",
    "an identity number consists of plain digits; only the last character may be X",
)
IDENTITY_DATE = CodeReason(
    "code/identity-date",
    Severity.ERROR,
    "身份证号中的出生日期不存在或晚于基准日",
    "the birth date in the identity number does not exist or lies in the future",
)
IDENTITY_CHECKSUM = CodeReason(
    "code/identity-checksum",
    Severity.ERROR,
    "身份证号校验码错误",
    "the check character of the identity number is wrong",
)
IDENTITY_AREA = CodeReason(
    "code/identity-area", Severity.WARNING, "身份证号的地区代码未知", "the area code of the identity number is unknown"
)
USCC_LENGTH = CodeReason(
    "code/uscc-length",
    Severity.ERROR,
    "统一社会信用代码应为18位",
    "a unified social credit code has 18 characters",
)
USCC_CHARACTERS = CodeReason(
    "code/uscc-characters",
    Severity.ERROR,
    "统一社会信用代码含有不允许的字符",
    "the unified social credit code contains a character outside its alphabet",
)
USCC_CHECKSUM = CodeReason(
    "code/uscc-checksum",
    Severity.ERROR,
    "统一社会信用代码校验码错误",
    "the check character of the unified social credit code is wrong",
)
USCC_AUTHORITY = CodeReason(
    "code/uscc-authority",
    Severity.WARNING,
    "统一社会信用代码的登记管理部门代码未知",
    "the registration authority of the unified social credit code is unknown",
)
USCC_AREA = CodeReason(
    "code/uscc-area",
    Severity.WARNING,
    "统一社会信用代码的登记机关行政区划码未知",
    "the area of the unified social credit code is unknown",
)
USCC_ORGANISATION = CodeReason(
    "code/uscc-organisation",
    Severity.WARNING,
    "统一社会信用代码中的组织机构代码校验码错误",
    "the organisation code inside the unified social credit code has a wrong check character",
)
MOBILE_FORM = CodeReason(
    "code/mobile-form",
    Severity.ERROR,
    "手机号应为以13至19开头的11位半角数字",
    "a mobile number has 11 plain digits and begins with 13 to 19",
)


@dataclass(frozen=True, slots=True)
class CodeCheck:
    """The normalised text of a code and everything found about it, in the order of the checks.

    Source: engineering choice
    """

    text: str
    reasons: tuple[CodeReason, ...] = ()

    @property
    def errors(self) -> tuple[CodeReason, ...]:
        """The reasons that make the code unusable."""
        return tuple(reason for reason in self.reasons if reason.severity is Severity.ERROR)

    @property
    def warnings(self) -> tuple[CodeReason, ...]:
        """The reasons that are shown while the code is kept."""
        return tuple(reason for reason in self.reasons if reason.severity is Severity.WARNING)

    @property
    def is_valid(self) -> bool:
        """Whether no error was found."""
        return not self.errors
