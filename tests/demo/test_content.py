"""The invented market of the demo: it is whole, plausible and lawful, and a broken one is refused with a reason."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from marketplace.demo.content import DATA, ContentError, load
from marketplace.demo.content_checks import problems
from marketplace.demo.market import Article, Customer, Market, Producer

HUETTEN, NORDERSTEDT = "huettener-berge", "norderstedt"


@pytest.fixture(scope="module")
def market() -> Market:
    return load()


@pytest.fixture(scope="module")
def articles(market: Market) -> list[Article]:
    """The articles of Hüttener Berge."""
    local = {p.slug for p in market.producers if p.region == HUETTEN}
    return [a for a in market.articles if a.producer in local]


def test_load_holds_every_rule(market: Market) -> None:
    assert problems(market=market) == []


def test_load_names_both_regions_with_their_municipalities(market: Market) -> None:
    assert {r.slug: len(r.municipalities) for r in market.regions} == {HUETTEN: 16, NORDERSTEDT: 4}


def test_load_gives_every_municipality_a_producer_in_huettener_berge(market: Market) -> None:
    villages = {m.name for m in market.regions[0].municipalities}
    assert {p.municipality for p in market.producers if p.region == HUETTEN} == villages


def test_load_has_enough_of_everything(market: Market, articles: list[Article]) -> None:
    producers = Counter(p.region for p in market.producers)
    customers = Counter(c.kind for c in market.customers if c.region == HUETTEN)
    assert producers[HUETTEN] >= 28
    assert producers[NORDERSTEDT] == 5
    assert len(articles) >= 220
    assert len(market.articles) - len(articles) >= 20
    assert customers == {"household": 52, "restaurant": 4, "cafe": 2, "daycare": 1, "retirement_home": 1}
    assert len(market.categories) == 12
    assert Counter(p.region for p in market.pickup_points) == {HUETTEN: 5, NORDERSTEDT: 1}
    assert Counter(v.region for v in market.vehicles) == {HUETTEN: 3, NORDERSTEDT: 1}
    assert len(market.stories) == 3


@pytest.mark.parametrize(
    ("what", "least", "holds"),
    [
        ("catch weight", 15, lambda a: a.catch_weight),
        ("deposit", 12, lambda a: a.deposit > 0),
        ("organic", 40, lambda a: a.organic),
        ("alcohol", 8, lambda a: a.age_limit is not None),
        ("crafts and gifts", 20, lambda a: a.category == "handwerk-geschenke"),
        ("services", 8, lambda a: a.kind == "service"),
        ("made to order", 5, lambda a: a.stock_kind == "made_to_order"),
        ("unique pieces", 3, lambda a: a.stock_kind == "limited" and a.stock == 1),
        ("seasonal", 40, lambda a: a.season_months),
        ("cheese", 5, lambda a: "käse" in a.title.lower()),
    ],
)
def test_load_has_variety(articles: list[Article], what: str, least: int, holds: Callable[[Article], bool]) -> None:
    assert sum(1 for a in articles if holds(a)) >= least, what


def test_load_has_vegetables_in_november_and_hides_summer_berries(market: Market) -> None:
    vegetables = [a for a in market.articles if a.category == "gemuese-kartoffeln"]
    assert sum(1 for a in vegetables if a.in_season(month=11)) >= 25
    strawberries = next(a for a in market.articles if a.slug == "erdbeeren")
    assert (strawberries.in_season(month=6), strawberries.in_season(month=11)) == (True, False)


def test_load_gives_every_producer_something_to_sell(market: Market) -> None:
    assert {p.slug for p in market.producers} == {a.producer for a in market.articles}


def test_load_gives_every_category_of_huettener_berge_articles(market: Market, articles: list[Article]) -> None:
    assert {a.category for a in articles} == {c.slug for c in market.categories}


@pytest.mark.parametrize(
    ("slug", "category"),
    [
        ("bio-vollmilch", "reduced"),
        ("trinkjoghurt-heidelbeere", "reduced"),
        ("apfelsaft-naturtrueb", "standard"),
        ("mineralwasser-still", "standard"),
        ("haferdrink-aus-schleswig-holstein", "standard"),
        ("bergdachs-alkoholfrei", "standard"),
        ("bio-filterkaffee-fruehschicht", "reduced"),
        ("novemberstrauss", "reduced"),
        ("nordmanntanne-1-50-bis-1-75-m", "reduced"),
        ("brennholz-buche-sack", "reduced"),
        ("bienenwachskerze-gegossen", "standard"),
        ("messer-schaerfen", "standard"),
        ("geschenkkiste-sechzehn-doerfer", "reduced"),
        ("honigprobe-3-kleine-glaeser", "reduced"),
    ],
)
def test_load_knows_the_vat_category(market: Market, slug: str, category: str) -> None:
    assert next(a.vat_category for a in market.articles if a.slug == slug) == category


@pytest.mark.parametrize(
    ("slug", "per_unit"),
    [("bergdachs-kasten-20-flaschen-gemischt", "4.53"), ("bio-bergkaese-jung", "24.90"), ("martinsgans", "19.90")],
)
def test_base_price_is_per_kilogram_or_litre_without_deposit(market: Market, slug: str, per_unit: str) -> None:
    base = next(a for a in market.articles if a.slug == slug).base_price()
    assert base is not None
    assert base.quantize(Decimal("0.01")) == Decimal(per_unit)


def test_base_price_is_none_for_services(market: Market) -> None:
    assert {a.base_price() for a in market.articles if a.kind == "service"} == {None}


def test_load_closes_each_round_at_six_in_the_evening(market: Market) -> None:
    assert {(r.slug, r.weekday, r.cutoff_hours_before) for r in market.round_rules} == {
        ("samstag-runde", 6, 30),
        ("mittwoch-runde", 3, 30),
        ("freitag-runde", 5, 30),
    }


def test_load_has_all_statuses_of_vat_and_one_producer_who_writes_own_invoices(market: Market) -> None:
    assert {p.vat_status for p in market.producers} == {"regular", "small", "flat_rate"}
    assert [p.slug for p in market.producers if not p.self_billing] == ["dorfladen-luett-eck"]


def test_load_has_the_fixed_pages(market: Market) -> None:
    assert {p.slug for p in market.pages} == {
        "so-funktioniert-es",
        "lieferung-und-kosten",
        "impressum",
        "datenschutz",
        "agb",
        "widerruf",
        "barrierefreiheit",
        "leichte-sprache",
    }


def test_body_for_fills_in_the_operator_of_either_region(market: Market) -> None:
    imprint = next(p for p in market.pages if p.slug == "impressum")
    for region in market.regions:
        assert region.operator.name in imprint.body_for(operator=region.operator)
        assert not [p.slug for p in market.pages if "{" in p.body_for(operator=region.operator)]


def _with_article(market: Market, **changes: object) -> Market:
    first: Article = next(a for a in market.articles if a.slug == "karpfen-halb")
    return replace(market, articles=(replace(first, **changes),))  # type: ignore[arg-type]  # any field, on purpose


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"title": "Bio-Karpfen"}, "organic claim in a text, but the article is not organic"),
        ({"organic": True}, "organic, but the producer has no certificate"),
        ({"price_per_kg": Decimal("13.9")}, "13.9 is not an amount with two decimals"),
        ({"ingredients": "Fisch"}, "allergens are not emphasised in the ingredients"),
        ({"allergens": ("SHARK",)}, "unknown allergens ('SHARK',)"),
        ({"motif": "shark"}, "no picture shark:4"),
        ({"producer": "nobody"}, "unknown producer or category"),
        ({"stock": None}, "made to order has no stock, everything else has one"),
        ({"alcohol_percent": Decimal("5.0")}, "alcohol above 1.2 percent and an age limit go together"),
    ],
)
def test_problems_names_a_broken_article(market: Market, changes: dict[str, object], reason: str) -> None:
    assert problems(market=_with_article(market, **changes)) == [f"karpfen-halb: {reason}"]


def test_problems_names_a_jar_without_content(market: Market) -> None:
    jar = next(a for a in market.articles if a.slug == "lindenhonig")
    broken = replace(market, articles=(replace(jar, net_content=0, net_unit="none"),))
    assert problems(market=broken) == ["lindenhonig: sold by content, but no base price"]


def test_problems_names_a_wrong_account_and_vat_id(market: Market) -> None:
    producer: Producer = replace(market.producers[0], iban="DE00370400440532013000", vat_id="DE123456789")
    found = problems(market=replace(market, producers=(producer, *market.producers[1:])))
    assert found == [f"{producer.slug}: VAT id DE123456789", f"{producer.slug}: IBAN DE00370400440532013000"]


def test_problems_names_a_wrong_leitweg_id(market: Market) -> None:
    daycare: Customer = next(c for c in market.customers if c.kind == "daycare")
    assert daycare.terms is not None
    broken = replace(daycare, terms=replace(daycare.terms, leitweg_id="01058999-BEISPIELKITA01-00"))
    assert problems(market=replace(market, customers=(broken,))) == [f"{daycare.slug}: VAT id, IBAN or Leitweg-ID"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ('vat_status = "regular"', 'vat_status = "exempt"', "'exempt' does not fit"),
        ('tax_number = "', 'taxnumber = "', "unknown or missing taxnumber"),
        ("organic_valid_until_days = 212", 'organic_valid_until_days = "212"', "'212' does not fit"),
    ],
)
def test_load_names_the_place_of_a_wrong_field(tmp_path: Path, old: str, new: str, reason: str) -> None:
    for path in DATA.glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(text.replace(old, new, 1) if path.name == "producers.toml" else text, encoding="utf-8")
    with pytest.raises(ContentError, match=rf"producers\[kaeserei-sieben-sterne\].*{reason}"):
        load(folder=tmp_path)


def test_load_knows_six_events_with_one_that_is_over(market: Market) -> None:
    assert len(market.events) == 6
    assert [event.slug for event in market.events if event.weeks < 0] == ["dorffest-in-owschlag"]
    assert all(event.starts < event.ends for event in market.events)
