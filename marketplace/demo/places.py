"""Lays out the regions: sites, villages, pickup points, vehicles and the rules by which rounds arise."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from urllib.parse import urlsplit

from django.utils.text import slugify
from wagtail.models import Site

from cms import setup
from logistics.models import PickupPoint, RoundRule, RuleArea, RuleWindow, Vehicle
from marketplace.demo import market as plan
from marketplace.demo.market import Market
from marketplace.regions.models import Municipality, Region
from marketplace.users.models import User

_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"})
#: how long before the first window of a round the goods have to be sorted
SORTED_BEFORE = timedelta(minutes=15)
FROZEN = {"van"}


def slug_of(name: str) -> str:
    """A name as part of an address: "Groß Wittensee" → "gross-wittensee"."""
    return slugify(name.translate(_LETTERS))


def lay_regions(*, market: Market, base_url: str, today: date) -> dict[str, Region]:
    """The regions by slug: the first one at the default site, each further one at a host of its own under localhost."""
    port = urlsplit(base_url).port or 80
    found = {}
    for number, region in enumerate(market.regions):
        host = "localhost" if number == 0 else f"{region.slug}.localhost"
        site = setup.open_site(name=region.short_name, hostname=host, port=port, is_default=number == 0)
        found[region.slug] = _region(region, site, today)
    return found


def lay_villages(*, market: Market, regions: Mapping[str, Region]) -> dict[tuple[str, str], Municipality]:
    """The municipalities by region's slug and name."""
    return {
        (region.slug, village.name): Municipality.objects.create(
            region=regions[region.slug],
            name=village.name,
            slug=slug_of(village.name),
            postal_codes=list(village.postal_codes),
            latitude=village.lat,
            longitude=village.lon,
        )
        for region in market.regions
        for village in region.municipalities
    }


def lay_pickup_points(
    *, market: Market, regions: Mapping[str, Region], villages: Mapping[tuple[str, str], Municipality]
) -> dict[str, PickupPoint]:
    """The pickup points by slug."""
    points = PickupPoint.objects.bulk_create(
        PickupPoint(
            region=regions[point.region],
            municipality=villages[point.region, point.municipality],
            name=point.name,
            slug=point.slug,
            street=point.street,
            postal_code=point.postal_code,
            city=point.city,
            latitude=point.lat,
            longitude=point.lon,
            opening_text=point.opening,
            access_note=point.access_note,
            cold_storage=point.cold_storage,
            capacity_orders=point.capacity_orders,
            capacity_crates=point.capacity_crates,
        )
        for point in market.pickup_points
    )
    return {point.slug: point for point in points}


def lay_vehicles(*, market: Market, regions: Mapping[str, Region], drivers: Mapping[str, User]) -> None:
    """The vehicles; `drivers` by the slug of the vehicle they usually drive."""
    profiles = {"van": Vehicle.Profile.VAN, "car": Vehicle.Profile.CAR, "cargo_bike": Vehicle.Profile.BIKE}
    Vehicle.objects.bulk_create(
        Vehicle(
            region=regions[vehicle.region],
            name=vehicle.name,
            profile=profiles[vehicle.kind],
            capacity_crates=vehicle.capacity_crates,
            capacity_cold=vehicle.cold_crates,
            carries_frozen=vehicle.kind in FROZEN,
            shift_starts=vehicle.shift[0],
            shift_ends=vehicle.shift[1],
            driver=drivers.get(vehicle.slug),
        )
        for vehicle in market.vehicles
    )


def lay_rules(
    *,
    market: Market,
    regions: Mapping[str, Region],
    villages: Mapping[tuple[str, str], Municipality],
    points: Mapping[str, PickupPoint],
    since: date,
) -> dict[str, RoundRule]:
    """The rules of the rounds by slug; the first round of each is the first of its weekday from `since` on."""
    rows = {rule.slug: _rule(rule, market, regions, points, since) for rule in market.round_rules}
    for rule in market.round_rules:
        for area in rule.areas:
            row = RuleArea.objects.create(
                rule=rows[rule.slug],
                name=area.name,
                fee=area.fee,
                minimum_order=area.minimum,
                free_from=area.free_from or None,
            )
            row.municipalities.set(villages[rule.region, name] for name in area.municipalities)
    return rows


def _rule(
    rule: plan.RoundRule, market: Market, regions: Mapping[str, Region], points: Mapping[str, PickupPoint], since: date
) -> RoundRule:
    hub = next(region.hub for region in market.regions if region.slug == rule.region)
    row = RoundRule.objects.create(
        region=regions[rule.region],
        name=rule.name,
        frequency=rule.frequency,
        first_day=since + timedelta(days=(rule.weekday - since.isoweekday()) % 7),
        cutoff_hours=rule.cutoff_hours_before,
        announce_days=rule.opens_days_before,
        minimum_order=rule.minimum_order,
        hub_open_from=hub.opens,
        hub_sorted_by=_before(min(window.starts for window in rule.windows)),
    )
    capacities = {point.slug: point.capacity_orders for point in market.pickup_points}
    home = [
        RuleWindow(
            rule=row,
            starts=window.starts,
            ends=window.ends,
            capacity=window.capacity_stops,
            capacity_crates=window.capacity_crates,
            fee=rule.fee_home,
        )
        for window in rule.windows
    ]
    pickup = [
        RuleWindow(
            rule=row,
            pickup_point=points[window.point],
            starts=window.starts,
            ends=window.ends,
            capacity=capacities[window.point],
            fee=window.fee,
        )
        for window in rule.pickup_windows
    ]
    RuleWindow.objects.bulk_create([*home, *pickup])
    return row


def _before(clock: time) -> time:
    minutes = clock.hour * 60 + clock.minute - int(SORTED_BEFORE.total_seconds()) // 60
    return time(minutes // 60, minutes % 60)


def _region(region: plan.Region, site: Site, today: date) -> Region:
    operator, hub = region.operator, region.hub
    return Region.objects.create(
        site=site,
        name=region.name,
        slug=region.slug,
        claim=region.intro,
        legal_name=operator.name,
        street=operator.street,
        postal_code=operator.postal_code,
        city=operator.city,
        email=operator.email,
        phone=operator.phone,
        register_entry=f"{operator.register_number}, {operator.register_court}",
        represented_by=operator.represented_by,
        vat_id=operator.vat_id,
        tax_number=operator.tax_number,
        iban=operator.iban,
        bank_name=operator.bank,
        organic_code=operator.organic_code,
        organic_valid_until=today + timedelta(days=operator.organic_valid_until_days),
        hub_name=hub.name,
        hub_address=f"{hub.street}, {hub.postal_code} {hub.city}",
        hub_latitude=hub.lat,
        hub_longitude=hub.lon,
    )
