"""Every door of the market: what is for restaurants only is there for them, and for nobody else."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms import drafts, goods, rows
from cms.goods import GoodsWish
from logistics import substitutes
from logistics.models import Collection, PackedLine
from marketplace.assortments import groups, rules, sights
from marketplace.assortments.groups import Kind, leave
from marketplace.assortments.models import AssortmentRule
from marketplace.basket import baskets, sharing
from marketplace.basket.baskets import NotAdded
from marketplace.basket.models import Basket, Line
from marketplace.catalogue.models import Product
from marketplace.checkout import amendment, changes, placement
from marketplace.checkout.problems import Refused
from marketplace.desk import callers, reading, taking
from marketplace.notices import articles, favourites, novelties
from marketplace.notices.models import Favourite, NoticeChoice
from marketplace.notices.models import Kind as Notice
from marketplace.order.models import Order
from marketplace.partner.models import StockRecord
from marketplace.shop import offered
from marketplace.standing import placing, reorders
from marketplace.standing.agreements import NotAgreed
from tests.assortments.conftest import SHELF, TITLE, Trade, of
from tests.cms import market as pages
from tests.desk import phone
from tests.factories.market import AccountFactory, UserFactory
from tests.factories.orders import TERMS, contact_in, filled_basket
from tests.standing import standing_orders

ADDRESSES = {
    "market": "/markt/",
    "newest": "/markt/?sortierung=neu",
    "filter of a producer": "/markt/?betrieb=orchard",
    "shelf": f"/markt/{SHELF}/",
    "search": "/suche/?q=quittengelee",
    "search with a typo": "/suche/?q=quitengele",
    "suggestions": "/suche/vorschlaege/?q=quitteng",
    "producer": "/betriebe/orchard/",
    "season": "/saison/",
}


@pytest.mark.parametrize("address", ADDRESSES.values(), ids=list(ADDRESSES))
def test_case_42_list_shows_it_to_the_customers_it_is_for_alone(trade: Trade, address: str) -> None:
    assert TITLE in of(trade.chef).get(address).content.decode()
    for who in (None, trade.customer, trade.town.people["orchard"]):
        for _again in range(2):  # the second time from what is kept
            assert TITLE not in of(who).get(address).content.decode()
    assert TITLE in of(trade.chef).get(address).content.decode()


@pytest.mark.parametrize("name", ["catalogue:detail", "catalogue:price", "reviews:article"])
def test_case_42_page_of_it_does_not_exist_for_others(trade: Trade, name: str) -> None:
    url = reverse(name, args=[trade.bucket.slug, trade.bucket.pk])
    assert [of(who).get(url).status_code for who in (trade.chef, trade.customer, None)] == [200, 404, 404]


def test_numbers_say_nothing_of_it(trade: Trade) -> None:
    """The count of the market, of the shelf among the filters, of the map and of the producer."""
    told = {
        who: [of(who).get(url).content.decode() for url in ("/markt/", "/karte/", "/betriebe/")] for who in (None, trade.chef)
    }
    for secret, open_ in zip(told[None], told[trade.chef], strict=True):
        assert secret != open_
    assert "Eimerware" in told[trade.chef][0]
    assert "Eimerware" not in told[None][0]
    assert "Eimerware" not in of(None).get("/suche/?q=eimerware").content.decode()


def test_machines_are_not_told(trade: Trade) -> None:
    assert trade.bucket.slug not in of(None).get("/sitemap.xml").content.decode()
    assert of(None).get(reverse("catalogue:article_picture", args=[trade.bucket.pk])).status_code == 404


def test_pages_of_the_editors_show_it_to_those_it_is_for(trade: Trade) -> None:
    region, wishes = trade.town.region, {"a": GoodsWish(picked=(trade.bucket.pk,)), "b": GoodsWish(rule=goods.ALL, count=40)}
    shown = offered.offered(region=region, at=trade.town.noon)
    for user, seen in ((trade.chef, 1), (None, 0)):
        sight = sights.of(region=region, user=user)
        draft = goods.draft(wishes=wishes, region=region, at=trade.town.noon, rounds=shown, sight=sight)
        [found] = drafts.finish(drafts=[draft])
        assert [sum(card.title == TITLE for card in found[key]) for key in ("a", "b")] == [seen, seen]
        orchard = next(row for row in rows.sellers(region=region, sight=sight) if row.slug == "orchard")
        assert orchard.article_count == orchard.offered_count == Product.objects.of(orchard).count() - 1 + seen


@pytest.mark.django_db
def test_home_page_is_kept_for_each_sight_apart() -> None:
    region, [hidden, *_others], _home = pages.market(3)
    chef = UserFactory.create()
    AccountFactory.create(region=region).users.add(chef)
    by: dict[str, Any] = {"at": timezone.now(), "by": None}
    assortment = groups.found_assortment(region=region, name="Großgebinde", **by)
    group = groups.found_group(region=region, name="Gastronomie", **by)
    rules.lay_down(region=region, assortment=assortment, group=group, shows=True, **by)
    groups.join(group=group, kind=Kind.ACCOUNTS, member=chef.accounts.get(), **by)
    hidden.assortments = [assortment.pk]
    hidden.save()
    for who, seen in ((chef, True), (None, False), (chef, True), (UserFactory.create(), False)):
        assert (hidden.get_absolute_url() in of(who).get("/").content.decode()) is seen


def test_case_42_forged_request_is_refused_in_words_and_leaves_nothing(trade: Trade) -> None:
    url = reverse("basket:add", args=[trade.bucket.pk])
    for who in (None, trade.customer):
        answer = of(who).post(url, {"quantity": 1}, follow=True)
        assert "Dieser Artikel wird zurzeit nicht angeboten." in answer.content.decode()
        answer = of(who).post(url, {"quantity": 1}, headers={"HX-Request": "true"})
        assert answer.status_code == 404
    assert not Line.objects.exists()
    assert not Basket.objects.exists()
    of(trade.chef).post(url, {"quantity": 2})
    assert Line.objects.get().basket.owner == trade.chef


def test_device_that_was_without_network_cannot_either(trade: Trade) -> None:
    of(trade.customer).post(reverse("offline:catch_up"), {"id": "a1", "article": trade.bucket.pk, "quantity": 1})
    assert not Line.objects.exists()


def test_basket_of_somebody_else_takes_it_only_from_one_who_may_for_one_who_may(trade: Trade) -> None:
    region = trade.town.region
    guest = Basket.objects.create(region=region)
    with pytest.raises(NotAdded, match="nur für bestimmte Kunden"):
        baskets.add(basket=guest, product=trade.bucket, quantity=1)
    own = filled_basket(region=region, owner=trade.chef, wanted={trade.bucket: 1})
    Basket.objects.filter(pk=own.pk).update(share_key="a" * 32)
    friend = of(None)
    friend.post(reverse("basket:shared", args=["a" * 32]), {"name": "Ida"})
    friend.post(reverse("basket:add", args=[trade.bucket.pk]), {"quantity": 1})
    assert Line.objects.get().quantity == 1


def test_who_is_no_longer_in_the_group_reads_why_and_cannot_order_it(trade: Trade) -> None:
    basket = filled_basket(region=trade.town.region, owner=trade.chef, wanted={trade.bucket: 1, trade.town.products["honey"]: 1})
    leave(group=trade.group, kind=Kind.ACCOUNTS, member_id=trade.town.account.pk, at=trade.town.noon, by=None)
    assert "Nur für bestimmte Kunden." in of(trade.chef).get("/korb/").content.decode()
    with pytest.raises(Refused) as refusal:
        _place(trade, basket, user=trade.chef)
    assert [problem.product_id for problem in refusal.value.problems] == [trade.bucket.pk]
    assert not Order.objects.exists()


def test_order_stays_but_no_more_of_it_comes_when_the_group_is_left(trade: Trade) -> None:
    order = _place(trade, filled_basket(region=trade.town.region, owner=trade.chef, wanted={trade.bucket: 1}), user=trade.chef)
    leave(group=trade.group, kind=Kind.ACCOUNTS, member_id=trade.town.account.pk, at=trade.town.noon, by=None)
    for wanted, codes in ((1, []), (2, ["hidden"])):
        change = changes.as_it_stands(order=order)
        change = changes.Change(**{**vars(change), "wanted": {trade.bucket.pk: wanted}})
        drawn = changes.propose(order=order, change=change, at=trade.town.noon)
        found = amendment.problems(order=order, change=change, proposal=drawn)
        assert [problem.code for problem in found if problem.product_id == trade.bucket.pk] == codes


def test_case_42_forged_article_in_a_change_is_refused_without_its_title(trade: Trade) -> None:
    seen = trade.town.products["honey"]
    basket = filled_basket(region=trade.town.region, owner=trade.customer, wanted={seen: 1})
    order = _place(trade, basket, user=trade.customer)
    asked = changes.as_it_stands(order=order)
    change = changes.Change(**{**vars(asked), "wanted": {seen.pk: 1, trade.bucket.pk: 1}, "added": {trade.bucket.pk: 1}})
    drawn = changes.propose(order=order, change=change, at=trade.town.noon)
    found = amendment.problems(order=order, change=change, proposal=drawn)
    assert [problem.code for problem in found] == ["not_offered"]
    told: dict[str, Any] = {"at": trade.town.noon, "by": None, "terms_accepted": TERMS, "fingerprint": drawn.fingerprint}
    with pytest.raises(Refused) as refused:
        amendment.amend(order=order, change=change, **told)
    assert TITLE not in " ".join(problem.text for problem in refused.value.problems)
    page = of(trade.customer).post(reverse("change:article", args=[order.number, trade.bucket.pk]), {"quantity": "1"})
    assert page.status_code == 404
    assert order.lines.count() == 1


def test_guest_who_orders_a_shared_basket_cannot_have_it(trade: Trade) -> None:
    basket = filled_basket(region=trade.town.region, owner=trade.chef, wanted={trade.bucket: 1})
    with pytest.raises(Refused, match="nur für bestimmte Kunden"):
        _place(trade, basket, user=None)


def test_guest_of_a_shared_basket_does_not_learn_what_is_not_for_him(trade: Trade) -> None:
    seen = trade.town.products["honey"]
    basket = filled_basket(region=trade.town.region, owner=trade.chef, wanted={seen: 1, trade.bucket: 1})
    key = sharing.share(basket=basket, at=trade.town.noon).share_key
    guest = of(trade.customer)
    guest.post(reverse("basket:shared", args=[key]))
    page = guest.get(reverse("basket:summary")).content.decode()
    assert (seen.title in page, TITLE in page, "40,00" in page) == (True, False, False)
    assert "1 Artikel darin ist nur für bestimmte Kunden" in page
    for address in ("checkout:start", "checkout:review"):
        answer = guest.get(reverse(address), follow=True).content.decode()
        assert "Bestellen kann ihn, wem er gehört." in answer
        assert TITLE not in answer
    owner = of(trade.chef).get(reverse("basket:summary")).content.decode()
    assert TITLE in owner


def test_reorder_says_that_it_is_not_there(trade: Trade) -> None:
    order = _place(trade, filled_basket(region=trade.town.region, owner=trade.chef, wanted={trade.bucket: 1}), user=trade.chef)
    [there], _row = reorders.of_order(order=order, at=trade.town.noon, today=trade.town.today)
    assert there.is_there
    assert there.url
    leave(group=trade.group, kind=Kind.ACCOUNTS, member_id=trade.town.account.pk, at=trade.town.noon, by=None)
    [gone], _row = reorders.of_order(order=order, at=trade.town.noon, today=trade.town.today)
    assert not gone.is_there
    assert not gone.url


def test_marks_and_wishes_are_for_what_one_sees(trade: Trade) -> None:
    region, key = trade.town.region, str(trade.bucket.pk)
    for user, found in ((trade.chef, trade.bucket), (trade.customer, None), (None, None)):
        assert favourites.find(article=key, producer="", region=region, sight=sights.of(region=region, user=user)) == found
    favourites.mark(user=trade.customer, thing=trade.bucket, at=trade.town.noon)
    assert TITLE not in of(trade.customer).get("/konto/merkliste/").content.decode()
    assert of(trade.customer).post(reverse("notices:ask", args=[trade.bucket.pk])).status_code == 404


def test_notices_name_it_to_those_it_is_for(trade: Trade) -> None:
    region, noon = trade.town.region, trade.town.noon
    before = noon.replace(day=1)
    Product.objects.filter(pk=trade.bucket.pk).update(date_created=noon)
    for user in (trade.chef, trade.customer):
        articles.ask(product=trade.bucket, user=user, email="", at=noon)
        Favourite.objects.create(user=user, partner=trade.bucket.partner, since=before)
        told = {"region": region, "user": user, "kind": Notice.NEW_ARTICLES, "wanted": True, "changed_at": before}
        NoticeChoice.objects.create(**told)
    articles.ask(product=trade.bucket, user=_nobody(), email="gast@post.example", at=noon)
    assert [row.user for row in articles.due(region=region, at=noon)] == [trade.chef]
    assert [reader.email for reader, _item in novelties.of_favourites(region=region, at=noon)] == [trade.chef.email]


def test_telephone_orders_with_the_rights_of_who_calls(trade: Trade) -> None:
    town, office = trade.town, of(trade.town.people["office"])
    kitchen, household = phone.card(town), phone.card(town, phone="04356 000 999", first_name="Ida")
    callers.change(caller=kitchen, details={**phone.CARD, "municipality": town.villages["Haby"], "groups": [trade.group.pk]})
    for caller, status, seen in ((household, 404, False), (kitchen, 302, True)):
        page = office.get(reverse("desk:caller", args=[caller.pk]), {"q": "quittengelee"}).content.decode()
        assert (TITLE in page) is seen
        assert office.post(reverse("desk:add", args=[caller.pk]), {"product": trade.bucket.pk}).status_code == status
    kitchen.refresh_from_db()
    assert [line.product for line in taking.basket_of(caller=kitchen).lines.all()] == [trade.bucket]
    order = _taken(trade, kitchen)
    sight = sights.of_order(region=town.region, order_id=order.pk, user_id=None)
    assert sight.sees(trade.bucket.assortments)
    household.refresh_from_db()
    rounds = offered.offered(region=town.region, at=town.noon)
    assert taking.again(caller=household, order=order, rounds=rounds, at=town.noon) != []


def test_substitute_is_something_that_the_customer_may_have(trade: Trade) -> None:
    apples = trade.town.products["apples"]
    offer = StockRecord.objects.select_related("product").get(product=trade.bucket)
    for user, refused in ((trade.customer, True), (trade.chef, False)):
        basket = filled_basket(region=trade.town.region, owner=user, wanted={apples: 40})
        line = PackedLine(order_line=_place(trade, basket, user=user).lines.get(), ordered=40)
        line.collection = Collection(round=trade.town.round)
        said = substitutes.hindrance(line=line, missing=40, offer=offer, quantity=1)
        assert ("nur für bestimmte Kunden" in said) is refused


def test_standing_order_is_made_of_what_one_sees_and_leaves_out_what_one_sees_no_more(trade: Trade) -> None:
    with pytest.raises(NotAgreed):
        standing_orders.for_customer(trade.town, product=trade.bucket, who=trade.customer)
    standing_orders.for_customer(trade.town, product=trade.bucket, who=trade.chef)
    leave(group=trade.group, kind=Kind.ACCOUNTS, member_id=trade.town.account.pk, at=trade.town.noon, by=None)
    placing.place_due(at=trade.town.noon)
    assert not Order.objects.exists()


def test_visitors_need_no_query_more_when_rules_are_kept(trade: Trade) -> None:
    """What everybody sees is told by the region, which every page has at hand."""
    needed: dict[str, list[int]] = {}
    for kept_rules in (True, False):
        if not kept_rules:
            AssortmentRule.objects.all().delete()
        for url in ("/markt/", trade.town.products["honey"].get_absolute_url(), "/betriebe/orchard/", "/suche/?q=honig"):
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                of(None).get(url)
            needed.setdefault(url, []).append(len(captured))
    assert all(with_rules == without for with_rules, without in needed.values()), needed


def _nobody() -> Any:
    return AnonymousUser()


def _place(trade: Trade, basket: Basket, *, user: Any) -> Order:
    return placement.place(
        basket=basket,
        window_id=trade.town.window().pk,
        contact=contact_in(trade.town.villages["Haby"]),
        payment="handover",
        fingerprint=baskets.contents(basket=basket).fingerprint,
        user=user,
        at=trade.town.noon,
        terms_accepted=TERMS,
    )


def _taken(trade: Trade, caller: Any) -> Order:
    basket = taking.basket_of(caller=caller)
    return taking.take_down(
        caller=caller,
        basket=basket,
        window_id=trade.town.window().pk,
        payment="handover",
        fingerprint=baskets.contents(basket=basket).fingerprint,
        read=list(reading.POINTS),
        terms_accepted=TERMS,
        at=trade.town.noon,
        by=trade.town.people["office"],
    )
