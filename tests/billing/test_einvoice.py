import json
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from drafthorse.models.document import Document as SecondOpinion
from facturx.parse_xml import parse_ubl_cii_xml
from lxml import etree

from billing import einvoice
from billing.documents import Document, Payment, cancelled
from billing.totals import totals
from tests.factories import documents as made

ALL = {
    "consolidated": made.consolidated(),
    "per order": made.per_order(),
    "regular": made.self_billed("regular"),
    "small": made.self_billed("small"),
    "flat": made.self_billed("flat"),
    "cancellation": cancelled(made.consolidated(), number="ST-1", issued_on=date(2026, 11, 3)),
    "correction": made.correction(),
    "public": made.public(),
}


def parsed(document: Document) -> dict[str, Any]:
    """The business terms read back from the XML."""
    found: dict[str, Any] = parse_ubl_cii_xml(einvoice.xml(einvoice.terms(document)))
    return found


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_terms_survive_json_and_give_the_same_xml(document: Document) -> None:
    snapshot = einvoice.terms(document)
    assert einvoice.xml(json.loads(json.dumps(snapshot))) == einvoice.xml(snapshot)


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_xml_read_by_another_library_has_the_same_totals(document: Document) -> None:
    other = SecondOpinion.parse(einvoice.xml(einvoice.terms(document)))
    read, sums = other.trade.settlement.monetary_summation, totals(document)
    assert (read.line_total._value, read.allowance_total._value) == (sums.line_net, sums.allowance_net)
    assert (read.tax_basis_total._amount, read.grand_total._amount) == (sums.net, sums.gross)
    assert (read.prepaid_total._value, read.due_amount._value) == (sums.prepaid, sums.due)
    assert len(other.trade.items.children) == len(document.lines)


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_xml_holds_every_line_with_its_day_and_note(document: Document) -> None:
    read = [(line["BT-153"], line["BT-134"], line.get("BT-128")) for line in parsed(document)["BG-25"]]
    assert read == [
        (line.text, line.delivered_on, {"DQ": line.delivery_note} if line.delivery_note else None) for line in document.lines
    ]


def test_xml_names_producer_organic_code_and_batch_per_line() -> None:
    lines = {line["BT-153"]: line.get("BG-32") for line in parsed(made.consolidated())["BG-25"]}
    assert lines["Bio-Eier Größe M"] == [
        {"BT-160": "Erzeuger", "BT-161": "Biohof Krause, Haby"},
        {"BT-160": "Öko-Kontrollstelle", "BT-161": "DE-ÖKO-006"},
    ]
    assert {"BT-160": "Charge", "BT-161": "L26-1006"} in (lines["Rinderhüfte, gewogen"] or [])


def test_xml_explains_the_commission() -> None:
    (commission,) = parsed(made.self_billed())["BG-20"]
    assert (Decimal(commission["amount"]), Decimal(commission["base_amount"]), Decimal(commission["rate"])) == (
        Decimal("25.09"),
        Decimal("139.41"),
        Decimal(18),
    )


def test_xml_says_why_a_small_business_charges_no_tax() -> None:
    (group,) = parsed(made.self_billed("small"))["BG-23"]
    assert (group["BT-118"], group["BT-120"]) == ("E", "Steuerbefreit als Kleinunternehmer nach § 19 UStG")


def test_xml_of_a_correction_refers_to_the_invoice() -> None:
    assert parsed(made.correction())["BG-3"] == [{"BT-25": "SR-2026-000123", "BT-26": date(2026, 10, 31)}]


def test_terms_are_an_xrechnung_for_public_buyers_only() -> None:
    public = einvoice.terms(made.public())
    assert (public["BT-24"], public["BT-10"]) == (einvoice.XRECHNUNG, "04011000-1234512345-06")
    assert einvoice.terms(made.consolidated())["BT-24"] == einvoice.EN16931
    named = etree.fromstring(einvoice.xml(public)).findtext(".//{*}GuidelineSpecifiedDocumentContextParameter/{*}ID")
    assert named == einvoice.XRECHNUNG


def test_terms_of_direct_debit_carry_the_mandate() -> None:
    debit = Payment(code="59", iban="DE02500105170137075030", mandate="M-1", creditor_id="DE98ZZZ09999999999")
    found = einvoice.terms(made.consolidated(payment=debit))
    assert (found["BT-89"], found["BT-90"], found["BT-91"]) == ("M-1", "DE98ZZZ09999999999", "DE02500105170137075030")
    assert "BT-84" not in found


def test_terms_of_one_day_name_the_day_and_of_a_period_the_place() -> None:
    assert einvoice.terms(made.per_order())["BT-72"] == "2026-10-10"
    month = einvoice.terms(made.consolidated())
    assert (month["BT-73"], month["BT-74"], month["BG-13"]["city"]) == ("2026-10-01", "2026-10-31", "Ascheffel")


def test_terms_name_a_payee_of_its_own() -> None:
    payee = replace(made.FARM, name="Erzeugerring Hütten", identifier="P-9")
    assert parsed(made.consolidated(payee=payee))["BG-10"]["name"] == "Erzeugerring Hütten"


@pytest.mark.parametrize("text", ["Käse & <Brot>", 'Tüte "groß"', "Senf\x0b\x00scharf", "Herz \U0001f49a", "]]>"])
def test_xml_survives_any_article_name(text: str) -> None:
    line = replace(made.per_order().lines[0], text=text)
    read = parsed(made.per_order(lines=(line,), charges=(), prepaid=Decimal("9.80")))["BG-25"][0]["BT-153"]
    assert read == text.replace("\x0b", "").replace("\x00", "")
