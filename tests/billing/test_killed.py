"""Every job with money, killed between any two statements and run again by another worker: the books of one that lived."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from billing import (
    agency,
    bank_lines,
    books,
    cancellations,
    closing,
    corrections,
    credits,
    debit_runs,
    dunning,
    dunning_letters,
    fee_statements,
    instalments,
    invoicing,
    manual_entries,
    offsets,
    open_items,
    payments,
    payouts,
    refunds,
    settlements,
    surcharges,
    worth,
)
from billing.models import Account, BaseRate, Credit, DebitRun, DebitTerms, Invoice, PayoutRun, ProducerFee, SupplyContract
from marketplace.core.transitions import ForbiddenTransition
from marketplace.partner.models import Partner
from marketplace.regions.models import Region
from tests.billing import killed
from tests.billing.deliveries import AT, DAY, NOVEMBER, deliver, item, juice
from tests.billing.test_bank import OWN, camt
from tests.billing.test_debits import CREDITOR, returned, sign
from tests.billing.test_supplier_invoices import written
from tests.factories.market import AccountFactory, MunicipalityFactory, PartnerFactory, SupplyContractFactory, UserFactory

pytestmark = pytest.mark.django_db
DECEMBER, COLLECT = date(2026, 12, 1), NOVEMBER + timedelta(days=15)
OVERDUE = NOVEMBER + timedelta(days=21)
#: about so many workers die at each job
DEATHS = 6
Job = Callable[[], object]


class Month:
    """October of a region: orders paid in every way, a restaurant with a mandate, and producers on all kinds of terms."""

    def __init__(self) -> None:
        village = MunicipalityFactory.create()
        self.region: Region = village.region
        Region.objects.filter(pk=self.region.pk).update(iban=OWN)
        self.region.refresh_from_db()
        self.farm, self.press, self.cheese = (
            self._producer(village, name, mode)
            for name, mode in (("Hof", "commission"), ("Mosterei", "commission"), ("Käserei", "agency"))
        )
        self.account: Account = AccountFactory.create(region=self.region)
        DebitTerms.objects.create(region=self.region, creditor_id=CREDITOR)
        sign(self.account)
        self.other: Account = AccountFactory.create(region=self.region)
        for day in (date(2026, 7, 1), date(2027, 1, 1)):
            BaseRate.objects.get_or_create(valid_from=day, defaults={"percent": Decimal("1.27"), "source": "Test"})
        goods = (item(self.farm, "24.90", 2), juice(self.press, 4), item(self.cheese, "10.70", 3))
        self.first = deliver(*goods, region=self.region, fee="3.90")
        self.second = deliver(*goods, region=self.region, fee="3.90")
        self.months = [deliver(*goods, region=self.region, account=self.account, day=DAY.replace(day=day)) for day in (3,)]
        deliver(*goods[:2], region=self.region, account=self.other)

    def _producer(self, village: Any, name: str, mode: str) -> Partner:
        made: Partner = PartnerFactory.create(name=name, municipality=village, iban="DE89370400440532013000")
        SupplyContractFactory.create(partner=made, mode=SupplyContract.Mode(mode))
        return made

    def billed(self) -> "Month":
        invoicing.draw_due(today=NOVEMBER, at=AT)
        return self

    def settled(self) -> "Month":
        settlements.settle_due(today=NOVEMBER, at=AT)
        agency.settle_due(today=NOVEMBER, at=AT)
        return self

    def fee_for(self, agreed: date | None) -> "Month":
        """Five percent of everything is for who drives; `agreed` says since when its credit notes are."""
        told: dict[str, Any] = {"municipality": self.farm.municipality, "status": Partner.Status.PAYEE}
        self.payee: Partner = PartnerFactory.create(name="Fuhrgenossenschaft", **told)
        SupplyContractFactory.create(partner=self.payee, mode=SupplyContract.Mode.FEES, self_billing_agreed_on=agreed)
        fee = {"name": "Fuhrgeld", "basis": "percent", "amount": Decimal(5), "recipient": self.payee.name, "payee": self.payee}
        ProducerFee.objects.create(region=self.region, valid_from=date(2026, 1, 1), **fee)
        return self

    def credited(self, delivery: Any, bearer: Partner | None = None) -> "Month":
        """All goods of an order are credited."""
        for line in delivery.order.lines.select_related("partner", "order").order_by("pk"):
            value = worth.of(order=delivery.order).lines[line.pk]
            goods, deposit = value.goods_of(pieces=value.pieces), value.deposit_of(pieces=value.pieces)
            given: dict[str, Any] = {"bearer": bearer or line.partner, "cause": Credit.Cause.COMPLAINT, "key": f"c:{line.pk}"}
            credits.on_line(order_line=line, pieces=value.pieces, goods=goods, deposit=deposit, at=AT, **given)
        return self

    def of(self, account: Account) -> Invoice:
        return Invoice.objects.get(account=account, kind="380", seller__isnull=True)

    def of_order(self) -> Invoice:
        return Invoice.objects.get(order=self.first.order, kind="380", seller__isnull=True)

    def open_ids(self, account: Account) -> list[int]:
        return list(Invoice.objects.filter(account=account, kind="380").values_list("pk", flat=True))

    def overpaid(self) -> "Month":
        """The month of the restaurant is paid, some more came in, and then a part is credited; a week of November is open."""
        for invoice in Invoice.objects.filter(account=self.account, kind="380").order_by("pk"):
            payments.receive(invoice=invoice, amount=invoice.gross, method="transfer", received_on=NOVEMBER, at=AT)
        deliver(item(self.farm, "99.00"), item(self.cheese, "9.00"), region=self.region, account=self.account, day=NOVEMBER)
        invoicing.draw_due(today=DECEMBER, at=AT)
        self.credited(self.months[0])
        corrections.draw_due(today=DECEMBER, at=AT)
        return self

    def run(self) -> DebitRun:
        told: dict[str, Any] = {"collect_on": COLLECT, "today": NOVEMBER, "at": AT, "by": None}
        return debit_runs.draw_up(region=self.region, invoice_ids=self.open_ids(self.account), **told)

    def payout(self) -> PayoutRun:
        ids = [one.settlement_id for one in payouts.due(region=self.region, today=NOVEMBER) if not one.hindrance]
        told: dict[str, Any] = {"execution_on": COLLECT, "today": NOVEMBER, "at": AT, "by": None}
        return payouts.draw_up(region=self.region, settlement_ids=ids, **told)

    def remind(self, today: date) -> object:
        keys = [one.key for one in dunning.due(region=self.region, today=today, disputed={}) if not one.stopped]
        return dunning_letters.draw(region=self.region, keys=keys, today=today, at=AT, by=None, disputed={})

    def statement(self, *rows: tuple[str, str]) -> Job:
        content = camt((amount, "Jemand", text, f"R{number}") for number, (amount, text) in enumerate(rows))
        return lambda: bank_lines.take_in(region=self.region, content=content, at=AT, by=None)


def _invoices(month: Month) -> Job:
    return lambda: invoicing.draw_due(today=NOVEMBER, at=AT)


def _corrections(month: Month) -> Job:
    month.billed().credited(month.first).credited(month.months[0])
    return lambda: corrections.draw_due(today=NOVEMBER, at=AT)


def _settlements(month: Month) -> Job:
    month.billed()
    return lambda: settlements.settle_due(today=NOVEMBER, at=AT)


def _agency_statements(month: Month) -> Job:
    month.billed()
    return lambda: agency.settle_due(today=NOVEMBER, at=AT)


def _fees_for_others(month: Month) -> Job:
    month.fee_for(date(2026, 1, 1)).billed().settled()
    return lambda: fee_statements.settle_due(today=NOVEMBER, at=AT)


def _own_invoices(month: Month) -> Job:
    payee = month.fee_for(None).billed().settled().payee
    waits = fee_statements.of_month(payee=payee, first=DAY.replace(day=1), last=DAY.replace(day=31), today=NOVEMBER).draft
    assert waits is not None
    told = written(waits.document, payee, month.region)
    one, other = UserFactory.create_batch(2)
    usual: dict[str, Any] = {"reason": "geprüft", "today": NOVEMBER, "at": AT, "by": one}
    entry = manual_entries.propose_settling(incoming=told, key="fees_due:2026-10-01", **usual)
    return lambda: manual_entries.approve(entry=entry, at=AT, by=other)


def _one_transfer_for_several_sellers(month: Month) -> Job:
    order = month.billed().first.order
    left = open_items.one_to_come_in(region=month.region, key=f"order:{order.pk}")
    assert left is not None
    return month.statement((str(left.left), order.number))


def _offsets(month: Month) -> Job:
    month.billed().overpaid()
    return lambda: offsets.use_due(today=DECEMBER, at=AT)


def _set_off(month: Month) -> Job:
    month.billed().settled()
    for delivery in (month.first, month.second, *month.months):
        month.credited(delivery)
    corrections.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=DECEMBER, at=AT)
    agency.settle_due(today=DECEMBER, at=AT)
    return lambda: payouts.set_off_due(today=DECEMBER, at=AT)


def _debits(month: Month) -> Job:
    month.billed()
    return month.run


def _debits_dropped(month: Month) -> Job:
    run = month.billed().run()
    return lambda: debit_runs.drop(run=run, today=NOVEMBER, at=AT, by=None)


def _debits_credited(month: Month) -> Job:
    run = month.billed().run()
    return month.statement((str(run.total), f"SEPA Sammler {run.number}"))


def _debit_returned(month: Month) -> Job:
    month.billed().run()
    invoice = month.of(month.account)
    content = returned(invoice.number, whole=str(invoice.gross + 3), original=str(invoice.gross))
    return lambda: bank_lines.take_in(region=month.region, content=content, at=AT, by=None)


def _reminders(month: Month) -> Job:
    month.billed().remind(OVERDUE)
    return lambda: month.remind(OVERDUE + timedelta(days=8))


def _payouts(month: Month) -> Job:
    month.billed().settled()
    return month.payout


def _payouts_dropped(month: Month) -> Job:
    run = month.billed().settled().payout()
    return lambda: payouts.drop(run=run, at=AT, by=None)


def _payouts_carried_out(month: Month) -> Job:
    run = month.billed().settled().payout()
    return month.statement((f"-{run.total}", f"SEPA Sammler {run.number}"))


def _transfers(month: Month) -> Job:
    month.billed()
    rows = [(str(row.gross), row.number) for row in Invoice.objects.filter(kind="380", order__isnull=False).order_by("pk")]
    return month.statement(*rows)


def _money_back(month: Month) -> Job:
    month.billed()
    payments.receive(invoice=month.of_order(), amount=Decimal(500), method="transfer", received_on=NOVEMBER, at=AT)
    told: dict[str, Any] = {"method": "transfer", "paid_on": NOVEMBER, "at": AT}
    return lambda: refunds.pay_back_order(order=month.first.order, **told)


def _instalments(month: Month) -> Job:
    month.billed()
    told: dict[str, Any] = {"rates": 3, "first_due": DECEMBER, "today": NOVEMBER, "at": AT, "by": None}
    return lambda: instalments.agree(region=month.region, invoice_ids=month.open_ids(month.other), **told)


def _instalments_ended(month: Month) -> Job:
    _instalments(month)()
    told: dict[str, Any] = {"rates": 2, "first_due": DECEMBER, "today": NOVEMBER, "at": AT, "by": None}
    instalments.agree(region=month.region, invoice_ids=[month.of_order().pk], **told)
    return lambda: instalments.end_due(today=DECEMBER + timedelta(days=30), at=AT)


def _closing(month: Month) -> Job:
    payments.receive(order=month.first.order, amount=Decimal(5), method="transfer", received_on=DAY, at=AT)
    month.billed().settled()
    person = UserFactory.create()
    return lambda: closing.close(region=month.region, first=date(2026, 10, 1), today=NOVEMBER, at=AT, by=person)


def _write_off(month: Month) -> Job:
    month.billed()
    one, other = UserFactory.create_batch(2)
    told: dict[str, Any] = {"reason": "verzogen", "day": NOVEMBER, "at": AT, "by": one}
    entry = manual_entries.propose_write_off(invoice=month.of_order(), **told)
    return lambda: manual_entries.approve(entry=entry, at=AT, by=other)


def _let_off(month: Month) -> Job:
    _reminders(month)()
    charged = Invoice.objects.filter(surcharges__isnull=False).earliest("pk")
    return lambda: surcharges.let_off(invoice=charged, today=DECEMBER, at=AT, by=None)


def _cancelled(month: Month) -> Job:
    month.billed()
    told: dict[str, Any] = {"reason": "falsch", "today": NOVEMBER, "at": AT, "by": None}
    return lambda: cancellations.cancel(invoice=month.of_order(), **told)


JOBS = {
    name.strip("_").replace("_", " "): job
    for name, job in list(globals().items())
    if name.startswith("_") and getattr(job, "__annotations__", {}).get("return") == Job
}


@pytest.mark.parametrize("name", JOBS)
def test_a_job_killed_anywhere_leaves_the_books_of_one_that_lived(name: str) -> None:
    with killed.forgotten():
        job = JOBS[name](Month())
        with killed.counted() as statements:
            job()
        straight = killed.told()
    with killed.forgotten():
        month = Month()
        job = JOBS[name](month)
        before = killed.told()
        assert killed.dying(job, stride=max(1, len(statements) // DEATHS)) > 1
        _same(killed.told(), straight)
        assert before != straight
        with suppress(*REFUSED):
            job()
        _same(killed.told(), straight)
        found = books.problems(region=month.region, today=NOVEMBER)
        assert [text for text in found if not any(word in text for word in ("file", "settled", "statement"))] == []


#: what the office is told when it does again what is done
REFUSED = (
    debit_runs.DebitRefused,
    dunning_letters.LetterRefused,
    payouts.PayoutRefused,
    instalments.PlanRefused,
    surcharges.LetOffRefused,
    ForbiddenTransition,
)


def _same(found: dict[str, Any], straight: dict[str, Any]) -> None:
    """The same table by table."""
    for table, rows in straight.items():
        assert (table, Counter(found[table]) - Counter(rows), Counter(rows) - Counter(found[table])) == (
            table,
            Counter(),
            Counter(),
        )
