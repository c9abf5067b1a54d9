import io
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pikepdf
import pypdf
import pytest

from marketplace.core import sheets
from marketplace.core.sheets import DeliveryLine, DeliveryNote, PickArticle, PickBox, PickList, TourSheet, TourStop
from tests.factories import faces

NOW = datetime(2026, 11, 26, 17, 5, tzinfo=UTC)
ON = date(2026, 11, 28)

PICK_LIST = PickList(
    region="Hüttener Berge",
    producer="Hof Wiesengrund",
    round_on=ON,
    handover="Abholung durch Fahrzeug 1",
    ready_at=datetime(2026, 11, 28, 7, 30),  # noqa: DTZ001 - printed as local time
    totals=(
        PickArticle(name="Ziegenkäse mild", unit="Stück", quantity=Decimal(18), cold=True),
        PickArticle(name="Rinderhüfte", unit="Stück", quantity=Decimal(7), cold=True, weighed=True, expected_grams=5600),
        PickArticle(name="Kartoffeln", unit="kg", quantity=Decimal("42.5"), note="gewaschen"),
    ),
    boxes=(
        PickBox(code="B11", first_name="Jette", articles=(PickArticle(name="Kartoffeln", unit="kg", quantity=Decimal("2.5")),)),
        PickBox(code="B12", first_name="Malte", note="Bitte kleine Kartoffeln", articles=()),
    ),
)
TOUR_SHEET = TourSheet(
    region="Hüttener Berge",
    name="Nord",
    round_on=ON,
    vehicle="RD-MR 101",
    driver="Malte Hansen",
    starts_at=datetime(2026, 11, 28, 7, 15),  # noqa: DTZ001 - printed as local time
    ends_at=datetime(2026, 11, 28, 12, 40),  # noqa: DTZ001 - printed as local time
    length=61_430,
    stops=(
        TourStop(
            position=1,
            at=datetime(2026, 11, 28, 10, 5),  # noqa: DTZ001 - printed as local time
            kind="deliver",
            name="Jette Petersen",
            address="Dorfstraße 12, 24361 Haby",
            code="B11",
            crates=2,
            cold_crates=1,
            age_check=18,
            to_collect=Decimal("1024.14"),
        ),
    ),
)
DELIVERY_NOTE = DeliveryNote(
    region="Hüttener Berge",
    number="LS-2026-1041",
    round_on=ON,
    customer=("Jette Petersen", "24361 Haby"),
    code="B11",
    place="Abholstelle Dorfladen",
    lines=(
        DeliveryLine(
            name="Holsteiner Cox", unit="kg", quantity=Decimal("1.284"), ordered=Decimal("1.2"), producer="Obsthof Seeblick"
        ),
        DeliveryLine(name="Brot", unit="Stück", quantity=Decimal(0), ordered=Decimal(1), producer="Backstube", amount=Decimal(0)),
    ),
)


@pytest.mark.parametrize(
    ("make", "sheet", "words"),
    [
        (sheets.pick_list, PICK_LIST, ["Samstag, 28.11.2026", "07:30 Uhr", "KÜHLEN", "42,5 kg", "etwa 5,6 kg", "B12", "Malte"]),
        (sheets.tour_sheet, TOUR_SHEET, ["61,4 km", "10:05", "AUSLIEFERN", "ab 18 Jahren", "1.024,14 €", "Seite 1 von 1"]),
        (sheets.delivery_note, DELIVERY_NOTE, ["LS-2026-1041", "1,284 kg", "0 Stück", "0,00 €", "keine Rechnung"]),
    ],
)
def test_sheet_prints_in_german_and_is_tagged(make: Callable[..., bytes], sheet: Any, words: list[str]) -> None:
    made = make(sheet, folder=faces.folder(), made_at=NOW)
    text = pypdf.PdfReader(io.BytesIO(made)).pages[0].extract_text().replace("\u00a0", " ")
    assert [word for word in words if word not in text] == []
    with pikepdf.open(io.BytesIO(made)) as file:
        assert "/StructTreeRoot" in file.Root


def test_pick_list_holds_forty_boxes() -> None:
    box = PickBox(code="B1", first_name="Jette", articles=PICK_LIST.totals)
    many = PickList(**{**vars(PICK_LIST), "boxes": (box,) * 40})
    made = sheets.pick_list(many, folder=faces.folder(), made_at=NOW)
    assert len(pypdf.PdfReader(io.BytesIO(made)).pages) > 2
