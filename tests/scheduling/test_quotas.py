import pytest

from scheduling.quotas import (
    FeatureQuota,
    InfeasibleQuotasError,
    QuotaTableError,
    SeatsUnknownError,
    UnknownColumnError,
    UnquotedFeatureError,
    problem_from_csv,
)

PEOPLE = "\ufeffname,field,sex\nAda, law ,w\nBo,law,m\nCy,cost,m\n"
QUOTAS = "category,feature,min,max\nfield,law,1,1\nfield,cost,1,1\nsex,w,0,2\nsex,m,0,2\n"


def test_both_forms_of_the_quota_table_say_the_same():
    other = QUOTAS.replace("category,feature,", "feature,value,")
    assert problem_from_csv(PEOPLE, QUOTAS) == problem_from_csv(PEOPLE, other)


def test_seats_follow_from_quotas_that_leave_no_choice():
    problem = problem_from_csv(PEOPLE, QUOTAS, distinct="name")
    assert (problem.seats, problem.categories) == (2, ("field", "sex"))
    assert problem.people == (("law", "w"), ("law", "m"), ("cost", "m"))
    assert problem.quotas[0] == FeatureQuota("field", "law", 1, 1)
    assert problem.units == ("Ada", "Bo", "Cy")


@pytest.mark.parametrize(
    ("quotas", "error"),
    [
        ("", QuotaTableError),
        ("category,feature,min\n", QuotaTableError),
        (QUOTAS + "field,law,0,1\n", QuotaTableError),
        (QUOTAS.replace("0,2", "2,0"), QuotaTableError),
        (QUOTAS + "age,old,0,1\n", UnknownColumnError),
        (QUOTAS.replace("sex,w,0,2\n", ""), UnquotedFeatureError),
        (QUOTAS.replace("1,1", "1,2"), SeatsUnknownError),
        (QUOTAS.replace("cost,1,1", "cost,2,2"), InfeasibleQuotasError),
    ],
)
def test_a_wrong_table_is_refused_with_its_reason(quotas, error):
    with pytest.raises(error) as found:
        problem_from_csv(PEOPLE, quotas)
    assert found.value.text("zh") != found.value.text("en")


def test_seats_outside_the_sums_are_refused():
    with pytest.raises(InfeasibleQuotasError):
        problem_from_csv(PEOPLE, QUOTAS, seats=3)
