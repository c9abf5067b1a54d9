"""A market in which every address has something to show, and the people who ask for it."""

from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone

from billing import access as billing_access
from billing import files, invoicing, periods, settlements
from billing.models import Invoice
from logistics import rounds
from logistics.models import Collection, Delivery, DeliveryRound, PackedLine, RoundRule, Stop, Tour
from marketplace.basket import baskets
from marketplace.basket.models import Line
from marketplace.notices import links as notice_links
from marketplace.notices.models import ArticleNotice, Kind
from marketplace.order import day_links, links
from marketplace.order.day_links import Purpose
from marketplace.order.models import Order
from marketplace.users import addresses
from marketplace.users.models import Address
from marketplace.vouchers.models import VoucherTerms
from tests.factories import town as towns
from tests.factories import vouchers
from tests.factories.market import local
from tests.factories.town import Town
from tests.journeys import way

#: the columns of the table, and as whom each asks; whoever owns something is "customer" and "dairy". The office of the other
#: region asks twice: under the address of this market, and under that of its own
ASKING = {
    "visitor": None,
    "customer": "customer",
    "other customer": "other_customer",
    "producer": "dairy",
    "other producer": "bees",
    "driver": "driver",
    "editor": "editor",
    "office": "office",
    "office elsewhere": "office_elsewhere",
    "from elsewhere": "office_elsewhere",
}


@dataclass
class World:
    """A delivered and billed order of the customer's with goods of the dairy, one that waits to be packed, one that
    is open, and a guest's that is fetched.
    """

    town: Town
    delivered: Order
    waiting: Order
    open: Order
    fetched: Order
    invoice: Invoice
    settlement: Invoice
    closed: DeliveryRound
    line: Line
    wish: ArticleNotice
    voucher: VoucherTerms
    address: Address

    @property
    def stop_link(self) -> str:
        """What a mail about that wish would carry."""
        return notice_links.for_stopping(
            region_id=self.town.region.pk, user_id=None, email=self.wish.email, kinds=[Kind.AVAILABLE]
        )

    def arguments(self, name: str) -> list[object]:
        """What the address of that name is asked for."""
        product, partner = self.town.products["goat_cheese"], self.town.partners["dairy"]
        tour = Tour.objects.filter(round=self.town.round, wave=Tour.Wave.DELIVER).order_by("pk").first()
        stop = Stop.objects.filter(tour=tour).order_by("sequence").first()
        packed = PackedLine.objects.filter(collection__partner=partner, delivery__order=self.waiting).first()
        known: dict[str, list[object]] = {
            "catalogue:category": ["milch-kaese"],
            "catalogue:detail": [product.slug, product.pk],
            "catalogue:producer": [partner.slug],
            "basket:add": [product.pk],
            "basket:change": [self.line.pk],
            "checkout:thanks": [self.delivered.number],
            "checkout:open_account": [self.delivered.number],
            "day:live": [day_links.sign(order=self.open, purpose=Purpose.ARRIVAL)],
            "day:drop": [day_links.sign(order=self.open, purpose=Purpose.ARRIVAL)],
            "day:fetching": [day_links.sign(order=self.fetched, purpose=Purpose.FETCHING)],
            "change:by_link": [links.sign(order=self.open)],
            "change:article": [self.open.number, product.pk],
            "customer:order": [self.delivered.number],
            "customer:order_by_link": [links.sign(order=self.delivered)],
            "billing:document": [self.invoice.pk, "pdf"],
            "billing:document=credit_note": [self.settlement.pk, "xml"],
            "billing:document_by_link": [billing_access.link_for(invoice=self.invoice), "pdf"],
            **{f"customer:address{what}": [self.address.pk] for what in ("", "_usual", "_remove")},
            "notices:ask": [product.pk],
            "notices:drop": [product.pk],
            "notices:confirm": [notice_links.for_confirming(notice_id=self.wish.pk)],
            "notices:stop": [self.stop_link],
            "office:document": [self.invoice.pk],
            "office:receive": [self.invoice.pk],
            "office:pay_out": [self.settlement.pk],
            "office:order": [self.delivered.number],
            "office:hand_over": [self.waiting.number],
            "office:give_up": [self.waiting.number],
            "office:settle": [Delivery.objects.get(order=self.delivered).pk],
            "dashboard:objection": [self.settlement.pk],
            "dashboard:record": [self.closed.pk, packed.pk if packed else 0],
            "logistics:report": [tour.pk if tour else 0, stop.pk if stop else 0],
        }
        if name in known:
            return known[name]
        first, _colon, last = name.partition(":")
        if last in {"voucher", "voucher_end"}:
            return [self.voucher.pk]
        if first == "change":
            return [self.open.number]
        if first == "dashboard":
            return [product.pk] if last in {"article", "switch", "offer"} else [self.closed.pk]
        if first == "office":
            by_word = {"producer": partner, "approve": partner, "suspend": partner}
            accounts = {"account", "grant", "withdraw"}
            return [self.town.account.pk] if last in accounts else [by_word.get(last, self.closed).pk]
        return [tour.pk if tour else 0]

    def clients(self) -> dict[str, Client]:
        """A client each, logged in."""
        found = {}
        for column, person in ASKING.items():
            client = Client(**({"HTTP_HOST": self.town.elsewhere.site.hostname} if column == "from elsewhere" else {}))
            if person:
                client.force_login(self.town.people[person], backend="django.contrib.auth.backends.ModelBackend")
            found[column] = client
        return found


def make() -> World:
    """Play it, on the days around the real one, because pages ask the real clock: two rounds are behind, others open."""
    town = towns.build(today=timezone.localdate() - timedelta(days=14))
    for rule in RoundRule.objects.order_by("pk"):
        rounds.announce(rule=rule, today=timezone.localdate())
    customer = town.people["customer"]
    delivered = way.order(town, {"goat_cheese": 1, "honey": 2}, who=customer)
    ended = way.through(town.round, by=town.people["driver"])
    (invoice,) = invoicing.draw_due(today=ended.date(), at=ended)
    closed = DeliveryRound.objects.get(region=town.region, delivery_day=town.delivery_day + timedelta(days=7))
    window = closed.windows.get(pickup_point__isnull=True)
    waiting = way.order(town, {"goat_cheese": 1, "yoghurt": 2}, who=customer, window=window)
    way.close(closed)
    coming = rounds.next_open(region=town.region, at=timezone.now())
    assert coming is not None
    door = coming.windows.get(pickup_point__isnull=True)
    still_open = way.order(town, {"goat_cheese": 1}, who=customer, window=door, at=timezone.now())
    point = coming.windows.get(pickup_point__isnull=False)
    fetched = way.order(town, {"honey": 1}, window=point, at=timezone.now())
    assert Collection.objects.filter(round=closed).count() == 1
    after = periods.month_of(ended.date())[1] + timedelta(days=1)
    settled = settlements.settle_due(today=after, at=local(after, way.EARLY))
    settlement = next(item.invoice for item in settled if item.invoice and item.partner == town.partners["dairy"])
    for document in (invoice, settlement):
        files.make(invoice=document, at=ended)
    basket = baskets.keep(basket=baskets.for_visitor(user=customer, region=town.region))
    line = baskets.add(basket=basket, product=town.products["honey"], quantity=1)
    dairy, today = town.partners["dairy"], timezone.localdate()
    voucher = vouchers.voucher(town.region, goods_of=dairy, bearer=dairy, valid_from=today, valid_until=today)
    village = town.villages["Haby"]
    address = addresses.add(user=customer, label="Zuhause", street="Weg 1", postal_code="24361", municipality=village)
    wish = ArticleNotice.objects.create(
        product=town.products["honey"], email="grete@post.example", asked_at=timezone.now(), asked_back_at=timezone.now()
    )
    return World(town, delivered, waiting, still_open, fetched, invoice, settlement, closed, line, wish, voucher, address)
