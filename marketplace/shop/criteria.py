"""Decides which articles a visitor's filters leave; lists and counts use the same conditions."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import reduce
from operator import and_
from typing import Final

from django.db.models import Q, QuerySet

from marketplace.catalogue import allergens, labels, seasons
from marketplace.catalogue.models import Product
from marketplace.partner.models import StockRecord
from marketplace.shop import offered
from marketplace.shop.choice import NEW, ONLY, ORGANIC, SEASON, Choice

NEW_DAYS: Final = 30
#: when the round after the next is not open yet, it is taken to be a week later
WEEK: Final = timedelta(days=7)
NOTHING: Final = Q(pk__in=())


@dataclass(frozen=True)
class Moment:
    """When a list is shown: the day, and the delivery days of the round that goods are shown for and of the one after it."""

    today: date
    current: date | None = None
    following: date | None = None


def moment(*, rounds: offered.Offered, today: date) -> Moment:
    """The moment of a list, from the rounds that are open."""
    if rounds.current is None:
        return Moment(today=today)
    later = next((row.delivery_day for row in rounds.later), rounds.current.delivery_day + WEEK)
    return Moment(today=today, current=rounds.current.delivery_day, following=later)


def narrowed(*, products: QuerySet[Product], choice: Choice, moment: Moment) -> QuerySet[Product]:
    """Those that the visitor's filters leave, not ordered yet; text and shelf are not asked here."""
    either = {
        "partner__municipality__slug__in": choice.villages,
        "partner__slug__in": choice.producers,
        "kind__in": choice.kinds,
        "storage__in": choice.storages,
    }
    terms = [Q(**{lookup: values}) for lookup, values in either.items() if values]
    terms += [labels.carrying(code=code, today=moment.today) for code in choice.labels]
    terms += [Q(diet__in=labels.fitting(diet=diet)) for diet in choice.diets]
    terms += [~Q(allergens__overlap=list(allergens.group(key=key))) for key in allergens.groups_of(keys=choice.without_allergens)]
    terms += [flag(name=name, moment=moment) for name in (SEASON, ORGANIC, NEW, ONLY) if choice.has(name=name)]
    return products.filter(reduce(and_, terms, Q()))


def flag(*, name: str, moment: Moment) -> Q:
    """The condition of one of the filters that are on or off."""
    if name == SEASON:
        return seasons.now(day=moment.today)
    if name == ORGANIC:
        return Q(is_organic=True) & labels.certified(today=moment.today)
    if name == NEW:
        return Q(date_created__date__gte=moment.today - timedelta(days=NEW_DAYS))
    return _only_now(moment)


def _only_now(moment: Moment) -> Q:
    """To be had in this round, and not in the one after it or only as long as stock lasts."""
    if moment.current is None or moment.following is None:
        return NOTHING
    ends = Q(stockrecords__stock_kind=StockRecord.StockKind.LIMITED) | ~_on(moment.following, moment.today)
    return _on(moment.current, moment.today) & ends


def _on(day: date, today: date) -> Q:
    """What can be delivered on a day, as `logistics.orderable` says it of one article."""
    closed = Q(partner__closed_from__lte=day) & (Q(partner__closed_until__isnull=True) | Q(partner__closed_until__gte=day))
    return ~closed & (Q(season_months=[]) | seasons.now(day=day)) & Q(lead_time_days__lte=(day - today).days)
