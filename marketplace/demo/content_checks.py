"""What must hold in the demo's market: references, numbers with check digits, claims, units, allergens and prices."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from menuella_food_safety import ALLERGEN_KEYS
from stdnum import iban
from stdnum.de import leitweg, stnr, vat

from marketplace.demo.market import Article, Customer, Market, Page, PickupPoint, Producer
from marketplace.demo.tales import Story

ORGANIC_CODE = re.compile(r"DE-ÖKO-\d{3}")
ORGANIC_CLAIM = re.compile(r"\b(bio(?!graf|tonne)|öko|oeko)|biologisch|ökologisch", re.IGNORECASE)
BY_CONTENT = {"kg", "litre", "hundred_grams", "bottle", "jar"}
PER_CONTENT_UNIT = {"kg": (1000, "g"), "litre": (1000, "ml"), "hundred_grams": (100, "g")}
VARIANTS = range(6)
SPIRITS = Decimal("15.0")  # percent of alcohol above which no wine or beer lies


def problems(*, market: Market) -> list[str]:
    """Every rule the content breaks as one English line each; empty when it holds (for whoever edits the files)."""
    return [
        *_twice("article", [a.slug for a in market.articles]),
        *_twice("producer", [p.slug for p in market.producers]),
        *_twice("customer", [c.slug for c in market.customers]),
        *_twice("position", [f"{p.lat},{p.lon}" for p in market.producers]),
        *_references(market),
        *_operators(market),
        *(line for producer in market.producers for line in _producer(producer)),
        *(line for customer in market.customers for line in _customer(customer)),
        *_articles(market),
        *_motifs(market),
    ]


def _twice(what: str, slugs: Iterable[str]) -> Iterator[str]:
    return (f"{what} {slug}: used {count} times" for slug, count in Counter(slugs).items() if count > 1)


def _references(market: Market) -> Iterator[str]:
    places = {region.slug: {m.name: m.postal_codes for m in region.municipalities} for region in market.regions}
    rows: tuple[Producer | Customer | PickupPoint, ...] = (*market.producers, *market.customers, *market.pickup_points)
    for row in rows:
        if row.postal_code not in places.get(row.region, {}).get(row.municipality, ()):
            yield f"{row.slug}: {row.postal_code} {row.municipality} is not in region {row.region}"
    yield from _homes(market)
    for story in market.stories:
        if story.producer not in {p.slug for p in market.producers if p.region == story.region}:
            yield f"{story.slug}: unknown producer"
    for event in market.events:
        if event.municipality not in places.get(event.region, {}):
            yield f"{event.slug}: {event.municipality} is not in region {event.region}"
    yield from _likes(market)
    yield from _logistics(market)


def _homes(market: Market) -> Iterator[str]:
    regions = {producer.slug: producer.region for producer in market.producers}
    owners = {article.slug: regions.get(article.producer) for article in market.articles}
    villages = {region.slug: {village.name for village in region.municipalities} for region in market.regions}
    for home in market.homes:
        if home.village not in villages.get(home.region, ()):
            yield f"home of {home.region}: unknown village {home.village}"
        yield from (
            f"home of {home.region}: no article {slug}" for slug in home.picks if owners.get(slug, home.region) != home.region
        )


def _likes(market: Market) -> Iterator[str]:
    categories = {c.slug for c in market.categories}
    for customer in market.customers:
        if not customer.likes.keys() <= categories:
            yield f"{customer.slug}: likes an unknown category"


def _logistics(market: Market) -> Iterator[str]:
    points = {p.slug: p.region for p in market.pickup_points}
    vehicles = {v.slug: v.region for v in market.vehicles}
    for customer in market.customers:
        if customer.delivery == "pickup" and points.get(customer.pickup_point) != customer.region:
            yield f"{customer.slug}: no pickup point {customer.pickup_point!r}"
    for driver in market.drivers:
        if vehicles.get(driver.vehicle) != driver.region:
            yield f"{driver.slug}: no vehicle {driver.vehicle!r}"
    for rule in market.round_rules:
        if any(points.get(window.point) != rule.region for window in rule.pickup_windows):
            yield f"{rule.slug}: unknown pickup point"


def _operators(market: Market) -> Iterator[str]:
    for region in market.regions:
        operator = region.operator
        if not (vat.is_valid(operator.vat_id) and iban.is_valid(operator.iban) and stnr.is_valid(operator.tax_number)):
            yield f"{region.slug}: VAT id, tax number or IBAN of the operator"
        if not ORGANIC_CODE.fullmatch(operator.organic_code):
            yield f"{region.slug}: organic code of the operator"


def _producer(producer: Producer) -> Iterator[str]:
    name = producer.slug
    if producer.vat_id and not vat.is_valid(producer.vat_id):
        yield f"{name}: VAT id {producer.vat_id}"
    if producer.tax_number and not stnr.is_valid(producer.tax_number):
        yield f"{name}: tax number {producer.tax_number}"
    if not (producer.vat_id or producer.tax_number):
        yield f"{name}: neither VAT id nor tax number, so no self-billed document can be made"
    if not iban.is_valid(producer.iban):
        yield f"{name}: IBAN {producer.iban}"
    if producer.organic_code and not (ORGANIC_CODE.fullmatch(producer.organic_code) and producer.organic_valid_until_days):
        yield f"{name}: organic code or its validity"
    if not producer.organic_code and _claims_organic(producer.name, producer.short, producer.story, *producer.certificates):
        yield f"{name}: organic claim without a certificate"
    if len(producer.collect_window) != 2 or producer.collect_window[0] >= producer.collect_window[1]:
        yield f"{name}: collect window"


def _customer(customer: Customer) -> Iterator[str]:
    terms = customer.terms
    if (customer.kind == "household") != (terms is None):
        yield f"{customer.slug}: kitchens have terms, households have none"
    if terms is None:
        return
    numbers = [
        (terms.vat_id, vat.is_valid),
        (terms.iban, iban.is_valid),
        (terms.leitweg_id, leitweg.is_valid),
    ]
    if any(value and not valid(value) for value, valid in numbers):
        yield f"{customer.slug}: VAT id, IBAN or Leitweg-ID"
    if (terms.payment == "sepa_debit") != bool(terms.iban and terms.mandate_reference):
        yield f"{customer.slug}: a debit needs an account and a mandate"
    if (terms.invoice_format == "xrechnung") != bool(terms.leitweg_id):
        yield f"{customer.slug}: XRechnung and Leitweg-ID go together"


def _articles(market: Market) -> Iterator[str]:
    producers = {p.slug: p for p in market.producers}
    categories = {c.slug for c in market.categories}
    for article in market.articles:
        producer = producers.get(article.producer)
        if producer is None or article.category not in categories:
            yield f"{article.slug}: unknown producer or category"
            continue
        for line in (*_price(article), *_content(article), *_food(article), *_claim(article, producer), *_stock(article)):
            yield f"{article.slug}: {line}"


def _price(article: Article) -> Iterator[str]:
    if article.catch_weight != (article.price is None):
        yield "catch weight has no price, everything else has one"
    if article.catch_weight != bool(article.price_per_kg and article.expected_weight_g and article.tolerance_percent):
        yield "catch weight needs price per kg, expected weight and tolerance"
    for amount in (article.price, article.price_per_kg, article.deposit):
        if amount is not None and (amount.as_tuple().exponent != -2 or amount < 0):
            yield f"{amount} is not an amount with two decimals"


def _content(article: Article) -> Iterator[str]:
    if (article.net_unit == "none") != (article.net_content == 0):
        yield "net content and its unit go together"
    if article.sales_unit in BY_CONTENT and article.base_price() is None:
        yield "sold by content, but no base price"
    if article.sales_unit in PER_CONTENT_UNIT and PER_CONTENT_UNIT[article.sales_unit] != (article.net_content, article.net_unit):
        yield "net content contradicts the sales unit"
    if (article.kind == "service") != (article.sales_unit == "service") or article.volume_ml <= 0:
        yield "kind, sales unit or volume"


def _food(article: Article) -> Iterator[str]:
    if not set(article.allergens) <= set(ALLERGEN_KEYS):
        yield f"unknown allergens {article.allergens}"
    if article.allergens and "**" not in article.ingredients:
        yield "allergens are not emphasised in the ingredients"
    if article.ingredients.count("**") % 2:
        yield "an emphasis is not closed"
    strong = article.alcohol_percent or Decimal("0.0")
    if (strong > Decimal("1.2")) != (article.age_limit is not None):
        yield "alcohol above 1.2 percent and an age limit go together"
    if (strong > SPIRITS) != (article.age_limit == 18):
        yield "spirits are for adults, wine and beer from 16 (JuSchG § 9)"


def _claim(article: Article, producer: Producer) -> Iterator[str]:
    if article.organic and not producer.organic_code:
        yield "organic, but the producer has no certificate"
    if not article.organic and _claims_organic(article.title, article.description, article.ingredients, article.origin):
        yield "organic claim in a text, but the article is not organic"


def _claims_organic(*texts: str) -> bool:
    return any(ORGANIC_CLAIM.search(text) for text in texts)


def _stock(article: Article) -> Iterator[str]:
    if (article.stock_kind == "made_to_order") != (article.stock is None):
        yield "made to order has no stock, everything else has one"
    if not set(article.season_months) <= set(range(1, 13)) or article.lead_time_days < 0 or article.minimum_quantity < 1:
        yield "season, lead time or minimum quantity"


def _motifs(market: Market) -> Iterator[str]:
    known = set(market.motifs.articles)
    for article in market.articles:
        if article.motif not in known or article.variant not in VARIANTS:
            yield f"{article.slug}: no picture {article.motif}:{article.variant}"
    for category in market.categories:
        if category.motif not in known or category.scene not in market.motifs.scenes:
            yield f"{category.slug}: no picture {category.motif} or scene {category.scene}"
    pages = [page for page in market.pages if page.motif]
    pictured: tuple[Producer | Page | Story, ...] = (*market.producers, *pages, *market.stories)
    for row in pictured:
        if row.motif not in market.motifs.scenes:
            yield f"{row.slug}: no scene {row.motif}"
    for home in market.homes:
        if not {home.motif, home.village_motif, home.how_motif} <= set(market.motifs.scenes):
            yield f"home of {home.region}: no scene"
