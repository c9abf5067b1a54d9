"""A region with a home page that has every block, and as many articles, producers and stories as a test wants."""

from datetime import time, timedelta
from typing import Any

from django.core.cache import cache
from django.utils import timezone

from cms import setup
from cms.models import EventIndexPage, EventPage, HomePage
from logistics.models import DeliveryRound
from marketplace.catalogue.models import Category, Product
from marketplace.partner.models import Partner
from marketplace.pictures import sizes, uploads
from marketplace.pictures.models import Picture
from marketplace.regions.models import Municipality, Region
from tests.factories.market import (
    MunicipalityFactory,
    PartnerFactory,
    PickupPointFactory,
    ProductFactory,
    RegionFactory,
    RoundFactory,
    RoundRuleFactory,
    WindowFactory,
    local,
)
from tests.pictures.photos import drawn, photo

DAY = timezone.localdate()


def picture(title: str = "Bild") -> Picture:
    """A stored picture with all its sizes, as the task after an upload leaves it."""
    file = photo(image=drawn(64, 48))
    made = uploads.store(file=file, title=title, description=f"{title} von vorn", by=None, at=timezone.now())
    sizes.prepare(pictures=[made], sizes=(sizes.TILE, sizes.CARD, sizes.DETAIL, sizes.HERO, sizes.SHARE))
    return made


def open_round(region: Region) -> DeliveryRound:
    """A round one can order for now, with a window at home and one at a pickup point."""
    day = DAY + timedelta(days=5)
    opens, cutoff = timezone.now() - timedelta(days=2), timezone.now() + timedelta(days=2)
    rule = RoundRuleFactory.create(region=region)
    row: Any = RoundFactory.create(rule=rule, delivery_day=day, opens_at=opens, cutoff_at=cutoff)
    WindowFactory.create(round=row, starts_at=local(day, time(10)), ends_at=local(day, time(12)))
    point = PickupPointFactory.create(municipality=MunicipalityFactory.create(region=region, name="Abholdorf"))
    WindowFactory.create(round=row, pickup_point=point, starts_at=local(day, time(9)), ends_at=local(day, time(14)), fee=0)
    return row  # type: ignore[no-any-return]  # the factory's types do not say what it returns


def goods(region: Region, count: int) -> list[Product]:
    """So many articles, each of its own producer in its own village on its own shelf, all with pictures, in season now."""
    return [_article(region, number) for number in range(count)]


def _article(region: Region, number: int) -> Product:
    village = MunicipalityFactory.create(region=region)
    partner = PartnerFactory.create(municipality=village, picture=picture(), organic_code="DE-ÖKO-006", organic_valid_until=DAY)
    shelf = Category.add_root(name=f"Regal {region.pk}-{number}", slug=f"regal-{region.pk}-{number}", picture=picture())
    made: Any = ProductFactory.create(
        partner=partner, category=shelf, picture=picture(), season_months=[DAY.month], is_organic=True,
        offer__stock_kind="per_round", offer__per_round=9,
    )  # fmt: skip
    return made  # type: ignore[no-any-return]  # the factory's types do not say what it returns


def every_block(*, products: list[Product], villages: list[Municipality], image: Picture) -> list[tuple[str, dict[str, Any]]]:
    """Each block of the home page once (articles by each rule)."""
    partners = [product.partner for product in products]
    text = {"heading": "Überschrift", "text": ""}
    rules = [("ruled_goods", {**text, "rule": rule, "count": 8}) for rule in ("season", "new", "organic", "limited", "all")]
    return [
        ("hero", {"title": "Frisch aus unseren Dörfern", "text": "Eine Lieferung.", "picture": image.pk, "search": True}),
        ("notice", {"text": "Morgen ist Markt.", "tone": "honey", "link": "/lieferung/", "link_text": "Mehr"}),
        ("round", {**text, "count": 2}),
        *rules,
        ("picked_goods", {**text, "products": [product.pk for product in products]}),
        ("ruled_producers", {**text, "rule": "new", "count": 6}),
        ("ruled_producers", {**text, "rule": "village", "village": villages[0].pk, "count": 6}),
        ("picked_producers", {**text, "producers": [partner.pk for partner in partners]}),
        ("season", text),
        ("categories", {"heading": "Stöbern"}),
        ("villages", text),
        ("numbers", {"heading": "In Zahlen"}),
        ("village", {"heading": "Dorf", "village": villages[0].pk, "picture": image.pk, "text": "<p>Ein Dorf.</p>"}),
        ("stories", {"heading": "Geschichten", "count": 3}),
        ("events", {"heading": "Termine", "count": 3}),
        ("text", {"text": "<h2>Text</h2><p>Absatz</p>"}),
        ("text_picture", {"heading": "Mit Bild", "text": "<p>Absatz</p>", "picture": image.pk, "side": "left"}),
        ("quote", {"text": "Früher fuhr jeder selbst.", "who": "Ada Beispiel"}),
    ]


def tales(partners: list[Partner]) -> list[setup.StoryContent]:
    """A story for each producer."""
    return [
        setup.StoryContent(
            slug=f"geschichte-{partner.pk}", title=f"Bei {partner.name}", teaser="Früh am Morgen.", body="Der Teig ruht.",
            partner=partner, picture=picture(),
        )
        for partner in partners
    ]  # fmt: skip


def happenings(count: int) -> list[setup.EventContent]:
    """So many events, a day after the other, the first tomorrow and of a fixed address."""
    return [
        setup.EventContent(
            slug="hoffest" if not number else f"hoffest-{number}",
            title=f"Hoffest {number}" if number else "Hoffest",
            teaser="Mit Suppe und Musik.",
            starts_at=local(DAY + timedelta(days=1 + number), time(11)),
            ends_at=local(DAY + timedelta(days=1 + number), time(16)),
            place="Hof Beispiel",
            organiser="Landfrauen Beispiel",
            body="Die Tore stehen offen.",
        )
        for number in range(count)
    ]


def event(*, region: Region) -> EventPage:
    """An event below the first page of a region that has no home page yet."""
    dates = region.site.root_page.add_child(instance=EventIndexPage(title="Termine", slug="termine"))
    (told,) = happenings(1)
    page = EventPage(
        title=told.title, slug=told.slug, teaser=told.teaser, place=told.place, starts_at=told.starts_at, ends_at=told.ends_at
    )
    dates.add_child(instance=page)
    return page


def site(*, region: Region, products: list[Product], stories: list[Partner] | None = None) -> HomePage:
    """The region's tree with every block, and a story for each producer unless told otherwise."""
    villages = list(region.municipalities.all()) or [MunicipalityFactory.create(region=region)]
    text = setup.TextContent(slug="impressum", title="Impressum", lead="Wer wir sind", body="## Angaben\nWir sind wir.")
    content = setup.SiteContent(
        title="Alles aus der Region",
        description="Ein Markt.",
        sections=every_block(products=products, villages=villages, image=picture("Titelbild")),
        pages=[text],
        events=happenings(len(products)),
        stories=tales(stories if stories is not None else [product.partner for product in products]),
        main_menu=[setup.LinkContent(slug="geschichten")],
        footer_menu=[setup.LinkContent(slug="impressum"), setup.LinkContent(address="/lieferung/", text="Lieferung")],
        contact_hours="montags bis freitags 8–12 Uhr",
    )
    home = setup.build_site(region=region, content=content, at=timezone.now())
    cache.clear()
    return home


def market(count: int) -> tuple[Region, list[Product], HomePage]:
    """A region whose site is open, with so many articles and a round."""
    region: Any = RegionFactory.create(name="Hüttener Berge")
    open_round(region)
    products = goods(region, count)
    return region, products, site(region=region, products=products)
