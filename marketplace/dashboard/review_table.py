"""Lays the figures of a round out as one table: the round, its tours, producers and villages, and what went wrong."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from logistics.models import DeliveryRound
from logistics.round_review import Review, Share
from marketplace.core import money

Row = Sequence[object]


def rows(*, delivery_round: DeliveryRound, review: Review) -> Iterator[Row]:
    """Headed blocks with an empty line between them; weights in kilograms, ways in kilometres, sums in euro."""
    yield (_("Round"), delivery_round.rule.name, delivery_round.delivery_day)
    yield (_("Orders"), review.orders)
    yield (_("Goods handed over, euro"), review.worth)
    yield (_("Goods handed over, kg"), _kilograms(review.grams))
    yield (_("Driven, km"), Decimal(review.metres) / 1000)
    yield (_("Driving, euro"), review.cost)
    yield (_("Stops"), review.stops)
    yield (_("Cost of a stop, euro"), review.cost_per_stop)
    yield (_("In time"), review.on_time, _("of"), review.timed)
    yield (_("Boxes missing"), len(review.lost))
    yield (_("Temperatures read"), len(review.cold), _("too warm"), review.too_warm)
    yield ()
    yield (_("Tour"), _("Stops"), _("Crates"), _("Full, percent"), _("km"), _("Minutes planned"), _("Minutes needed"))
    for tour in review.tours:
        needed = "" if tour.driven_s is None else tour.driven_s // 60
        way = Decimal(tour.tour.distance_m) / 1000
        yield (str(tour.tour), tour.stops, tour.crates, tour.full, way, tour.planned_s // 60, needed)
    yield from _shares(_("Producer"), review.producers)
    yield from _shares(_("Village"), review.villages)
    yield ()
    yield (_("Missing article"), _("Producer"), _("Ordered"), _("Why"))
    for line in review.missing:
        yield (line.order_line.title, line.collection.partner.name, line.ordered, line.get_problem_display())
    yield ()
    yield (_("Temperature, °C"), _("Where"), _("Goods"), _("At most"))
    for judged in review.cold:
        goods = judged.reading.get_storage_display()
        yield (Decimal(judged.reading.tenths) / 10, judged.where, goods, Decimal(judged.limit) / 10)
    yield ()
    for lesson in review.lessons:
        yield (_("For next time"), lesson)


def _shares(name: str, found: Sequence[Share]) -> Iterator[Row]:
    yield ()
    yield (name, _("Orders"), _("Goods, euro"), _("Goods, kg"), _("Articles missing"), _("Boxes missing"))
    for one in found:
        yield (one.name, one.orders, money.to_cents(one.worth), _kilograms(one.grams), one.missing, one.lost)


def _kilograms(grams: int) -> Decimal:
    return Decimal(grams) / 1000
