"""Which rule counts, and that the condition in the database says the same as the rule."""

import pytest
from django.db.models import Q
from hypothesis import given
from hypothesis import strategies as st

from marketplace.assortments import precedence
from marketplace.assortments.precedence import EVERYTHING, Rule, Sight

WHOLESALE, MEMBERS = 1, 2
SHOP, KITCHEN = 11, 12


def test_case_42_rule_for_a_customer_wins_over_the_default() -> None:
    rules = [Rule(WHOLESALE, None, False), Rule(WHOLESALE, SHOP, True)]
    assert not precedence.sight(rules=rules, groups=()).sees([WHOLESALE])
    assert precedence.sight(rules=rules, groups=[SHOP]).sees([WHOLESALE])
    assert not precedence.sight(rules=rules, groups=[KITCHEN]).sees([WHOLESALE])


@pytest.mark.parametrize(("first", "seen"), [(SHOP, True), (KITCHEN, False)])
def test_case_42_higher_priority_first(first: int, seen: bool) -> None:
    """A customer in two groups, of which one sees it and the other does not."""
    rules = [Rule(WHOLESALE, SHOP, True), Rule(WHOLESALE, KITCHEN, False)]
    rules.sort(key=lambda rule: rule.group != first)
    assert precedence.sight(rules=rules, groups=[SHOP, KITCHEN]).sees([WHOLESALE]) is seen


@pytest.mark.parametrize(
    ("rules", "groups", "assortments", "seen"),
    [
        ([], [], [WHOLESALE], True),
        ([Rule(WHOLESALE, None, False)], [SHOP], [], True),
        ([Rule(WHOLESALE, None, False)], [SHOP], [MEMBERS], True),
        ([Rule(WHOLESALE, None, True)], [], [WHOLESALE], True),
        # shown to everybody but one group
        ([Rule(WHOLESALE, None, True), Rule(WHOLESALE, KITCHEN, False)], [KITCHEN], [WHOLESALE], False),
        # in two assortments: the rule for the group decides, then the first default
        ([Rule(MEMBERS, None, False), Rule(WHOLESALE, SHOP, True)], [SHOP], [WHOLESALE, MEMBERS], True),
        ([Rule(MEMBERS, None, False), Rule(WHOLESALE, None, True)], [], [WHOLESALE, MEMBERS], False),
        ([Rule(WHOLESALE, None, True), Rule(MEMBERS, None, False)], [], [WHOLESALE, MEMBERS], True),
    ],
)
def test_sight(rules: list[Rule], groups: list[int], assortments: list[int], seen: bool) -> None:
    assert precedence.sight(rules=rules, groups=groups).sees(assortments) is seen


def test_rules_that_hide_nothing_are_no_condition() -> None:
    assert precedence.sight(rules=[Rule(WHOLESALE, None, True)], groups=()) == EVERYTHING
    assert not EVERYTHING.where()


@given(st.lists(st.tuples(st.sampled_from([1, 2, 3]), st.booleans()), max_size=6), st.sets(st.sampled_from([1, 2, 3])))
def test_where_reads_like_sees(steps: list[tuple[int, bool]], assortments: set[int]) -> None:
    sight = Sight(tuple(steps))
    assert _holds(sight.where(), assortments) is sight.sees(assortments)


def _holds(condition: object, assortments: set[int]) -> bool:
    """The condition, read without a database."""
    if isinstance(condition, tuple):
        return set(condition[1]) <= assortments
    assert isinstance(condition, Q)
    children = [_holds(child, assortments) for child in condition.children]
    found = any(children) if condition.connector == "OR" else all(children)
    return not found if condition.negated else found
