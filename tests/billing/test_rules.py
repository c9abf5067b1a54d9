import subprocess
import sys
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from lxml import etree

from billing import einvoice, rules, rules_worker
from billing.documents import Document, cancelled
from billing.rules import Finding, Flavour
from tests.billing.test_einvoice import ALL
from tests.factories import documents as made
from tests.factories.random_documents import documents


def written(document: Document) -> bytes:
    """The document's XML."""
    return einvoice.xml(einvoice.terms(document))


def flavour(document: Document) -> Flavour:
    """By whom it is judged."""
    return "xrechnung" if document.leitweg_id else "en16931"


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_check_passes_every_kind_of_document(document: Document) -> None:
    assert rules.check(written(document), flavour(document)) == []


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_check_passes_every_kind_of_document_in_ubl(document: Document) -> None:
    """Also as public buyers want it, where the document names a buyer's reference and how it is paid."""
    found = rules.check(einvoice.ubl(einvoice.terms(document)), "xrechnung_ubl" if document.leitweg_id else "en16931_ubl")
    assert found == []


def test_check_passes_ubl_for_public_buyers_and_rejects_mutations() -> None:
    public = made.public()
    for document in (public, made.correction(buyer=made.KITCHEN, leitweg_id=public.leitweg_id)):
        xml = einvoice.ubl(einvoice.terms(document))
        assert rules.check(xml, "xrechnung_ubl") == []
        assert rules.errors(rules.check(mutated(xml, "{*}LegalMonetaryTotal/{*}PayableAmount", "1.00"), "xrechnung_ubl"))
    unknown = einvoice.ubl(einvoice.terms(public)).replace(b"<cbc:ID>", b"<cbc:Surprise/><cbc:ID>", 1)
    assert "XSD" in {finding.rule for finding in rules.check(unknown, "xrechnung_ubl")}


@pytest.mark.parametrize("status", ["regular", "small", "flat"])
def test_check_passes_self_billing_as_xrechnung(status: str) -> None:
    document = made.self_billed(status, leitweg_id="04011000-1234512345-06")
    assert rules.check(written(document), "xrechnung") == []


def test_check_passes_cancellation_and_correction_as_xrechnung() -> None:
    public = made.public()
    for document in (
        cancelled(public, number="ST-9", issued_on=date(2026, 11, 3)),
        made.correction(buyer=made.KITCHEN, leitweg_id=public.leitweg_id),
    ):
        assert rules.check(written(document), "xrechnung") == []


MUTATIONS = {
    "wrong tax": ("BR-S-09", "{*}ApplicableHeaderTradeSettlement/{*}ApplicableTradeTax/{*}CalculatedAmount", "19.64"),
    "wrong sum of lines": ("BR-CO-10", "{*}SpecifiedTradeSettlementHeaderMonetarySummation/{*}LineTotalAmount", "398.10"),
    "wrong due": ("BR-CO-16", "{*}DuePayableAmount", "400.65"),
    "wrong gross": ("BR-CO-15", "{*}GrandTotalAmount", "460.66"),
    "wrong base": ("BR-S-08", "{*}ApplicableTradeTax/{*}BasisAmount", "219.21"),
    "unknown unit": ("BR-CL-23", "{*}BilledQuantity/@unitCode", "KILO"),
    "unknown VAT category": ("BR-CL-1", "{*}CategoryCode", "Q"),
    "VAT id without country": ("BR-CO-09", "{*}SpecifiedTaxRegistration/{*}ID[@schemeID='VA']", "136695976"),
    "negative price": ("BR-27", "{*}NetPriceProductTradePrice/{*}ChargeAmount", "-1.2056"),
    "third decimal": ("BR-DEC-", "{*}GrandTotalAmount", "450.661"),
    "period reversed": ("BR-29", "{*}ApplicableHeaderTradeSettlement/{*}BillingSpecifiedPeriod/{*}EndDateTime/*", "20260930"),
    "line period reversed": ("BR-30", "{*}SpecifiedLineTradeSettlement/{*}BillingSpecifiedPeriod/{*}EndDateTime/*", "20260930"),
    "unknown currency": ("BR-CL-04", "{*}InvoiceCurrencyCode", "EUX"),
    "no number": ("BR-02", "{*}ExchangedDocument/{*}ID", ""),
    "unknown country": ("BR-CL-14", "{*}SellerTradeParty/{*}PostalTradeAddress/{*}CountryID", "XX"),
    "no seller name": ("BR-06", "{*}SellerTradeParty/{*}Name", ""),
}


def mutated(xml: bytes, path: str, value: str) -> bytes:
    """The XML with the first element (or attribute) on ``path`` changed."""
    root = etree.fromstring(xml)
    path, _, attribute = path.partition("/@")
    element = root.find(".//" + path)
    assert element is not None
    if attribute:
        element.set(attribute, value)
    else:
        element.text = value
    return etree.tostring(root)


@pytest.mark.parametrize(("rule", "path", "value"), MUTATIONS.values(), ids=MUTATIONS)
def test_check_rejects_mutations(rule: str, path: str, value: str) -> None:
    found = rules.errors(rules.check(mutated(written(made.consolidated()), path, value), "en16931"))
    assert any(finding.rule.startswith(rule) for finding in found), found


@pytest.mark.parametrize(
    ("rule", "path", "value"),
    [
        ("BR-DE-17", "{*}ExchangedDocument/{*}TypeCode", "386"),
        ("BR-DE-19", "{*}PayeePartyCreditorFinancialAccount/{*}IBANID", "DE89370400440532013001"),
        ("BR-DE-15", "{*}BuyerReference", ""),
        ("BR-DE-27", "{*}SellerTradeParty/{*}DefinedTradeContact/{*}TelephoneUniversalCommunication/{*}CompleteNumber", "12"),
    ],
)
def test_check_rejects_mutations_of_xrechnung(rule: str, path: str, value: str) -> None:
    found = rules.check(mutated(written(made.public()), path, value), "xrechnung")
    assert any(finding.rule == rule for finding in found), found
    assert rule == "BR-DE-27" or rule in {finding.rule for finding in rules.errors(found)}


def test_check_rejects_a_producer_without_contact_as_xrechnung() -> None:
    document = made.self_billed(seller=replace(made.FARM, contact=""), leitweg_id="04011000-1234512345-06")
    assert "BR-DE-2" in {finding.rule for finding in rules.errors(rules.check(written(document), "xrechnung"))}


@pytest.mark.parametrize(
    ("xml", "rule"),
    [
        (b"", "XML"),
        (b"<half", "XML"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>', "XML"),
        (b"<html/>", "RULES"),
    ],
)
def test_check_finds_what_is_no_invoice(xml: bytes, rule: str) -> None:
    found = rules.check(xml, "en16931")
    assert rule in {finding.rule for finding in rules.errors(found)}


def test_check_finds_elements_the_schema_does_not_know() -> None:
    xml = written(made.consolidated()).replace(b"<ram:DuePayableAmount>", b"<ram:Surprise/><ram:DuePayableAmount>")
    assert "XSD" in {finding.rule for finding in rules.check(xml, "en16931")}


def test_errors_leaves_warnings_out() -> None:
    assert rules.errors([Finding("A", "warning", ""), Finding("B", "fatal", "")]) == [Finding("B", "fatal", "")]


def test_checker_replaces_a_worker_that_died() -> None:
    checker = rules.RuleChecker()
    xml = written(made.per_order())
    assert checker.check(xml, "en16931") == []
    assert checker._worker is not None
    checker._worker.kill()
    assert checker.check(xml, "en16931") == []
    checker.close()


def test_checker_serves_threads_one_after_the_other() -> None:
    xml, found = written(made.per_order()), []
    threads = [threading.Thread(target=lambda: found.append(rules.check(xml, "en16931"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[]] * 4


DAEMON = """
import multiprocessing, sys
from billing import rules
def child(queue):
    queue.put(len(rules.check(b"<half", "en16931")))
if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=child, args=(queue,), daemon=True)
    process.start()
    print(queue.get(timeout=60))
    process.join()
"""


def test_checker_works_inside_a_daemonic_process() -> None:
    done = subprocess.run([sys.executable, "-c", DAEMON], capture_output=True, cwd=rules._ROOT, check=True, text=True)
    assert done.stdout.strip() == "1"


def test_trusted_refuses_a_changed_rule_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "EN16931-CII-validation.xsl").write_bytes(b"<anything-goes/>")
    monkeypatch.setattr(rules_worker, "_path", lambda name: tmp_path / name)
    with pytest.raises(rules_worker.RuleSetChanged):
        rules_worker.trusted("EN16931-CII-validation.xsl")


@settings(max_examples=25, deadline=None)
@given(documents())
def test_check_passes_random_documents(document: Document) -> None:
    assert rules.check(written(document), "en16931") == []


@settings(max_examples=10, deadline=None)
@given(documents())
def test_check_passes_random_cancellations(document: Document) -> None:
    assert rules.check(written(cancelled(document, number="ST-1", issued_on=date(2026, 11, 3))), "en16931") == []
