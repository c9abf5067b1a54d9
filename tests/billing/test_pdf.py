import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pikepdf
import pypdf
import pytest
import segno.helpers

from billing import einvoice, epc, pdf, zugferd
from billing.documents import Document, Payment, numbered
from marketplace.core import typesetting
from tests.billing.test_einvoice import ALL
from tests.factories import documents as made
from tests.factories import faces


def rendered(document: Document) -> bytes:
    """The document's file."""
    return pdf.render(document, einvoice.xml(einvoice.terms(document)), folder=faces.folder())


def text_of(file: bytes) -> str:
    """What a reader sees, with plain blanks and minus signs."""
    pages = pypdf.PdfReader(io.BytesIO(file)).pages
    return "\n".join(page.extract_text() for page in pages).replace("\u00a0", " ").replace("−", "-")


def german(amount: Decimal) -> str:
    """1234.5 as 1.234,50 €."""
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",").replace(" ", ".", f"{amount:,.2f}".count(","))


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_render_makes_a_clean_tagged_pdf_a(document: Document) -> None:
    assert zugferd.problems(rendered(document)) == []


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_render_attaches_the_xml_byte_for_byte(document: Document) -> None:
    xml = einvoice.xml(einvoice.terms(document))
    name = "xrechnung.xml" if document.leitweg_id else "factur-x.xml"
    assert zugferd.attachment(pdf.render(document, xml, folder=faces.folder())) == (name, xml)


@pytest.mark.parametrize("document", ALL.values(), ids=ALL)
def test_render_prints_the_totals_of_the_xml(document: Document) -> None:
    terms, text = einvoice.terms(document), text_of(rendered(document))
    for key in ("BT-109", "BT-110", "BT-112", "BT-115"):
        assert german(Decimal(terms[key])) in text
    for group in terms["BG-23"]:
        assert german(Decimal(group["BT-116"])) in text
    assert document.title in text
    assert all(line.text.split()[0] in text for line in document.lines)


def test_render_is_the_same_twice() -> None:
    assert rendered(made.consolidated()) == rendered(made.consolidated())


def test_render_tags_table_headers_and_language() -> None:
    with pikepdf.open(io.BytesIO(rendered(made.consolidated()))) as file:
        kinds = {str(item.S) for item in file.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item and "/P" in item}
        assert str(file.Root.Lang) == "de-DE"
    assert {"/Table", "/TH", "/TD", "/H1", "/Figure"} <= kinds


def test_render_groups_by_day_and_producer_and_numbers_pages() -> None:
    many = numbered(
        replace(line, producer=f"Hof {number}, Haby", delivered_on=date(2026, 10, 3 + 7 * (number % 4)))
        for number in range(12)
        for line in made.consolidated().lines
    )
    text = text_of(rendered(made.consolidated(lines=many)))
    headings = re.findall(r"Lieferung (\d\d\.10\.2026)\s+·\s+Hof (\d+), Haby", text)
    assert {("03.10.2026", "0"), ("24.10.2026", "3"), ("24.10.2026", "11")} <= set(headings)
    assert re.search(r"Seite 1 von [3-9]", text)
    assert re.search(r"Seite 3 von [3-9]", text)


def test_printed_qr_code_only_where_the_reader_pays_by_transfer() -> None:
    code = pdf.printed(made.consolidated())["qr"]
    assert len(code["dots"]) == code["side"] ** 2
    assert pdf.printed(made.self_billed())["qr"] is None
    assert pdf.printed(made.correction())["qr"] is None
    assert pdf.printed(made.consolidated(prepaid=Decimal("450.66")))["qr"] is None
    assert pdf.printed(made.consolidated(payment=Payment(code="10")))["qr"] is None


def test_qr_code_says_the_transfer_as_the_standard_wants_it() -> None:
    """The same as a library that tries all eight patterns, where it takes ours."""
    told: dict[str, Any] = {"name": "Höfe eG", "iban": "DE89370400440532013000", "text": "SR-2026-000123"}
    assert epc.payload(amount=Decimal("400.66"), **told).split("\n")[5:8] == [told["name"], told["iban"], "EUR400.66"]
    amounts = (Decimal(cents) / 100 for cents in range(10011, 10100) if cents % 10)
    theirs = ((amount, segno.helpers.make_epc_qr(amount=amount, encoding="utf-8", **told)) for amount in amounts)
    amount, found = next((amount, code) for amount, code in theirs if code.mask == epc.MASK)
    mine = epc.code(amount=amount, **told)
    assert mine is not None
    assert (mine.version, mine.error) == (found.version, found.error)
    assert epc.code(amount=Decimal(0), **told) is None
    assert epc.svg(amount=amount, title="Überweisung", **told).startswith(b"<?xml")


def test_printed_addresses_the_producer_of_a_self_billed_document() -> None:
    data = pdf.printed(made.self_billed())
    assert (data["recipient"][0], data["issuer"]["name"]) == (made.FARM.name, made.OPERATOR.name)


def test_printed_sums_lead_from_lines_to_what_is_due() -> None:
    rows = [(row["name"], row["amount"]) for row in pdf.printed(made.per_order())["sums"]]
    assert rows == [
        ("Summe der Positionen", Decimal("20.24")),
        ("Lieferung (7 % USt)", Decimal("2.68")),
        ("Lieferung (19 % USt)", Decimal("1.22")),
        ("Gesamtbetrag", Decimal("24.14")),
        ("darin Umsatzsteuer", Decimal("2.30")),
        ("Bereits gezahlt", Decimal("-24.14")),
        ("Noch zu zahlen", Decimal("0.00")),
    ]


@pytest.mark.parametrize("name", ["Käse & <b>", "#let x = 1", "*fett* _kursiv_ $x$ \\", "Herz \U0001f49a 中", "a" * 200])
def test_render_survives_any_article_name(name: str) -> None:
    lines = (replace(made.per_order().lines[0], text=name, producer=name), *made.per_order().lines[1:])
    assert zugferd.problems(rendered(made.per_order(lines=lines))) == []


def test_problems_sees_a_file_without_zugferd_data() -> None:
    bare = typesetting.render(
        pdf.TEMPLATE, pdf.printed(made.per_order()), folder=faces.folder(), made_at=datetime(2026, 10, 10, tzinfo=UTC)
    )
    assert "XMP names another file than the one attached." in zugferd.problems(bare)
