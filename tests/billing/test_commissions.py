"""Which percentage holds for an article on a day, and that everybody reckons with the same one."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing import books, commissions, earnings, invoicing, settlements
from billing.commissions import CommissionTable, RuleRefused
from billing.models import CommissionRule, ProducerFee, SupplyContract
from billing.snapshots import thawed
from marketplace.catalogue.models import Category, Product
from marketplace.core.models import AuditEntry
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, DAY, NOVEMBER, OCTOBER, deliver, item
from tests.factories.market import ProductFactory

pytestmark = pytest.mark.django_db
START = date(2026, 10, 1)


@pytest.fixture
def cheese(farm: Partner) -> Product:
    """An article on the shelf of goat's cheese, which stands below cheese."""
    food = Category.add_root(name="Käse")
    below = food.add_child(name="Ziegenkäse")
    made: Product = ProductFactory.create(partner=farm, title="Ziegenkäse")
    made.categories.add(below)
    return made


def rule(farm: Partner, percent: str, **more: Any) -> CommissionRule:
    made: CommissionRule = CommissionRule.objects.create(
        **{"region": farm.region, "percent": Decimal(percent), "reason": "so vereinbart", "valid_from": START, **more}
    )
    return made


def percent_of(product: Product, day: date = DAY) -> Decimal:
    contract = SupplyContract.objects.select_related("partner").get(partner=product.partner)
    table = CommissionTable.load(partners=[product.partner_id], products=[product.pk])
    return table.on(contract=contract, product_id=product.pk, day=day).percent


def test_the_most_special_rule_wins_and_the_older_of_two_alike(farm: Partner, press: Partner, cheese: Product) -> None:
    deep = Category.objects.get(name="Ziegenkäse")
    assert percent_of(cheese) == 18
    rule(farm, "15", shelf=deep.get_parent())
    assert percent_of(cheese) == 15
    rule(farm, "14", shelf=deep)
    assert percent_of(cheese) == 14
    rule(farm, "13", partner=farm)
    assert percent_of(cheese) == 13
    rule(farm, "12", partner=farm, shelf=deep, valid_from=date(2026, 10, 10))
    rule(farm, "11", partner=farm, shelf=deep, valid_from=date(2026, 10, 5))
    rule(farm, "1", partner=press)
    assert percent_of(cheese) == 11
    assert percent_of(cheese, date(2026, 9, 30)) == 18


def test_earnings_and_credit_notes_take_the_same_percentage(farm: Partner, cheese: Product) -> None:
    rule(farm, "10", shelf=Category.objects.get(name="Käse"))
    delivered = deliver(item(farm, "10.70", 10, product=cheese), item(farm, "10.70", 10), region=farm.region)
    terms = earnings.terms_of(partner=farm, day=DAY, products=[cheese.pk])
    assert terms is not None
    told = terms.earn_all(sums={("reduced", cheese.pk): Decimal("107.00"), ("reduced", None): Decimal("107.00")})
    settled = settlements.settle(partner=farm, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert settled is not None
    assert (told.commission, settled.gross) == (Decimal("28.00"), told.payout)
    assert {row.reason for row in thawed(settled.content).allowances} == {
        "Kommissionsprovision 10 %",
        "Kommissionsprovision 18 %",
    }
    assert delivered.order.lines.count() == 2


def test_fees_come_off_the_credit_note_and_name_who_receives_them(farm: Partner) -> None:
    ProducerFee.objects.create(
        region=farm.region,
        name="Packhilfe",
        basis="order",
        amount=Decimal("0.50"),
        recipient="Packhof Beispiel",
        valid_from=START,
    )
    ProducerFee.objects.create(
        region=farm.region, partner=farm, name="Kartenanteil", basis="percent", amount=Decimal("1.50"), recipient="Markt",
        valid_from=START,
    )  # fmt: skip
    for _order in range(2):
        deliver(item(farm, "10.70", 5), item(farm, "10.70", 5), region=farm.region)
    settled = settlements.settle(partner=farm, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert settled is not None
    assert [(row.reason, row.amount) for row in thawed(settled.content).allowances] == [
        ("Kommissionsprovision 18 %", Decimal("36.00")),
        ("Kartenanteil 1,5 %, erhält: Markt", Decimal("3.00")),
        ("Packhilfe, erhält: Packhof Beispiel", Decimal("1.00")),
    ]
    assert settled.net == Decimal("160.00")
    assert set(settled.lines.exclude(producer_fee=None).values_list("producer_fee__recipient", flat=True)) == {
        "Markt", "Packhof Beispiel",
    }  # fmt: skip
    invoicing.draw_due(today=NOVEMBER, at=AT)
    assert books.problems(region=farm.region, today=NOVEMBER) == []


def test_a_fee_takes_no_more_than_is_left(farm: Partner) -> None:
    ProducerFee.objects.create(
        region=farm.region, name="Packhilfe", basis="order", amount=Decimal("5.00"), recipient="Markt", valid_from=START
    )
    deliver(item(farm, "1.07", 1), region=farm.region)
    settled = settlements.settle(partner=farm, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT).invoice
    assert settled is not None
    assert settled.gross == 0


def test_rules_never_begin_or_end_in_the_past(farm: Partner) -> None:
    told: dict[str, Any] = {
        "region": farm.region, "partner": farm, "shelf": None, "percent": Decimal(9), "reason": "Probe", "today": DAY,
        "at": AT, "by": None,
    }  # fmt: skip
    with pytest.raises(RuleRefused):
        commissions.agree(**told, valid_from=DAY - timedelta(days=1))
    made = commissions.agree(**told, valid_from=DAY)
    with pytest.raises(RuleRefused):
        commissions.end(agreed=made, last=DAY - timedelta(days=1), today=DAY, at=AT, by=None)
    commissions.end(agreed=made, last=DAY, today=DAY, at=AT, by=None)
    assert commissions.running(region=farm.region, today=DAY + timedelta(days=1)) == []
    assert AuditEntry.objects.filter(action__startswith="commission_rule.").count() == 2
