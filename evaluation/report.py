"""Evaluation report: the tables the law asks for, members by alias, as values that turn into JSON."""

from evaluation.report_form import report_of, standing_results
from evaluation.report_rows import (
    ChangeRow,
    ComparisonRow,
    EvaluationReport,
    MemberRow,
    OpeningRow,
    RejectionRow,
    ReplacementRow,
    VoteRow,
)
from evaluation.room import Room

__all__ = [
    "ChangeRow",
    "ComparisonRow",
    "EvaluationReport",
    "MemberRow",
    "OpeningRow",
    "RejectionRow",
    "ReplacementRow",
    "VoteRow",
    "compile_report",
    "standing_results",
]


def compile_report(room: Room) -> EvaluationReport:
    """Compile the report of a room as it stands.

    It says nothing about who may read it; that is decided in `evaluation.visibility`. Scores enter it only once every
    member has submitted, check votes once the preliminary review is closed.

    Args:
        room: the room.

    Returns:
        The report; `msgspec.to_builtins` makes it JSON.

    Source: 财政部令第87号 第58条; 评标委员会和评标方法暂行规定 第42条
    """
    return report_of(room.state)
