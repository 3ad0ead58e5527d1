"""What decides whether finance may pay out, without a warehouse."""

from payments.reconcile import MEASURES, compare, explain

DAY = ("2025-06-01", "EUR")


def totals(**given: int) -> dict[str, int]:
    return {**dict.fromkeys(MEASURES, 0), **given}


def test_equal_totals_have_no_difference():
    both = {DAY: totals(payment_count=2, gross_minor=1500)}
    assert compare(both, dict(both)) == []


def test_one_cent_is_a_difference():
    found = compare({DAY: totals(net_minor=1475)}, {DAY: totals(net_minor=1476)})
    assert [str(one) for one in found] == ["2025-06-01 EUR net_minor: expected 1475, settled 1476"]


def test_a_day_that_only_one_side_has_is_compared_with_nothing():
    found = compare({}, {DAY: totals(payment_count=1, fee_minor=25)})
    values = [(one.measure, one.expected, one.settled) for one in found]
    assert values == [("payment_count", 0, 1), ("fee_minor", 0, 25)]


def test_an_explanation_names_the_first_few_and_counts_all():
    found = compare({}, {DAY: totals(**{measure: 1 for measure in MEASURES})})
    assert explain(found, shown=1) == "5 totals differ.\n2025-06-01 EUR payment_count: expected 0, settled 1"
