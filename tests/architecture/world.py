"""A market in which every address has something to show, and the people who ask for it."""

from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal

from django.test import Client
from django.utils import timezone

from billing import access as billing_access
from billing import files, invoicing, periods, settlements
from billing.models import BankLine, ConnectedAccount, Invoice, LedgerExport, PayoutRun, ProviderMovement, ProviderTransfer
from billing.online import links as pay_links
from logistics import (
    address_links,
    areas,
    cases,
    farm_windows,
    plans,
    rounds,
    savings,
    tours,
    waiting,
)
from logistics.models import (
    AreaInterest,
    Collection,
    Delivery,
    DeliveryRound,
    PackedLine,
    PickupPoint,
    RoundException,
    RoundRule,
    RuleWindow,
    Tour,
    Vehicle,
    WaitingEntry,
)
from marketplace.aftersales import banking, complaints, withdrawals
from marketplace.aftersales.models import Complaint, Withdrawal
from marketplace.aftersales.withdrawals import Declaration
from marketplace.basket import baskets, sharing
from marketplace.basket.models import Line
from marketplace.dashboard import feeds
from marketplace.dashboard.feeds import Room
from marketplace.notices import links as notice_links
from marketplace.notices.models import ArticleNotice, Kind
from marketplace.order import day_links, links, review_links
from marketplace.order.day_links import Purpose
from marketplace.order.models import Line as OrderLine
from marketplace.order.models import Order
from marketplace.reviews import reviews
from marketplace.reviews.models import Review
from marketplace.standing.models import StandingOrder
from marketplace.users import addresses
from marketplace.users.models import Address
from marketplace.vouchers.models import VoucherTerms
from tests.architecture import agreed, debts, driven, goods_way, office_books, sent_in, transferred
from tests.cms import market as pages_of
from tests.desk import phone
from tests.factories import town as towns
from tests.factories import vouchers
from tests.factories.market import local
from tests.factories.town import Town
from tests.journeys import way
from tests.pictures import photos
from tests.standing import standing_orders

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
    withdrawal: Withdrawal
    complaint: Complaint
    farm: Delivery
    hours: RuleWindow
    entry: WaitingEntry
    standing: StandingOrder
    review: Review

    @property
    def exception_id(self) -> int:
        """A day on which the plan of the rounds says something else."""
        return RoundException.objects.get().pk

    @property
    def planned_tour(self) -> Tour:
        """A tour that has not started."""
        return Tour.objects.filter(round=self.closed, wave=Tour.Wave.DELIVER).earliest("pk")

    @property
    def interest_id(self) -> int:
        """Somebody's wish to be delivered to."""
        return AreaInterest.objects.get().pk

    @property
    def export_id(self) -> int:
        """A file for the tax adviser."""
        return LedgerExport.objects.get().pk

    @property
    def payout_id(self) -> int:
        """A file for the bank."""
        return PayoutRun.objects.get().pk

    @property
    def bank_line_id(self) -> int:
        """Money of which nobody knows what it was for."""
        return BankLine.objects.get().pk

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
        packed = PackedLine.objects.filter(collection__partner=partner, delivery__order=self.waiting).first()
        known: dict[str, list[object]] = {
            "cms:event_file": ["hoffest"],
            "catalogue:category": ["milch-kaese"],
            "catalogue:detail": [product.slug, product.pk],
            "catalogue:article_picture": [product.pk],
            "catalogue:producer_picture": [partner.slug],
            "catalogue:price": [product.slug, product.pk],
            "catalogue:producer": [partner.slug],
            "catalogue:wait": [self.entry.window_id],
            "catalogue:offer": [waiting.sign(entry=self.entry)],
            "catalogue:wait_confirm": [address_links.sign(purpose=address_links.Purpose.WAIT, pk=self.entry.pk)],
            "catalogue:elsewhere_confirm": [address_links.sign(purpose=address_links.Purpose.AREA, pk=self.interest_id)],
            "catalogue:elsewhere_stop": [address_links.sign(purpose=address_links.Purpose.AREA_STOP, pk=self.interest_id)],
            "catalogue:leave": [waiting.sign(entry=self.entry)],
            "dashboard:farm_hand_over": [self.farm.pk],
            "dashboard:farm_not_fetched": [self.farm.pk],
            "dashboard:withdraw_farm_hours": [self.hours.pk],
            "basket:add": [product.pk],
            "basket:change": [self.line.pk],
            "basket:wish": [self.line.pk],
            "basket:shared": [self.line.basket.share_key],
            "checkout:thanks": [self.delivered.number],
            "checkout:open_account": [self.delivered.number],
            "day:live": [day_links.sign(order=self.open, purpose=Purpose.ARRIVAL)],
            "substitute:page": [day_links.sign(order=self.open, purpose=Purpose.SUBSTITUTE)],
            "day:drop": [day_links.sign(order=self.open, purpose=Purpose.ARRIVAL)],
            "day:fetching": [day_links.sign(order=self.fetched, purpose=Purpose.FETCHING)],
            "change:by_link": [links.sign(order=self.open)],
            "change:article": [self.open.number, product.pk],
            "change:wish": [self.open.number, product.pk],
            "customer:order": [self.delivered.number],
            "customer:order_by_link": [links.sign(order=self.delivered)],
            "billing:document": [self.invoice.pk, "pdf"],
            "billing:document=credit_note": [self.settlement.pk, "xml"],
            **{f"billing:pay{what}": [pay_links.sign(target=self.open)] for what in ("", "_page", "_back")},
            "checkout:paid": [pay_links.sign(target=self.open)],
            "billing:document_by_link": [billing_access.link_for(invoice=self.invoice), "pdf"],
            **{f"customer:address{what}": [self.address.pk] for what in ("", "_usual", "_remove")},
            "notices:ask": [product.pk],
            "notices:drop": [product.pk],
            "notices:confirm": [notice_links.for_confirming(notice_id=self.wish.pk)],
            "notices:stop": [self.stop_link],
            **{f"office:{what}": [self.open.delivery.round.rule_id] for what in ("plan_page", "exception")},
            "office:point_page": [PickupPoint.objects.filter(region=self.town.region)[0].pk],
            "office:vehicle_page": [Vehicle.objects.filter(region=self.town.region)[0].pk],
            "office:drop_exception": [self.open.delivery.round.rule_id, self.exception_id],
            "feeds:calendar": [
                feeds.address(user=self.town.people["office"], room=Room.OFFICE).split("/")[-1].removesuffix(".ics")
            ],
            **{f"office:{what}": [self.town.round.pk] for what in ("review", "review_table")},
            **{f"office:{what}": [self.waiting.delivery.pk] for what in ("door", "door_picture")},
            "regions:ground": ["mark", "told"],
            "office:tour_desk": [self.closed.pk, self.planned_tour.pk],
            "office:move_stop": [self.closed.pk, f"delivery:{self.waiting.delivery.pk}"],
            "office:reschedule": [self.open.delivery.round_id],
            "office:document": [self.invoice.pk],
            "office:receive": [self.invoice.pk],
            **{f"office:{what}": [self.invoice.pk] for what in ("reissue", "cancel_document", "retry_document")},
            "office:ledger_file": [self.export_id],
            **{f"office:payout_{what}": [self.payout_id] for what in ("file", "drop")},
            "office:transfer_choose": [ConnectedAccount.objects.get().pk],
            "office:transfer_give_up": [ProviderTransfer.objects.get().pk],
            "office:online_settle": [ProviderMovement.objects.get().pk],
            **{f"office:bank_{what}": [self.bank_line_id] for what in ("assign", "set_aside", "take_back")},
            "office:pay_out": [self.settlement.pk],
            "office:order": [self.delivered.number],
            "office:slip": [self.delivered.number],
            "office:hand_over": [self.waiting.number],
            "office:give_up": [self.waiting.number],
            "office:settle": [Delivery.objects.get(order=self.delivered).pk],
            **{f"dashboard:{what}": [self.settlement.pk] for what in ("objection", "statement", "statement_table")},
            **{f"dashboard:settlement_{what}": [self.settlement.period_from.year] for what in ("year", "year_table")},
            "dashboard:record": [self.closed.pk, packed.pk if packed else 0],
            "dashboard:case_count": [self.town.products["yoghurt"].pk],
            "dashboard:purchase_sheet": [self.closed.pk, "csv"],
            "dashboard:label_paper": [self.closed.pk, "a4"],
            "dashboard:another_box": [self.closed.pk, packed.delivery_id if packed else 0],
            "dashboard:replace": [self.closed.pk, packed.pk if packed else 0],
            "dashboard:cut": [self.closed.pk, packed.pk if packed else 0],
            "aftersales:withdraw_order": [links.sign(order=self.delivered)],
            "aftersales:complain": [links.sign(order=self.delivered), self.complaint.order_line_id],
            "aftersales:bank_details": [banking.sign(order=self.delivered)],
            "aftersales:pay_back": [self.delivered.number],
            "aftersales:pay_back_account": [self.town.account.pk],
            **{f"aftersales:{room}_empties": [Delivery.objects.get(order=self.delivered).pk] for room in ("office", "producer")},
        }
        known |= {
            "reviews:write": [links.sign(order=self.delivered), self.complaint.order_line_id],
            "reviews:article": [product.slug, product.pk],
            "reviews:of_producer": [partner.slug],
            "reviews:order": [review_links.sign(order=self.delivered)],
            **{f"reviews:{what}": [self.review.pk] for what in ("publish", "refuse", "reply", "report", "judge")},
        }
        known |= debts.arguments(invoice=self.invoice)
        known |= sent_in.arguments(name)
        known |= agreed.arguments(name, region=self.town.region, partner=partner)
        known |= office_books.arguments(region=self.town.region, delivered=self.delivered, invoice=self.invoice)
        known |= driven.arguments(name, delivered=self.delivered, tour=tour, planned=self.planned_tour)
        if name in known:
            return known[name]
        first, _colon, last = name.partition(":")
        if first in {"pickup", "hub"} or last in {"invite_host", "keep_goods", "remove_host"}:
            return goods_way.arguments(name, delivery_round=self.closed)
        if first == "desk":
            return phone.arguments(last)
        if first == "standing":
            return [self.delivered.number if last == "again" else self.standing.number]
        if first == "aftersales":
            of_withdrawals = {"withdrawal", "match", "refuse_withdrawal"}
            return [self.withdrawal.pk if last in of_withdrawals else self.complaint.pk]
        if last in {"voucher", "voucher_end"}:
            return [self.voucher.pk]
        if first == "change":
            return [self.open.number]
        if first == "dashboard":
            return [product.pk] if last in {"article", "reduction", "switch", "offer"} else [self.closed.pk]
        if first == "office":
            by_word = dict.fromkeys(("producer", "approve", "suspend", "renew_contract"), partner)
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
    savings.compute(delivery_round=town.round, at=ended)
    (invoice,) = invoicing.draw_due(today=ended.date(), at=ended)
    closed = DeliveryRound.objects.get(region=town.region, delivery_day=town.delivery_day + timedelta(days=7))
    window = closed.windows.get(pickup_point__isnull=True)
    bought = cases.Terms(size=12, wholesaler="Großhandel Beispiel")
    cases.agree(stockrecord=town.products["yoghurt"].stockrecords.get(), terms=bought, at=ended, by=None)
    to_pack = way.order(town, {"goat_cheese": 1, "yoghurt": 2}, who=customer, window=window)
    way.order(town, {"goat_cheese": 1}, window=closed.windows.get(pickup_point__isnull=False))
    way.close(closed)
    goods_way.lay(delivery_round=closed, host=town.people["other_customer"])
    tours.plan(delivery_round=closed, at=timezone.now(), iterations=10)
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
    basket = sharing.share(basket=basket, at=timezone.now())
    line = baskets.add(basket=basket, product=town.products["honey"], quantity=1)
    dairy, today = town.partners["dairy"], timezone.localdate()
    voucher = vouchers.voucher(town.region, goods_of=dairy, bearer=dairy, valid_from=today, valid_until=today)
    village = town.villages["Haby"]
    address = addresses.add(user=customer, label="Zuhause", street="Weg 1", postal_code="24361", municipality=village)
    wish = ArticleNotice.objects.create(
        product=town.products["honey"], email="grete@post.example", asked_at=timezone.now(), asked_back_at=timezone.now()
    )
    told = Declaration(name="Ada Beispiel", number=delivered.number, email="ada@post.example")
    withdrawal = withdrawals.declare(region=town.region, declaration=told, at=timezone.now(), order=delivered)
    complaint = complaints.report(
        order_line=OrderLine.objects.get(order=delivered, product=town.products["goat_cheese"]),
        quantity=1,
        reason=Complaint.Reason.QUALITY,
        text="Trocken",
        photo=photos.photo(),
        today=today,
        at=timezone.now(),
    )
    now = timezone.now()
    much_later = coming.delivery_day + timedelta(days=70)
    plans.except_day(rule=coming.rule, day=much_later, moved_to=None, reason="Betriebsferien", at=now, by=None)
    hours = farm_windows.offer(partner=dairy, rule=coming.rule, starts=time(9), ends=time(12), capacity=5, at=now, by=None)
    at_farm = way.order(town, {"goat_cheese": 1}, window=coming.windows.get(partner=dairy), at=now)
    standing = standing_orders.for_customer(town, product=town.products["goat_cheese"], who=customer)
    review = reviews.write(line=complaint.order_line, stars=4, text="Cremig", at=now)
    reviews.publish(review=review, at=now, by=None)
    areas.enter(region=town.region, email="grete@post.example", postal_code="24768", place="Rendsburg", at=now)
    entry = waiting.enter(window=door, email="grete@post.example", user=None, at=now)
    card = phone.card(town, at=now)
    phone.order(town, card, {"honey": 1}, window=point, at=now)
    phone.fill(town, card, {"honey": 1})
    phone.wants_to_cancel(town, at=now)
    pages_of.event(region=town.region)
    LedgerExport.objects.create(
        region=town.region, number=1, first=today, last=today, content=b"EXTF", lines=1, total=1, made_at=now
    )
    debts.make(town=town, order=delivered, customer=customer, at=now)
    sent_in.make(partner=dairy, at=now)
    transferred.make(settlement=settlement, at=now)
    PayoutRun.objects.create(
        region=town.region, number="AZ-1", execution_on=today, total=Decimal("9.00"), message="<Document/>", made_at=now
    )
    ProviderMovement.objects.create(region=town.region, number="txn_1", kind="adjustment", amount=Decimal("1.00"), moved_at=now)
    BankLine.objects.create(
        region=town.region, key="1", booked_on=today, amount=Decimal("28.00"), name="Ada Beispiel", imported_at=now
    )
    return World(
        town,
        delivered,
        to_pack,
        still_open,
        fetched,
        invoice,
        settlement,
        closed,
        line,
        wish,
        voucher,
        address,
        withdrawal,
        complaint,
        at_farm.delivery,
        hours,
        entry,
        standing,
        review,
    )
