"""Makes standing orders and changes them: what comes how often, where to, and how it is paid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from billing import terms
from logistics.models import Delivery, RuleWindow
from marketplace.assortments import sights
from marketplace.basket.baskets import MOST
from marketplace.core import audit
from marketplace.core.wishes import Substitution
from marketplace.order import numbers
from marketplace.partner.models import StockRecord
from marketplace.regions.models import Municipality, Region
from marketplace.standing import pauses, signals
from marketplace.standing.models import Rhythm, StandingLine, StandingOrder
from marketplace.users.models import User

#: more articles are no household's and no kitchen's wish
MOST_LINES = 100
DRAWS = 5


class NotAgreed(Exception):
    """It cannot be agreed like this; nothing was changed, and the message says why."""


@dataclass(frozen=True, kw_only=True)
class Article:
    """How many of one article, how often, and what is wished when it is missing."""

    product_id: int
    quantity: int
    rhythm: str = Rhythm.WEEKLY
    substitution: str = Substitution.LEAVE_OUT
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Way:
    """How it comes and who pays how. `window` is the wish; `municipality` and address are needed for delivery to the door."""

    window: RuleWindow
    may_move: bool
    first_name: str
    last_name: str
    payment: str
    company: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    municipality: Municipality | None = None
    note: str = ""


@transaction.atomic
def make(
    *,
    user: User,
    region: Region,
    articles: Sequence[Article],
    way: Way,
    starts_on: date,
    age_confirmed: int,
    terms_accepted: Mapping[str, Any],
    at: datetime,
) -> StandingOrder:
    """A new standing order of a person. `age_confirmed` is in years, `terms_accepted` holds the legal texts by name.

    Raises `NotAgreed`.
    """
    offers = _offers(region=region, user=user, articles=articles)
    new = StandingOrder(user=user, region=region, starts_on=starts_on, terms_accepted=dict(terms_accepted), created_at=at)
    new.age_confirmed = age_confirmed
    new.rhythm = _main_rhythm(articles)
    _set_way(standing=new, way=way, user=user)
    new.changed_at = at
    _save_with_number(new)
    _add_lines(standing=new, articles=articles, offers=offers)
    audit.record(action="standing.made", target=new, at=at, by=user)
    transaction.on_commit(partial(signals.made.send, sender=StandingOrder, standing_id=new.pk), robust=True)
    return new


@transaction.atomic
def revise(
    *, standing: StandingOrder, articles: Sequence[Article], way: Way, age_confirmed: int, at: datetime, by: User
) -> StandingOrder:
    """Another list, place or payment from the next delivery on; orders that are placed stay as they are.

    What stays on the list keeps the price that the customer said yes to, and the day from which its rhythm is counted.
    Raises `NotAgreed`.
    """
    locked = pauses.lock(standing=standing)
    wanted = {article.product_id: article for article in articles if article.quantity}
    lines = {line.product_id: line for line in locked.lines.all()}
    new = [article for pk, article in wanted.items() if pk not in lines]
    if not wanted:
        raise NotAgreed(_("Nothing would be left. If you want nothing at all, please end the standing order."))
    offers = _offers(region=locked.region, user=locked.user, articles=new) if new else {}
    for pk, line in lines.items():
        _follow(line, wanted.get(pk or 0))
    locked.age_confirmed = max(locked.age_confirmed, age_confirmed)
    locked.rhythm, locked.changed_at = _main_rhythm(list(wanted.values())), at
    _set_way(standing=locked, way=way, user=locked.user)
    locked.save()
    _add_lines(standing=locked, articles=new, offers=offers)
    audit.record(action="standing.changed", target=locked, at=at, by=by)
    return locked


@transaction.atomic
def extend(*, standing: StandingOrder, articles: Sequence[Article], at: datetime, by: User) -> StandingOrder:
    """Further articles from the next delivery on; of what is on the list already so many more. Raises `NotAgreed`."""
    locked = pauses.lock(standing=standing)
    lines = {line.product_id: line for line in locked.lines.all()}
    new = [article for article in articles if article.product_id not in lines]
    offers = _offers(region=locked.region, user=locked.user, articles=articles)
    for article in articles:
        line = lines.get(article.product_id)
        if line is not None:
            _follow(line, replace(article, quantity=min(line.quantity + article.quantity, MOST)))
    locked.changed_at = at
    locked.save(update_fields=["changed_at"])
    _add_lines(standing=locked, articles=new, offers=offers)
    audit.record(action="standing.extended", target=locked, at=at, by=by)
    return locked


@transaction.atomic
def accept_price(*, standing: StandingOrder, line_id: int, at: datetime, by: User) -> StandingLine | None:
    """The customer says yes to today's price of an article; None when it is not on the list or not sold."""
    locked = pauses.lock(standing=standing)
    line = locked.lines.filter(pk=line_id, product__isnull=False).first()
    offer = StockRecord.objects.filter(product=line.product_id, product__partner=F("partner")).first() if line else None
    if line is None or offer is None:
        return None
    old, line.agreed_price, line.told_price = line.agreed_price, offer.price, offer.price
    line.save(update_fields=["agreed_price", "told_price"])
    audit.record(
        action="standing.price_accepted", target=locked, at=at, by=by, old={"price": str(old)}, new={"price": str(offer.price)}
    )
    return line


def _follow(line: StandingLine, wanted: Article | None) -> None:
    """A line that stands takes what is wished now, or goes."""
    if wanted is None:
        line.delete()
        return
    _check(wanted)
    line.quantity, line.rhythm = wanted.quantity, wanted.rhythm
    line.substitution, line.note = wanted.substitution, wanted.note
    line.save(update_fields=["quantity", "rhythm", "substitution", "note"])


def _set_way(*, standing: StandingOrder, way: Way, user: User) -> None:
    """The row is not saved."""
    window = way.window
    home = window.pickup_point_id is None and window.partner_id is None
    if home and not (way.street and way.municipality and way.postal_code in way.municipality.postal_codes):
        raise NotAgreed(_("We need your address to bring the goods: street, postal code and village."))
    if way.payment not in terms.methods_for(user=user, region=standing.region):
        raise NotAgreed(_("Please choose how you want to pay."))
    standing.rule, standing.window_starts = window.rule, window.starts
    standing.pickup_point, standing.partner = window.pickup_point, window.partner
    standing.kind = Delivery.Kind.HOME if home else Delivery.Kind.PICKUP if window.pickup_point_id else Delivery.Kind.FARM
    for name in ("may_move", "first_name", "last_name", "company", "phone", "street", "postal_code", "municipality", "note"):
        setattr(standing, name, getattr(way, name))
    standing.payment = way.payment


def _add_lines(*, standing: StandingOrder, articles: Iterable[Article], offers: Mapping[int, StockRecord]) -> None:
    StandingLine.objects.bulk_create(
        StandingLine(
            standing=standing,
            product_id=article.product_id,
            title=offers[article.product_id].product.title,
            quantity=article.quantity,
            rhythm=article.rhythm,
            from_day=max(standing.starts_on, timezone.localdate(standing.changed_at)),
            agreed_price=offers[article.product_id].price,
            told_price=offers[article.product_id].price,
            substitution=article.substitution,
            note=article.note,
        )
        for article in articles
    )


def _offers(*, region: Region, user: User, articles: Sequence[Article]) -> dict[int, StockRecord]:
    """The offers of all articles, by product. Raises `NotAgreed` for what is not on show, for absurd numbers, and for nothing."""
    if not 1 <= len(articles) <= MOST_LINES:
        raise NotAgreed(_("Please choose at least one article."))
    for article in articles:
        _check(article)
    rows = StockRecord.objects.filter(product__in=[one.product_id for one in articles], product__partner=F("partner"))
    shown = rows.filter(product__is_public=True, partner__region=region, partner__status="approved").select_related("product")
    found = {row.product_id: row for row in shown.order_by("-pk")}
    products = [row.product for row in found.values()]
    gone = sights.unseen(articles=products, region_id=region.pk, user_id=user.pk)
    if any(article.product_id not in found or article.product_id in gone for article in articles):
        raise NotAgreed(_("An article is no longer on offer. Please take it out."))
    return found


def _check(article: Article) -> None:
    if not 1 <= article.quantity <= MOST:
        raise NotAgreed(_("Please choose a number from 1 to %(most)s.") % {"most": MOST})
    if article.rhythm not in Rhythm.values or article.substitution not in Substitution.values:
        raise NotAgreed(_("Please choose how often it comes and what happens when it is missing."))


def _main_rhythm(articles: Sequence[Article]) -> str:
    """The shortest of them: so often something comes."""
    order = list(Rhythm.values)
    return min((article.rhythm for article in articles), key=order.index)


def _save_with_number(new: StandingOrder) -> None:
    for _attempt in range(DRAWS):
        new.number = f"D-{numbers.draw()}"
        if not StandingOrder.objects.filter(number=new.number).exists():
            new.save(force_insert=True)
            return
    raise RuntimeError("No free number for a standing order was found.")
