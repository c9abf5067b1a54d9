"""A restaurant orders twice in a month on account: one invoice over all producers and both rounds, and nobody is paid twice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from billing import files, invoicing, journal, payments, settlements, terms
from billing.models import Invoice
from billing.snapshots import thawed
from logistics.models import DeliveryRound, DeliveryWindow
from marketplace.basket.models import Basket
from marketplace.checkout.problems import Refused
from marketplace.order.models import Order
from tests.factories.market import local
from tests.factories.town import Town
from tests.journeys import way

NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
FIRST_OF_DECEMBER = date(2026, 12, 1)
MORNING = local(FIRST_OF_DECEMBER, way.EARLY)


def windows(town: Town) -> list[DeliveryWindow]:
    """The windows at the door of November's rounds, by day."""
    rounds = DeliveryRound.objects.filter(region=town.region, delivery_day__range=NOVEMBER)
    return list(DeliveryWindow.objects.filter(round__in=rounds, pickup_point__isnull=True).order_by("starts_at"))


def two_orders(town: Town) -> list[Order]:
    """One in the first round, a bigger one in the third; both are delivered."""
    chef = town.people["chef"]
    placed = []
    for window, goods in zip(
        windows(town)[::2], ({"apples": 10, "honey": 3}, {"apple_juice": 12, "goat_cheese": 5}), strict=True
    ):
        placed.append(way.order(town, goods, who=chef, payment="account", window=window))
        way.through(window.round, by=town.people["driver"])
    return placed


def test_one_invoice_a_month_over_all_producers(town: Town) -> None:
    first, second = two_orders(town)
    at = local(NOVEMBER[1], way.EARLY)
    assert invoicing.draw_due(today=NOVEMBER[1], at=at) == []  # the month is not over
    (invoice,) = invoicing.draw_due(today=FIRST_OF_DECEMBER, at=MORNING)
    assert (invoice.kind, invoice.account, invoice.period_from, invoice.period_until) == ("380", town.account, *NOVEMBER)
    # 33.30 + 19.47 + 34.68 + 1.80 deposit + 57.25, and twice 3.90
    assert invoice.gross == first.total_incl_tax + second.total_incl_tax == Decimal("154.30")
    document = thawed(invoice.content)
    assert {line.delivery_note for line in document.lines} == {first.number, second.number}
    assert {line.delivered_on for line in document.lines} == {window.round.delivery_day for window in windows(town)[::2]}
    assert {line.producer.split(",")[0] for line in document.lines if line.kind == "goods"} == {
        "Hofkäserei Möhl",
        "Imkerei Lührs",
        "Obsthof Dreyer",
    }
    assert invoicing.draw_due(today=FIRST_OF_DECEMBER, at=MORNING) == []


def test_the_invoice_passes_the_official_rules(town: Town) -> None:
    two_orders(town)
    (invoice,) = invoicing.draw_due(today=FIRST_OF_DECEMBER, at=MORNING)
    assert files.make(invoice=invoice, at=MORNING).checked_with == "en16931: 0 warnings"


def test_what_is_owed_is_read_from_the_journal(town: Town) -> None:
    two_orders(town)
    assert terms.committed(account=town.account) == Decimal("154.30")
    (invoice,) = invoicing.draw_due(today=FIRST_OF_DECEMBER, at=MORNING)
    assert journal.balance(account=town.account) == terms.committed(account=town.account) == invoice.gross
    day = FIRST_OF_DECEMBER + timedelta(days=9)
    payments.receive(invoice=invoice, amount=invoice.gross, method="transfer", received_on=day, at=MORNING, reference="A")
    assert journal.balance(account=town.account) == terms.committed(account=town.account) == 0


def test_the_limit_counts_what_is_ordered_and_not_billed(town: Town) -> None:
    type(town.account).objects.filter(pk=town.account.pk).update(credit_limit=Decimal(150))
    chef, first = town.people["chef"], windows(town)[0]
    way.order(town, {"apples": 30}, who=chef, payment="account", window=first)  # 103.80
    with pytest.raises(Refused) as refused:
        way.order(town, {"apples": 15}, who=chef, payment="account", window=first)
    assert [problem.code for problem in refused.value.problems] == ["payment"]
    assert Order.objects.count() == 1
    Basket.objects.get(owner=chef, status=Basket.OPEN).delete()
    assert way.order(town, {"apples": 15}, who=chef, payment="handover", window=first).total_incl_tax == Decimal("53.85")


def test_each_producer_is_settled_once_for_the_month(town: Town) -> None:
    two_orders(town)
    notes = [item.invoice for item in settlements.settle_due(today=FIRST_OF_DECEMBER, at=MORNING)]
    assert {(note.partner.name, note.kind) for note in notes if note and note.partner} == {
        (partner.name, "389") for partner in town.region.partners.all()
    }
    late = local(date(2027, 2, 1), way.EARLY)
    assert settlements.settle_due(today=late.date(), at=late) == []
    assert Invoice.objects.filter(kind="389").count() == 3
