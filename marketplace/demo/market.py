"""The invented market of the demo as frozen values: what a region, a producer, an article, a customer and a round plan hold.

Money is euro as Decimal including VAT, weights are whole grams, volumes whole millilitres, positions WGS 84 degrees, months 1 to
12, weekdays ISO (Monday 1). Dates are never stored: validity is a number of days from the day on which the market is played.
"""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Literal

from marketplace.demo.tales import Event, Home, Story

SalesUnit = Literal["piece", "bunch", "bottle", "jar", "pack", "kg", "litre", "box", "hundred_grams", "service"]
Storage = Literal["ambient", "cool", "frozen"]
CustomerKind = Literal["household", "restaurant", "cafe", "daycare", "retirement_home"]


@dataclass(frozen=True, kw_only=True)
class Municipality:
    name: str
    postal_codes: tuple[str, ...]
    lat: float
    lon: float
    population: int | None = None


@dataclass(frozen=True, kw_only=True)
class Operator:
    """The seller of record of a region."""

    name: str
    street: str
    postal_code: str
    city: str
    register_court: str
    register_number: str
    represented_by: str
    vat_id: str
    tax_number: str
    iban: str
    bank: str
    creditor_id: str
    phone: str
    email: str
    invoice_email: str
    organic_code: str
    organic_valid_until_days: int


@dataclass(frozen=True, kw_only=True)
class Hub:
    name: str
    street: str
    postal_code: str
    city: str
    lat: float
    lon: float
    opens: time
    closes: time
    cold_storage: bool


@dataclass(frozen=True, kw_only=True)
class Region:
    slug: str
    name: str
    short_name: str
    intro: str
    operator: Operator
    hub: Hub
    municipalities: tuple[Municipality, ...]


@dataclass(frozen=True, kw_only=True)
class Producer:
    """A firm that sells through the market; `commission_rate` is percent, `collect_window` is local time on the delivery day."""

    slug: str
    name: str
    kind: Literal["producer", "retailer", "craft", "service"]
    region: str
    municipality: str
    street: str
    postal_code: str
    city: str
    lat: float
    lon: float
    contact_first: str
    contact_last: str
    email: str
    phone: str
    vat_status: Literal["regular", "small", "flat_rate"]
    vat_id: str = ""
    tax_number: str = ""
    iban: str
    bank: str
    legal_form: str
    commission_rate: Decimal
    self_billing: bool = True
    organic_code: str = ""
    organic_valid_until_days: int | None = None
    certificates: tuple[str, ...] = ()
    short: str
    story: str
    opening: str
    motif: str
    brings_to_hub: bool = False
    minimum_round: Decimal = Decimal(0)
    collect_window: tuple[time, ...]


@dataclass(frozen=True, kw_only=True)
class Category:
    slug: str
    name: str
    description: str
    motif: str
    scene: str
    #: what usually keeps a customer from withdrawing from goods of this shelf
    withdrawal_ground: Literal["", "perishable", "made_to_order", "sealed"] = ""


@dataclass(frozen=True, kw_only=True)
class Article:
    """Goods or a service. `price` is per sales unit; catch weight has `price_per_kg` instead, and is ordered by the piece.

    `net_content` is what one sales unit holds, in `net_unit`; `stock` is the number on sale (per round, or in all when limited).
    """

    slug: str
    producer: str
    title: str
    category: str
    kind: Literal["goods", "service"]
    sales_unit: SalesUnit
    price: Decimal | None = None
    net_content: int = 0
    net_unit: Literal["g", "ml", "none"] = "none"
    catch_weight: bool = False
    expected_weight_g: int | None = None
    tolerance_percent: int | None = None
    price_per_kg: Decimal | None = None
    vat_category: Literal["reduced", "standard"]
    deposit: Decimal = Decimal("0.00")
    organic: bool = False
    age_limit: Literal[16, 18] | None = None
    alcohol_percent: Decimal | None = None
    season_months: tuple[int, ...] = ()
    lead_time_days: int
    allergens: tuple[str, ...] = ()
    diet: Literal["", "vegetarian", "vegan"] = ""
    labels: tuple[str, ...] = ()
    ingredients: str = ""
    origin: str = ""
    storage: Storage
    stock_kind: Literal["made_to_order", "limited", "per_round"]
    stock: int | None = None
    volume_ml: int
    minimum_quantity: int = 1
    motif: str
    variant: int
    description: str

    def base_price(self) -> Decimal | None:
        """Euro per kilogram or litre, unrounded, deposit left out (PAngV § 4); None when the article is not sold by content."""
        if self.price_per_kg is not None:
            return self.price_per_kg
        if self.price is None or not self.net_content:
            return None
        return self.price * 1000 / self.net_content

    def in_season(self, *, month: int) -> bool:
        """Whether it is to be had in this month (1 to 12); no months means all year."""
        return not self.season_months or month in self.season_months


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Monthly account of a business customer."""

    billing: Literal["monthly"]
    payment: Literal["sepa_debit", "transfer"]
    payment_days: int
    credit_limit: Decimal
    invoice_format: Literal["zugferd", "xrechnung"]
    iban: str = ""
    mandate_reference: str = ""
    vat_id: str = ""
    leitweg_id: str = ""
    buyer_reference: str = ""


@dataclass(frozen=True, kw_only=True)
class Customer:
    """`likes` weighs category slugs; `basket_lines` and `basket_value` (euro) are a usual order of those a month."""

    slug: str
    kind: CustomerKind
    region: str
    company: str = ""
    first_name: str
    last_name: str
    street: str
    municipality: str
    postal_code: str
    city: str
    lat: float
    lon: float
    email: str
    phone: str
    guest: bool = False
    delivery: Literal["home", "pickup"]
    pickup_point: str = ""
    profile: str
    likes: dict[str, int]
    basket_lines: int
    basket_value: Decimal
    orders_per_month: int
    terms: Terms | None = None


@dataclass(frozen=True, kw_only=True)
class PickupPoint:
    slug: str
    region: str
    municipality: str
    name: str
    street: str
    postal_code: str
    city: str
    lat: float
    lon: float
    opening: str
    cold_storage: bool
    capacity_orders: int
    capacity_crates: int
    access_note: str


@dataclass(frozen=True, kw_only=True)
class Driver:
    slug: str
    region: str
    first_name: str
    last_name: str
    email: str
    phone: str
    vehicle: str


@dataclass(frozen=True, kw_only=True)
class Vehicle:
    slug: str
    region: str
    name: str
    kind: Literal["van", "car", "cargo_bike"]
    profile: Literal["car", "bike"]
    registration: str = ""
    capacity_crates: int
    cold_crates: int
    shift: tuple[time, ...]
    cost_per_km: Decimal
    start: str
    start_lat: float
    start_lon: float


@dataclass(frozen=True, kw_only=True)
class Window:
    starts: time
    ends: time
    capacity_stops: int
    capacity_crates: int


@dataclass(frozen=True, kw_only=True)
class PickupWindow:
    point: str
    starts: time
    ends: time
    fee: Decimal


@dataclass(frozen=True, kw_only=True)
class Area:
    """Villages of a round plan with a fee on top of the window's; `free_from` 0 is never."""

    name: str
    municipalities: tuple[str, ...]
    fee: Decimal
    minimum: Decimal
    free_from: Decimal


@dataclass(frozen=True, kw_only=True)
class RoundRule:
    """`cutoff_hours_before` counts back from 00:00 local time of the delivery day; no municipalities means all of the region."""

    slug: str
    region: str
    name: str
    frequency: Literal["weekly", "fortnightly"]
    weekday: int
    cutoff_hours_before: int
    opens_days_before: int
    order_until: str
    fee_home: Decimal
    minimum_order: Decimal
    municipalities: tuple[str, ...] = ()
    windows: tuple[Window, ...]
    pickup_windows: tuple[PickupWindow, ...]
    areas: tuple[Area, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Page:
    """A fixed page; `body` has paragraphs between empty lines, "## " headings and "- " items, and names to fill in."""

    slug: str
    title: str
    motif: str = ""  # legal pages have no picture
    lead: str
    body: str

    def body_for(self, *, operator: Operator) -> str:
        """The text with the names of the region's operator in it."""
        return self.body.format(
            operator=operator.name,
            street=operator.street,
            place=f"{operator.postal_code} {operator.city}",
            represented_by=operator.represented_by,
            phone=operator.phone,
            email=operator.email,
            register=f"{operator.register_number}, {operator.register_court}",
            vat_id=operator.vat_id,
            organic_code=operator.organic_code,
        )


@dataclass(frozen=True, kw_only=True)
class Motifs:
    articles: tuple[str, ...]
    scenes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Market:
    regions: tuple[Region, ...]
    motifs: Motifs
    categories: tuple[Category, ...]
    producers: tuple[Producer, ...]
    articles: tuple[Article, ...]
    customers: tuple[Customer, ...]
    crate_volume_ml: int
    grace_minutes: int
    pickup_points: tuple[PickupPoint, ...]
    drivers: tuple[Driver, ...]
    vehicles: tuple[Vehicle, ...]
    round_rules: tuple[RoundRule, ...]
    pages: tuple[Page, ...]
    stories: tuple[Story, ...]
    events: tuple[Event, ...]
    homes: tuple[Home, ...]
