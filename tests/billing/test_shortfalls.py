"""What customers read of what did not come, and of base prices."""

import pytest

from billing import invoicing
from billing.models import Account
from billing.snapshots import thawed
from logistics.models import PackedLine
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, deliver, item

pytestmark = pytest.mark.django_db


def test_invoice_says_what_did_not_come_and_why(farm: Partner) -> None:
    goods = (item(farm), item(farm, quantity=3, delivered=1), item(farm, quantity=2, delivered=0))
    deliver(*goods, region=farm.region)
    PackedLine.objects.filter(delivered=0).update(problem="cut")
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert thawed(invoice.content).missing == (
        f"2 von 3 × Rapshonig 1 ({farm.name}): fehlte",
        f"2 × Rapshonig 2 ({farm.name}): der Betrieb hatte zu wenig davon",
    )


def test_consolidated_invoice_names_the_delivery_note(farm: Partner, account: Account) -> None:
    delivery = deliver(item(farm), item(farm, quantity=2, delivered=0), region=farm.region, account=account)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert thawed(invoice.content).missing == (f"2 × Rapshonig 1 (Lieferschein {delivery.order.number}): fehlte",)


def test_line_tells_its_base_price(farm: Partner) -> None:
    deliver(item(farm, "4.90", net_content=500, net_unit="g"), item(farm, "4.90"), region=farm.region)
    (invoice,) = invoicing.draw_due(today=NOVEMBER, at=AT)
    assert [line.base_price for line in thawed(invoice.content).lines] == ["9,80\u00a0€/kg", ""]
