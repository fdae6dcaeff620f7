from expert_hub.experts.tables import ExpertRelation
from expert_hub.experts.views import LeaveView, RelationView, relation_view, view_of


def relation(kind: str) -> ExpertRelation:
    return ExpertRelation(id="r", expert_id="e", kind=kind, org_name="甲", org_code="C1")


def test_a_view_takes_columns_of_the_same_name_and_more() -> None:
    assert view_of(RelationView, relation("director"), org_name="乙") == RelationView(
        "r", "director", "乙", "C1", None, None
    )
    assert LeaveView.__struct_fields__ == ("starts_on", "ends_on")


def test_a_view_of_kin_does_not_tell_to_whom() -> None:
    assert relation_view(relation("kin")).org_code == ""
    assert relation_view(relation("director")).org_code == "C1"
