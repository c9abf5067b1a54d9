"""Whatever is delivered: the money adds up to the cent, from the order to the month and to the producers."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing import books, charges, fee_statements, invoicing, journal, reductions, settlements
from billing.models import Invoice, InvoiceLine, Posting, ProducerFee
from billing.snapshots import thawed
from billing.totals import totals
from marketplace.core import money, vat
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, deliver, item
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory

pytestmark = pytest.mark.django_db

cents = st.integers(1, 4000).map(lambda number: Decimal(number) / 100)


@st.composite
def articles(draw: st.DrawFn) -> dict[str, Any]:
    """An article of one of three producers: by the piece or by weight, with or without deposit, all or less delivered."""
    quantity = draw(st.integers(1, 12))
    told: dict[str, Any] = {
        "producer": draw(st.integers(0, 2)),
        "price": draw(cents),
        "quantity": quantity,
        "delivered": draw(st.integers(0, quantity)),
        "vat_category": draw(st.sampled_from(["reduced", "standard"])),
        "deposit_each": draw(st.sampled_from([Decimal("0.00"), Decimal("0.08"), Decimal("0.25")])),
    }
    if draw(st.booleans()):
        weight = draw(st.integers(1, 5000))
        told |= {"catch_weight": True, "expected_weight_g": 500, "price_per_kg": draw(cents), "delivered_weight_g": weight}
    return told


deliveries = st.lists(
    st.tuples(
        st.lists(articles(), min_size=1, max_size=4), st.sampled_from(["", "0.01", "3.90"]), st.integers(1, 31), st.booleans()
    ),
    min_size=1,
    max_size=4,
)
few = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def played(month: list[Any], producers: list[Partner]) -> list[Any]:
    """The month delivered by new producers, so that each example stands for itself."""
    account = AccountFactory.create(region=producers[0].region)
    return [
        deliver(
            *(
                item(
                    producers[told["producer"]],
                    str(told["price"]),
                    **{name: value for name, value in told.items() if name not in ("producer", "price")},
                )
                for told in lines
            ),
            region=producers[0].region,
            day=date(2026, 10, day),
            fee=fee,
            account=account if monthly else None,
        )
        for lines, fee, day, monthly in month
    ]


@pytest.fixture
def region(farm: Partner) -> Any:
    """The region all examples share."""
    return farm.municipality


def three(municipality: Any) -> list[Partner]:
    """A producer of each kind of taxation."""
    made = PartnerFactory.create_batch(3, municipality=municipality)
    for partner, status in zip(made, ("regular", "small", "flat_rate"), strict=True):
        SupplyContractFactory.create(partner=partner, vat_status=status)
    return list(made)


@few
@given(month=deliveries)
def test_documents_sum_to_what_customers_owe_and_producers_get_their_share(region: Any, month: list[Any]) -> None:
    """Invoices sum to the amounts of what was delivered; credit notes to it less VAT and commission, plus the producers' VAT."""
    made = played(month, three(region))
    owed = sum((reductions.owed(delivery=delivery) for delivery in made), money.ZERO)
    drawn = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert sum((invoice.gross for invoice in drawn), money.ZERO) == owed == _told(made, drawn)
    for invoice in drawn:
        assert sum(line.gross for line in invoice.lines.all()) == invoice.gross
        assert sum(line.net for line in invoice.lines.all()) == invoice.net
    for settled in settlements.settle_due(today=NOVEMBER, at=AT):
        assert settled.invoice is not None
        _credit_note_adds_up(settled.invoice)
    assert books.problems(region=region.region, today=NOVEMBER) == []


def _told(made: list[Any], drawn: list[Invoice]) -> Decimal:
    """The same sum from the rows themselves: goods and deposits delivered, and the fees of those orders that cost something."""
    total = money.ZERO
    for delivery in made:
        rows = list(delivery.packed_lines.filter(delivered__gt=0))
        goods = sum((charges.goods_gross(row=row) for row in rows), money.ZERO)
        total += goods + sum((charges.deposit_gross(row=row) for row in rows), money.ZERO)
        total += sum((fee.gross for fee in delivery.order.fees.all()), money.ZERO) if goods else money.ZERO
    assert len(drawn) == Invoice.objects.filter(pk__in=[invoice.pk for invoice in drawn]).count()
    return total


def _credit_note_adds_up(invoice: Invoice) -> None:
    sums = totals(thawed(invoice.content))
    rows = list(invoice.lines.all())
    goods = sum((row.net for row in rows if row.charge == "goods"), money.ZERO)
    deposits = sum((row.net for row in rows if row.charge == "deposit"), money.ZERO)
    commission = sum((row.net for row in rows if row.charge == "commission"), money.ZERO)
    tax = sum((vat.from_net(group.net, group.rate).tax for group in sums.vat), money.ZERO)
    assert goods + deposits + commission == invoice.net
    assert invoice.gross == invoice.net + tax
    assert abs(-commission - goods * 18 / 100) <= Decimal("0.01")  # one rounding for each of at most two rates
    assert sum((row.gross for row in rows), money.ZERO) == invoice.gross
    assert invoice.partner is not None
    assert journal.balance(partner=invoice.partner) == invoice.gross
    assert sum(p.amount for p in Posting.objects.filter(entry__invoice=invoice)) == 0


@few
@given(month=deliveries, percent=st.integers(1, 90), each=cents)
def test_what_is_taken_for_others_is_what_they_are_credited(region: Any, month: list[Any], percent: int, each: Decimal) -> None:
    """Fees of both kinds, also such as eat up all that is left: what producers bore is credited, to the cent, and once."""
    producers, payee = three(region), PartnerFactory.create(municipality=region)
    SupplyContractFactory.create(partner=payee, mode="fees")
    told = {"region": region.region, "payee": payee, "recipient": payee.name, "valid_from": date(2026, 1, 1)}
    for partner in producers:
        ProducerFee.objects.create(partner=partner, name="Fuhrgeld", basis="percent", amount=percent, **told)
        ProducerFee.objects.create(partner=partner, name="Stelle", basis="order", amount=each, **told)
    played(month, producers)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settled = [one.invoice for one in settlements.settle_due(today=NOVEMBER, at=AT)]
    taken = InvoiceLine.objects.filter(invoice__in=[one for one in settled if one], charge="fee")
    borne = -sum((line.net for line in taken), money.ZERO)
    for _run in range(2):
        fee_statements.settle_due(today=NOVEMBER, at=AT)
        credited = Invoice.objects.filter(partner=payee)
        assert sum((one.net for one in credited), money.ZERO) == borne
        assert journal.balance(partner=payee) == sum((one.gross for one in credited), money.ZERO)
        assert books.problems(region=region.region, today=NOVEMBER) == []
