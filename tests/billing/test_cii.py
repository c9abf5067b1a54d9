"""Our quick CII is letter by letter what the factur-x library writes, for every kind of document and for random ones."""

import copy
from dataclasses import replace
from typing import Any

import pytest
from facturx.generate_xml import generate_xml
from hypothesis import given, settings
from lxml import etree

from billing import cii, einvoice
from billing.documents import Document, Payment
from tests.billing.test_einvoice import ALL
from tests.factories import documents as made
from tests.factories.random_documents import documents

NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
DEBIT = Payment(code="59", iban="DE02500105170137075030", mandate="M-1", creditor_id="DE98ZZZ09999999999")
FULL = made.public(
    payment=DEBIT,
    payee=replace(made.FARM, identifier="P-9"),
    delivered_to=made.HOUSEHOLD,
    replaces=("RE-1", made.FIRST),
    intro='Käse & <Brot>, "heute"\r\nund ]]> morgen',
)


def by_the_library(snapshot: dict[str, Any]) -> bytes:
    """The same terms; what the library does otherwise is put right: an empty delivery marked as nil, blanks, its name for us."""
    data = copy.deepcopy(snapshot) | {"BT-24": einvoice.EN16931}
    for party in einvoice.PARTIES & data.keys():
        data[party]["identifiers"] = dict(zip([None], data[party].get("identifiers", {}).values(), strict=False))
    written = generate_xml(data, flavor="factur-x", level="en16931", check_xsd=False, check_schematron=False)
    root = etree.fromstring(written, etree.XMLParser(remove_blank_text=True))
    for element in root.iter("{*}ApplicableHeaderTradeDelivery"):
        etree.strip_attributes(element, NIL)
    named = root.find("{*}ExchangedDocumentContext/{*}GuidelineSpecifiedDocumentContextParameter/{*}ID")
    assert named is not None
    named.text = snapshot["BT-24"]
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


@pytest.mark.parametrize("document", [*ALL.values(), FULL], ids=[*ALL, "full"])
def test_write_is_what_the_library_writes(document: Document) -> None:
    terms = einvoice.terms(document)
    assert cii.write(terms) == by_the_library(terms)


@settings(max_examples=60, deadline=None)
@given(documents())
def test_write_is_what_the_library_writes_of_random_documents(document: Document) -> None:
    terms = einvoice.terms(document)
    assert cii.write(terms) == by_the_library(terms)
