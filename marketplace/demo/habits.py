"""Gives a household and a day-care kitchen their standing orders, so that the demo shows what comes by itself."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from logistics.models import DeliveryRound, RuleWindow
from marketplace.core.wishes import Substitution
from marketplace.demo.shopping import Shelf, Shopper
from marketplace.standing import agreements, placing
from marketplace.standing.agreements import Article, Way
from marketplace.standing.models import Rhythm

#: by customer: from which shelf, how many, how often
HABITS = {
    "anke-apfelstedt": (
        ("milch-kaese", 2, Rhythm.WEEKLY),
        ("brot-backwaren", 1, Rhythm.FORTNIGHTLY),
        ("honig-vorraete", 1, Rhythm.MONTHLY),
    ),
    "kindertagesstaette-wirbelwind": (
        ("gemuese-kartoffeln", 2, Rhythm.WEEKLY),
        ("obst-beeren", 3, Rhythm.WEEKLY),
        ("milch-kaese", 3, Rhythm.FORTNIGHTLY),
    ),
}
#: they were made some days ago
DAYS_AGO = 2


def begin(*, shoppers: Sequence[Shopper], shelf: Shelf, delivery_round: DeliveryRound, now: datetime) -> int:
    """Make them with the round as their first one, and order what is due by now; says how many were made."""
    at = now - timedelta(days=DAYS_AGO)
    windows = RuleWindow.objects.filter(rule=delivery_round.rule, pickup_point__isnull=True, partner__isnull=True)
    window = windows.select_related("rule").order_by("starts", "pk").first()
    made = 0
    for shopper in shoppers:
        articles = _articles(shopper, shelf)
        if window is None or shopper.user is None or not articles:
            continue
        agreements.make(
            user=shopper.user,
            region=shopper.region,
            articles=articles,
            way=_way(shopper, window),
            starts_on=delivery_round.delivery_day,
            age_confirmed=0,
            terms_accepted=shelf.terms,
            at=at,
        )
        made += 1
    placing.place_due(at=now)
    return made


def _articles(shopper: Shopper, shelf: Shelf) -> list[Article]:
    """The first of each shelf that is sold by the piece all year round."""
    found: dict[int, Article] = {}
    for category, quantity, rhythm in HABITS.get(shopper.customer.slug, ()):
        for product, _offer, where in shelf.goods.values():
            if where == category and not product.catch_weight and not product.season_months and product.pk not in found:
                many = max(quantity, product.minimum_quantity)
                wish = Substitution.SIMILAR
                found[product.pk] = Article(product_id=product.pk, quantity=many, rhythm=rhythm, substitution=wish)
                break
    return list(found.values())


def _way(shopper: Shopper, window: RuleWindow) -> Way:
    customer = shopper.customer
    return Way(
        window=window,
        may_move=True,
        first_name=customer.first_name,
        last_name=customer.last_name,
        company=customer.company,
        phone=customer.phone,
        street=customer.street,
        postal_code=customer.postal_code,
        municipality=shopper.village,
        payment=shopper.usual_payment,
    )
