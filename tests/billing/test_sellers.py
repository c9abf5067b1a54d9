"""What the tax office is told of sellers: who, how much, and what happens when facts are missing."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.core import mail
from lxml import etree

from billing import invoicing, payouts, period_exports, seller_copies, seller_mails, seller_reports, sellers, settlements
from billing.models import Invoice, PeriodExport, SellerCopy, SellerFacts
from billing.period_exports import PeriodRefused
from billing.sellers import FactsRefused
from marketplace.partner.models import Partner
from tests.billing.deliveries import AT, NOVEMBER, deliver, item, juice

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 5)
DPI = "{urn:oecd:ties:dpi:v1}"


@pytest.fixture
def sold(farm: Partner, press: Partner) -> Partner:
    """October: the farm sold for more than 2,000 euro in two orders, the press three bottles."""
    for _turn in range(2):
        deliver(item(farm, "70.00", 20), region=farm.region)
    deliver(juice(press), region=farm.region)
    invoicing.draw_due(today=NOVEMBER, at=AT)
    settlements.settle_due(today=NOVEMBER, at=AT)
    return farm


@pytest.fixture
def tell(sold: Partner) -> Callable[[], SellerFacts]:
    """The farm says who it is."""

    def told() -> SellerFacts:
        facts = {"is_person": True, "birth_date": date(1980, 5, 17), "tin": "65 929 970 489", "register_number": ""}
        return sellers.tell(partner=sold, told=facts, today=TODAY, at=AT, by=None)

    return told


def test_sums_by_quarter_are_those_of_the_credit_notes(sold: Partner, press: Partner) -> None:
    reports = {report.seller.partner: report for report in seller_reports.of_year(region=sold.region, year=2026)}
    farm, small = reports[sold], reports[press]
    settled = Invoice.objects.get(partner=sold)
    assert (farm.quarters[4].got, farm.quarters[4].sales) == (settled.gross, 2)
    assert farm.fees > 0
    assert farm.got == farm.quarters[4].got
    assert (farm.is_reported, small.is_reported) == (True, False)
    assert small.got < Invoice.objects.get(partner=press).gross  # the deposit is passed on
    assert seller_reports.of_seller(partner=sold, year=2026).got == farm.got
    assert seller_reports.of_year(region=sold.region, year=2025) == []


def test_thresholds_are_for_goods_only(sold: Partner, press: Partner) -> None:
    Partner.objects.filter(pk=press.pk).update(kind=Partner.Kind.SERVICE)
    report = seller_reports.of_seller(partner=Partner.objects.get(pk=press.pk), year=2026)
    assert report.is_service
    assert report.is_reported
    few = seller_reports.of_seller(partner=sold, year=2026)
    few.quarters[4].got = Decimal("2000.00")
    assert not few.is_reported
    few.quarters[4].sales = 30
    assert few.is_reported


def test_facts_are_checked(sold: Partner, tell: Callable[[], SellerFacts]) -> None:
    assert len(sellers.of(partner=sold).missing) == 2
    told = {"is_person": True, "birth_date": date(1980, 5, 17), "tin": "12/345/67890", "register_number": ""}
    with pytest.raises(FactsRefused):
        sellers.tell(partner=sold, told={**told, "tin": "123"}, today=TODAY, at=AT, by=None)
    with pytest.raises(FactsRefused):
        sellers.tell(partner=sold, told={**told, "birth_date": date(2020, 1, 1)}, today=TODAY, at=AT, by=None)
    tell()
    assert sellers.of(partner=Partner.objects.get(pk=sold.pk)).missing == []


def test_the_report_is_made_once_complete_and_over(sold: Partner, tell: Callable[[], SellerFacts]) -> None:
    told = {"region": sold.region, "kind": PeriodExport.Kind.SELLERS, "first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    with pytest.raises(PeriodRefused):
        period_exports.make(today=TODAY, at=AT, by=None, **told)
    with pytest.raises(PeriodRefused, match=str(sold.name)):
        period_exports.make(today=date(2027, 1, 10), at=AT, by=None, **told)
    tell()
    made = period_exports.make(today=date(2027, 1, 10), at=AT, by=None, **told)
    with zipfile.ZipFile(BytesIO(period_exports.content(export=made))) as archive:
        xml = etree.fromstring(archive.read("dpi_2026.xml"))
        assert str(sold.name) in archive.read("anbieter_2026.csv").decode()
    (seller,) = xml.iter(f"{DPI}ReportableSeller")
    assert seller.findtext(f".//{DPI}TIN") == "65929970489"
    assert seller.findtext(f".//{DPI}BirthDate") == "1980-05-17"
    goods = seller.find(f".//{DPI}SaleOfGoods")
    assert goods is not None
    assert [child.tag.removeprefix(DPI) for child in goods] == ["Consideration", "NumberOfActivities", "Fees", "Taxes"]
    assert goods.findtext(f".//{DPI}NumbQ4") == "2"
    got = seller_reports.of_seller(partner=sold, year=2026).got
    assert abs(Decimal(goods.findtext(f".//{DPI}ConsQ4") or "0") - got) <= Decimal("0.5")


def test_two_reminders_and_then_nothing_is_paid_out(sold: Partner, press: Partner, tell: Callable[[], SellerFacts]) -> None:
    assert seller_mails.remind_due(today=TODAY) == 2
    assert seller_mails.remind_due(today=TODAY) == 0
    assert seller_mails.remind_due(today=TODAY + timedelta(days=29)) == 0
    assert seller_mails.remind_due(today=TODAY + timedelta(days=30)) == 2
    assert seller_mails.remind_due(today=TODAY + timedelta(days=50)) == 0
    assert "Geburtsdatum" in mail.outbox[0].body
    assert "/betrieb/abrechnungen/finanzamt/" in mail.outbox[0].body

    def held(day: date) -> set[str]:
        return {item.name for item in payouts.due(region=sold.region, today=day) if "Finanzamt" in item.hindrance}

    assert held(TODAY + timedelta(days=59)) == set()
    assert held(TODAY + timedelta(days=60)) == {str(sold.name), str(press.name)}
    tell()
    assert held(TODAY + timedelta(days=60)) == {str(press.name)}


def test_the_seller_gets_a_copy_of_what_was_reported_once_and_it_stays(
    sold: Partner, press: Partner, tell: Callable[[], SellerFacts]
) -> None:
    tell()
    told = {"region": sold.region, "kind": PeriodExport.Kind.SELLERS, "first": date(2026, 1, 1), "last": date(2026, 12, 31)}
    made = period_exports.make(today=date(2027, 1, 10), at=AT, by=None, **told)
    period_exports.make(today=date(2027, 1, 11), at=AT, by=None, **told)
    copy = SellerCopy.objects.get()
    assert (copy.partner, copy.export) == (sold, made)
    with zipfile.ZipFile(BytesIO(period_exports.content(export=made))) as archive:
        xml = etree.fromstring(archive.read("dpi_2026.xml"))
    figures = [xml.findtext(f".//{DPI}ReportableSeller//{DPI}{name}Q4") for name in ("Cons", "Fees", "Numb")]
    Partner.objects.filter(pk=sold.pk).update(street="Anderswo 1")
    read = seller_copies.read(copy=copy)
    quarter = read.quarters[3]
    assert figures == [str(quarter.got_reported), str(quarter.fees_reported), str(quarter.sales)]
    assert ("Steuernummer", "65929970489") in read.facts
    assert "Anderswo" not in str(read.facts)
    assert seller_copies.send_due(at=AT) == 1
    assert seller_copies.send_due(at=AT) == 0
    (letter,) = mail.outbox
    assert f"{figures[0]} Euro" in letter.body
    assert "65929970489" not in letter.body
    assert seller_copies.table(copy=copy).decode("utf-8-sig").splitlines()[-1].startswith(f"4;{figures[0]};{figures[1]};2;")
