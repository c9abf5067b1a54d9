"""Billing documents for tests: plain invented people, farms and goods around real villages."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from billing.documents import (
    FLAT_RATE_NOTE,
    SELF_BILLING_NOTE,
    Allowance,
    Charge,
    DocLine,
    Document,
    Party,
    Payment,
    TypeCode,
    VatCategory,
    numbered,
)
from marketplace.core import money, vat

OPERATOR = Party(
    name="Marktrunde Hüttener Berge eG",
    street="Schulstraße 36",
    postal_code="24361",
    city="Groß Wittensee",
    vat_id="DE136695976",
    tax_number="20/295/12340",
    email="rechnung@marktrunde.example",
    phone="+49 4356 99490",
    contact="Buchhaltung",
    legal_note="Genossenschaftsregister AG Kiel GnR 123; Vorstand: Ada Beispiel",
)
RESTAURANT = Party(
    name="Gasthaus Zur Linde GmbH",
    street="Lindenweg 5",
    postal_code="24358",
    city="Ascheffel",
    vat_id="DE129273398",
    email="linde@gasthaus.example",
    identifier="K-10023",
)
HOUSEHOLD = Party(name="Jette Petersen", street="Dorfstraße 12", postal_code="24361", city="Haby", identifier="K-20417")
KITCHEN = replace(RESTAURANT, name="Amt Hüttener Berge, Kita-Küche", street="Schulstraße 2", vat_id="", email="kita@amt.example")
FARM = Party(
    name="Hof Wiesengrund GbR",
    street="Feldweg 3",
    postal_code="24358",
    city="Ascheffel",
    tax_number="20/150/54321",
    email="hof@wiesengrund.example",
    phone="+49 4353 9876",
    contact="Jana Ahrens",
    identifier="P-017",
)
OPERATOR_TRANSFER = Payment(code="58", iban="DE89370400440532013000", account_holder=OPERATOR.name)
FARM_TRANSFER = Payment(code="58", iban="DE02120300000000202051", account_holder=FARM.name)
FIRST, SECOND = date(2026, 10, 10), date(2026, 10, 24)


def line(position: int, text: str, quantity: str, unit: str, gross: str, rate: str = "7", **more: Any) -> DocLine:
    """A gross line; ``unit`` is the German label."""
    return DocLine(
        position=position,
        text=text,
        quantity=Decimal(quantity),
        unit_code=UNITS[unit],
        unit_label=unit,
        gross=Decimal(gross),
        vat_rate=Decimal(rate),
        **({"delivered_on": FIRST} | more),
    )


UNITS = {"kg": "KGM", "l": "LTR", "Stück": "H87", "Std.": "HUR", "Kiste": "XBO", "Flasche": "XBO"}


def consolidated(**more: Any) -> Document:
    """A restaurant's month: five producers, two rounds, weights, deposits out and back, a fee and a discount split by VAT."""
    farm = {"producer": "Hof Wiesengrund, Ascheffel", "delivery_note": "LS-2026-1041"}
    organic = {"producer": "Biohof Krause, Haby", "organic_code": "DE-ÖKO-006", "delivery_note": "LS-2026-1041"}
    later = {"delivered_on": SECOND, "delivery_note": "LS-2026-1112"}
    press = {"producer": "Mosterei Seeblick, Bistensee", **later}
    lines = (
        line(1, "Kartoffeln festkochend", "25.000", "kg", "32.25", sku="A-100", **farm),
        line(2, "Rinderhüfte, gewogen", "3.482", "kg", "81.79", sku="A-210", batch="L26-1006", **farm),
        line(3, "Bio-Eier Größe M", "120", "Stück", "39.60", sku="B-011", **organic),
        line(4, "Bio-Frischmilch 3,8 %", "40", "l", "51.60", sku="B-050", **organic),
        line(5, "Bio-Möhren mit Grün, gewaschen und gebündelt", "7.315", "kg", "18.21", sku="B-090", **organic),
        line(6, "Apfelsaft naturtrüb 1 l", "24", "Flasche", "47.04", "19", sku="C-005", **press),
        line(7, "Pfand Mehrwegflasche 0,15 €", "24", "Stück", "3.60", "19", kind="deposit", sku="PF-015", **press),
        line(8, "Pfandrücknahme Mehrwegflasche 0,15 €", "-18", "Stück", "-2.70", "19", kind="deposit", sku="PF-015", **press),
        line(
            9,
            "Keramikschale, handgedreht",
            "6",
            "Stück",
            "103.50",
            "19",
            sku="T-777",
            producer="Töpferei Ton & Feuer, Owschlag",
            **later,
        ),
        line(10, "Messer schärfen", "1.5", "Std.", "74.97", "19", sku="S-001", producer="Schmiede Amboss, Brekendorf", **later),
    )
    bases = {Decimal(7): Decimal("223.45"), Decimal(19): Decimal("225.51")}
    document = Document(
        type_code=TypeCode.INVOICE,
        number="SR-2026-000123",
        issued_on=date(2026, 10, 31),
        due_on=date(2026, 11, 14),
        seller=OPERATOR,
        buyer=RESTAURANT,
        period=(date(2026, 10, 1), date(2026, 10, 31)),
        lines=numbered(lines),
        allowances=tuple(
            Allowance(reason="Treuerabatt Oktober", reason_code="95", amount=part.gross, vat_rate=rate)
            for rate, part in vat.split_fee_by_rate(Decimal("11.00"), bases).items()
        ),
        charges=tuple(
            Charge(reason="Lieferpauschale", reason_code="FC", amount=part.gross, vat_rate=rate)
            for rate, part in vat.split_fee_by_rate(Decimal("11.80"), bases).items()
        ),
        prepaid=Decimal("50.00"),
        payment=OPERATOR_TRANSFER,
        notes=(
            "Verkauf durch die Marktrunde Hüttener Berge eG im eigenen Namen (Kommission). "
            "Das Leistungsdatum jeder Position ist der Tag ihrer Lieferung.",
        ),
        terms="Zahlbar bis 14.11.2026 ohne Abzug.",
        shows_net=True,
    )
    return replace(document, **more)


def per_order(**more: Any) -> Document:
    """A household's order, paid at the door."""
    document = Document(
        type_code=TypeCode.INVOICE,
        number="R-2026-004711",
        issued_on=FIRST,
        seller=OPERATOR,
        buyer=HOUSEHOLD,
        lines=numbered(
            (
                line(1, "Ziegenkäse mild", "2", "Stück", "9.80", producer="Hof Wiesengrund, Ascheffel"),
                line(2, "Holsteiner Cox", "1.284", "kg", "4.11", producer="Obsthof Seeblick, Bistensee"),
                line(3, "Apfelsaft naturtrüb 1 l", "3", "Flasche", "5.88", "19", producer="Mosterei Seeblick, Bistensee"),
                line(
                    4,
                    "Pfand Mehrwegflasche 0,15 €",
                    "3",
                    "Stück",
                    "0.45",
                    "19",
                    kind="deposit",
                    producer="Mosterei Seeblick, Bistensee",
                ),
            )
        ),
        charges=(
            Charge(reason="Lieferung", reason_code="FC", amount=Decimal("2.68"), vat_rate=Decimal(7)),
            Charge(reason="Lieferung", reason_code="FC", amount=Decimal("1.22"), vat_rate=Decimal(19)),
        ),
        prepaid=Decimal("24.14"),
        payment=Payment(code="10"),
        terms="Betrag dankend bei Übergabe erhalten.",
    )
    return replace(document, **more)


def self_billed(status: str = "regular", **more: Any) -> Document:
    """A producer's settlement; ``status`` is regular, small (§ 19) or flat (§ 24)."""
    rate, category = {"regular": ("7", "S"), "small": ("0", "E"), "flat": ("7.8", "S")}[status]
    goods = [
        ("Kartoffeln festkochend", "25.000", "30.00"),
        ("Rinderhüfte, gewogen", "3.482", "76.26"),
        ("Bundmöhren", "17", "33.15"),
    ]
    category_code: VatCategory = "E" if category == "E" else "S"
    lines = tuple(
        DocLine(
            position=number,
            text=text,
            quantity=Decimal(quantity),
            unit_code="KGM" if "." in quantity else "H87",
            unit_label="kg" if "." in quantity else "Bund",
            net=Decimal(net),
            vat_rate=Decimal(rate),
            vat_category=category_code,
            delivered_on=(FIRST, SECOND)[number % 2],
            delivery_note="LS-2026-1041",
        )
        for number, (text, quantity, net) in enumerate(goods, 1)
    )
    base = sum((item.amount for item in lines), money.ZERO)
    document = Document(
        type_code=TypeCode.SELF_BILLED,
        number="GS-2026-000045",
        issued_on=date(2026, 10, 31),
        due_on=date(2026, 11, 7),
        seller=FARM,
        buyer=OPERATOR,
        period=(date(2026, 10, 1), date(2026, 10, 31)),
        lines=numbered(lines),
        allowances=(
            Allowance(
                reason="Kommissionsprovision 18 %",
                amount=money.to_cents(base * 18 / 100),
                percent=Decimal(18),
                base=base,
                vat_rate=Decimal(rate),
                vat_category=category_code,
            ),
        ),
        payment=FARM_TRANSFER,
        terms="Auszahlung bis 07.11.2026.",
        notes=(SELF_BILLING_NOTE, FLAT_RATE_NOTE) if status == "flat" else (SELF_BILLING_NOTE,),
    )
    return replace(document, **more)


def correction(**more: Any) -> Document:
    """A complaint about five kilos of potatoes."""
    document = Document(
        type_code=TypeCode.CORRECTION,
        number="RK-2026-000007",
        issued_on=date(2026, 11, 5),
        seller=OPERATOR,
        buyer=RESTAURANT,
        lines=(line(1, "Kartoffeln festkochend, Reklamation", "5.000", "kg", "6.45", producer="Hof Wiesengrund, Ascheffel"),),
        payment=Payment(code="58", iban="DE02500105170137075030", account_holder=RESTAURANT.name),
        replaces=("SR-2026-000123", date(2026, 10, 31)),
        terms="Der Betrag wird erstattet.",
        shows_net=True,
    )
    return replace(document, **more)


def public(**more: Any) -> Document:
    """The same month for a public day-care kitchen: XRechnung."""
    return consolidated(**({"buyer": KITCHEN, "leitweg_id": "04011000-1234512345-06"} | more))
