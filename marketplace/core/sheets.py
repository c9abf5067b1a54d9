"""Decides what the papers of a round hold: pick list, labels, tour sheet and delivery note, as plain values to be typeset.

Times are local. Quantities and prices are ``Decimal``, weights whole grams, distances whole metres; the templates format them
in German. A pick list names customers only by box code and first name: more a producer does not need.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from marketplace.core import typesetting


@dataclass(frozen=True, kw_only=True)
class PickArticle:
    """One article over all boxes; ``weighed`` asks for the real weight, ``expected_grams`` (0 = unknown) is for all of it."""

    name: str
    unit: str
    quantity: Decimal
    cold: bool = False
    weighed: bool = False
    expected_grams: int = 0
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PickBox:
    """What goes into one customer's box."""

    code: str
    first_name: str
    articles: tuple[PickArticle, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class PickList:
    """One producer's goods for one round; ``ready_at`` is when they are collected."""

    region: str
    producer: str
    round_on: date
    handover: str
    ready_at: datetime | None
    totals: tuple[PickArticle, ...]
    boxes: tuple[PickBox, ...]
    contact: str = ""


@dataclass(frozen=True, kw_only=True)
class Label:
    """What is stuck on a box: the customer's ``code``, the ``box``'s own letters and ``qr`` (SVG); ``number`` of ``count``."""

    code: str
    first_name: str
    box: str
    qr: str
    number: int
    count: int
    cold: bool = False
    frozen: bool = False
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Labels:
    """A producer's labels for one round; ``roll``: one a page, 62 mm wide, else on sheets of 3 × 8."""

    producer: str
    round_on: date
    labels: tuple[Label, ...]
    roll: bool = False


@dataclass(frozen=True, kw_only=True)
class TourStop:
    """One halt. ``kind`` is collect, pickup or deliver; ``age_check`` the age from which goods may be handed over (0 = any)."""

    position: int
    at: datetime
    kind: str
    name: str
    address: str
    code: str = ""
    phone: str = ""
    crates: int = 0
    cold_crates: int = 0
    window: str = ""
    age_check: int = 0
    to_collect: Decimal | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class TourSheet:
    """One vehicle's route in a round; ``length`` in metres, ``trip`` of its day, ``break_at`` when the driver rests in it."""

    region: str
    name: str
    round_on: date
    vehicle: str
    driver: str
    starts_at: datetime
    ends_at: datetime
    length: int
    stops: tuple[TourStop, ...]
    contact: str = ""
    trip: int = 1
    break_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class DeliveryLine:
    """One article handed over; ``ordered`` differs from ``quantity`` when something is missing; ``amount`` is gross."""

    name: str
    unit: str
    quantity: Decimal
    ordered: Decimal
    producer: str
    amount: Decimal | None = None
    batch: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DeliveryNote:
    """What one customer was handed on one day; not an invoice. Of a gift it names the ``giver`` and what he says."""

    region: str
    number: str
    round_on: date
    customer: tuple[str, ...]
    code: str
    place: str
    lines: tuple[DeliveryLine, ...]
    crates: int = 0
    cold_crates: int = 0
    contact: str = ""
    note: str = ""
    greeting: str = ""
    giver: str = ""


def pick_list(sheet: PickList, *, folder: Path, made_at: datetime) -> bytes:
    """The producer's paper as PDF; ``folder`` holds the font cuts."""
    return typesetting.render(typesetting.TEMPLATES / "picklist.typ", sheet, folder=folder, made_at=made_at)


def labels(sheet: Labels, *, folder: Path, made_at: datetime) -> bytes:
    """The labels of a producer's boxes as PDF."""
    return typesetting.render(typesetting.TEMPLATES / "labels.typ", sheet, folder=folder, made_at=made_at)


def tour_sheet(sheet: TourSheet, *, folder: Path, made_at: datetime) -> bytes:
    """The driver's paper as PDF."""
    return typesetting.render(typesetting.TEMPLATES / "toursheet.typ", sheet, folder=folder, made_at=made_at)


def delivery_note(sheet: DeliveryNote, *, folder: Path, made_at: datetime) -> bytes:
    """The paper in the customer's box as PDF."""
    return typesetting.render(typesetting.TEMPLATES / "deliverynote.typ", sheet, folder=folder, made_at=made_at)
