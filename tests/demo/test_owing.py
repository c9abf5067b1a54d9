"""What the demo's office does about debts: files of debits, one that comes back, reminders."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from billing import books, invoicing, mandates
from billing.models import BankLine, DebitRun, DebitTerms, DunningLetter, PaymentReturn
from logistics import daytime
from marketplace.demo import owing
from tests.billing.deliveries import AT, NOVEMBER, OCTOBER, deliver, item
from tests.billing.test_bank import OWN
from tests.factories.market import AccountFactory, PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_debits_are_collected_credited_and_one_comes_back_and_is_reminded_of() -> None:
    farm = PartnerFactory.create()
    SupplyContractFactory.create(partner=farm)
    region, office = farm.region, UserFactory.create()
    region.iban = OWN
    region.save()
    DebitTerms.objects.create(region=region, creditor_id=owing.CREDITORS["norderstedt"])
    for name in ("Krug", "Kita"):
        account = AccountFactory.create(region=region, name=name)
        told: dict[str, Any] = {"holder": name, "iban": "DE89370400440532013000", "signed_name": name, "signed_on": OCTOBER[0]}
        mandates.sign(region=region, account=account, at=AT, by=None, **told)
        deliver(item(farm), region=region, account=account)
        invoicing.draw_consolidated(account=account, first=OCTOBER[0], last=OCTOBER[1], today=NOVEMBER, at=AT)
    agenda: list[tuple[datetime, Callable[[datetime], None]]] = []
    for number in range(40):
        day = NOVEMBER + timedelta(days=number)
        at = daytime.on(day, daytime.midnight(day).time())
        for moment, action in sorted((row for row in agenda if row[0] < at), key=lambda row: row[0]):
            agenda.remove((moment, action))
            action(moment)
        owing.begin_day(
            day=day,
            at=at,
            regions={"markt": region},
            office=lambda _slug: office,
            later=lambda moment, action: agenda.append((moment, action)),
        )
    assert DebitRun.objects.get().receipts.count() == 1
    assert PaymentReturn.objects.get().reason == "AM04"
    assert not BankLine.objects.filter(status=BankLine.Status.OPEN).exists()
    assert (
        list(DunningLetter.objects.order_by("pk").values_list("level", flat=True)) == [1, 2, 3][: DunningLetter.objects.count()]
    )
    assert DunningLetter.objects.exists()
    assert not [text for text in books.problems(region=region, today=date(2026, 11, 2)) if "journal" in text]
