"""Writes the report on sellers in the OECD's XML for platform operators (DPI, version 1.0), as the tax office takes it.

Built by the published structure; the official schema is not part of the house, so the file has to be checked by the tax office's
own tool before it is sent.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from xml.etree import ElementTree as Tree

from billing.seller_reports import QUARTERS, Report
from marketplace.regions.models import Region

DPI, STF = "urn:oecd:ties:dpi:v1", "urn:oecd:ties:dpistf:v1"
COUNTRY = "DE"


def write(*, region: Region, year: int, reports: list[Report], made_at: datetime) -> bytes:
    """The file of a region's operator for a year; only sellers that are reported."""
    Tree.register_namespace("dpi", DPI)
    Tree.register_namespace("stf", STF)
    root = Tree.Element(f"{{{DPI}}}DPI_OECD", {"version": "1.0"})
    told = [report for report in reports if report.is_reported]
    message = f"{COUNTRY}{year}{COUNTRY}{region.slug}-{made_at:%Y%m%d%H%M%S}"
    spec = _in(root, "MessageSpec")
    _in(spec, "SendingEntityIN", region.vat_id)
    _in(spec, "TransmittingCountry", COUNTRY)
    _in(spec, "ReceivingCountry", COUNTRY)
    _in(spec, "MessageType", "DPI")
    _in(spec, "MessageRefId", message)
    _in(spec, "MessageTypeIndic", "DPI401" if told else "DPI403")
    _in(spec, "ReportingPeriod", date(year, 12, 31).isoformat())
    _in(spec, "Timestamp", made_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"))
    body = _in(root, "DPIBody")
    _operator(body, region, message)
    for number, report in enumerate(told, 1):
        _seller(body, report, f"{message}-{number}")
    Tree.indent(root)
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + Tree.tostring(root, encoding="unicode").encode() + b"\n"


def _in(parent: Tree.Element, name: str, text: str | None = None, **attributes: str) -> Tree.Element:
    found = Tree.SubElement(parent, f"{{{DPI}}}{name}", attributes)
    found.text = text
    return found


def _operator(body: Tree.Element, region: Region, message: str) -> None:
    operator = _in(body, "PlatformOperator")
    _in(operator, "ResCountryCode", COUNTRY)
    _in(operator, "TIN", region.tax_number or region.vat_id, issuedBy=COUNTRY)
    _in(operator, "VAT", region.vat_id)
    _in(operator, "Name", region.legal_name)
    _in(operator, "PlatformBusinessName", region.name)
    _address(operator, region.street, region.postal_code, region.city)
    _in(operator, "Nexus", "RPONEX1")
    _in(operator, "AssumedReporting", "false")
    _doc_spec(operator, f"{message}-0")


def _seller(body: Tree.Element, report: Report, reference: str) -> None:
    partner, facts = report.seller.partner, report.seller.facts
    seller = _in(body, "ReportableSeller")
    kind, ident = ("IndividualSeller", "IndSellerID") if facts.is_person else ("EntitySeller", "EntSellerID")
    standard = _in(_in(_in(seller, "Identity"), kind), "Standard")
    party = _in(standard, ident)
    _in(party, "ResCountryCode", COUNTRY)
    tin = facts.tin or ("" if facts.is_person else partner.tax_number)
    _in(party, "TIN", tin or "NOTIN", **({"issuedBy": COUNTRY} if tin else {"unknown": "true"}))
    if not facts.is_person and (facts.register_number or partner.register_entry):
        _in(party, "IN", facts.register_number or partner.register_entry, issuedBy=COUNTRY, INType="BRN")
    if partner.vat_id:
        _in(party, "VAT", partner.vat_id)
    if facts.is_person:
        name = _in(party, "Name")
        _in(name, "FirstName", partner.contact_first_name)
        _in(name, "LastName", partner.contact_last_name)
    else:
        _in(party, "Name", str(partner.name))
    _address(party, partner.street, partner.postal_code, partner.city)
    if facts.is_person and facts.birth_date is not None:
        _in(_in(party, "BirthInfo"), "BirthDate", facts.birth_date.isoformat())
    if partner.iban:
        account = _in(standard, "FinancialIdentifier")
        _in(account, "Identifier", partner.iban.replace(" ", ""), AccountNumberType="IBAN")
    activities = _in(_in(seller, "RelevantActivities"), "PersonalServices" if report.is_service else "SaleOfGoods")
    _figures(activities, report)
    _doc_spec(seller, reference)


def _address(party: Tree.Element, street: str, postal_code: str, city: str) -> None:
    address = _in(party, "Address", legalAddressType="OECD304")
    _in(address, "CountryCode", COUNTRY)
    fixed = _in(address, "AddressFix")
    _in(fixed, "Street", street)
    _in(fixed, "PostCode", postal_code)
    _in(fixed, "City", city)


def _figures(activities: Tree.Element, report: Report) -> None:
    """Amounts in whole units, as the format wants them."""
    quarters = [report.quarters[number] for number in QUARTERS]
    for name, short, texts in (
        ("Consideration", "Cons", [whole(quarter.got) for quarter in quarters]),
        ("NumberOfActivities", "Numb", [str(quarter.sales) for quarter in quarters]),
        ("Fees", "Fees", [whole(quarter.fees) for quarter in quarters]),
        ("Taxes", "Tax", ["0" for _quarter in quarters]),
    ):
        block = _in(activities, name)
        currency = {} if short == "Numb" else {"currCode": "EUR"}
        for tag, text in _numbered(short, texts):
            _in(block, tag, text, **currency)


def _numbered(short: str, texts: list[str]) -> Iterator[tuple[str, str]]:
    for number, text in zip(QUARTERS, texts, strict=True):
        yield f"{short}Q{number}", text


def whole(amount: Decimal) -> str:
    """Euro as they are reported."""
    return str(int(amount.to_integral_value(ROUND_HALF_UP)))


def _doc_spec(parent: Tree.Element, reference: str) -> None:
    spec = _in(parent, "DocSpec")
    for name, text in (("DocTypeIndic", "OECD1"), ("DocRefId", reference)):
        Tree.SubElement(spec, f"{{{STF}}}{name}").text = text
