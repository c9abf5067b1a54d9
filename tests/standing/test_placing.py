"""A standing order is ordered once in a round, and the customer is told what differs from the wish."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail

from logistics import rounds
from marketplace.catalogue.models import Category
from marketplace.checkout import cancellation
from marketplace.checkout.cancellation import NotCancelled
from marketplace.core.wishes import Substitution
from marketplace.order.models import Line, Order
from marketplace.partner.models import StockRecord
from marketplace.standing import agreements, endings, mails, occurrences, pauses, placing, summaries, tasks
from marketplace.standing.models import StandingPlacement
from tests.factories import orders
from tests.factories.market import NOW, AccountFactory, ProductFactory
from tests.standing.standing_orders import codes, household, pieces, place, products, tell, want

pytestmark = pytest.mark.django_db
Outcome = StandingPlacement.Outcome


def test_case_35_wishes_are_capped_by_what_is_there_and_the_cuts_are_told() -> None:
    home = household()
    full, two, none = (products(home, offer__stock_kind="limited", offer__num_in_stock=left)[0] for left in (5, 2, 0))
    standing = home.make([want(full, 3), want(two, 3), want(none, 3)])
    assert placing.place_due(at=NOW) == 1
    placed = StandingPlacement.objects.get(standing=standing)
    assert (placed.outcome, pieces(placed.order)) == (Outcome.PLACED, [3, 2])
    assert codes(placed) == ["capped", "missing"]
    assert not placed.order.payments.exists()  # type: ignore[union-attr]  # it is there
    letter = tell()
    assert letter.subject == "Das kommt am Samstag, 28. November"
    assert f"{two.title}: nur 2 statt 3" in letter.body
    assert f"{none.title} kommt dieses Mal nicht" in letter.body


def test_place_due_orders_once_however_often_it_runs() -> None:
    home = household()
    standing = home.make([want(products(home)[0], 2)])
    assert [placing.place_due(at=NOW + timedelta(hours=hours)) for hours in range(3)] == [1, 0, 0]
    order = Order.objects.get()
    assert (order.channel, order.user, order.status) == (Order.Channel.STANDING, standing.user, Order.Status.PLACED)


def test_place_due_waits_until_four_days_before_the_cutoff_and_is_late_by_days() -> None:
    home = household()
    home.make([want(products(home)[0])])
    assert placing.place_due(at=home.round.cutoff_at - timedelta(days=4, minutes=1)) == 0
    assert placing.place_due(at=home.round.cutoff_at - timedelta(minutes=1)) == 1


def test_place_due_orders_nothing_after_the_cutoff() -> None:
    home = household()
    home.make([want(products(home)[0])])
    assert placing.place_due(at=home.round.cutoff_at) == 0


def test_article_that_wants_more_notice_is_ordered_earlier() -> None:
    home = household()
    home.make([want(products(home, lead_time_days=7)[0])])
    assert placing.place_due(at=home.round.cutoff_at - timedelta(days=6)) == 1


def test_missing_article_is_replaced_by_a_similar_one_of_the_same_farm() -> None:
    home = household()
    gone, near, dear, elsewhere = products(home, 4)
    shelf = _shelf()
    for product in (gone, near, dear):
        product.categories.add(shelf)
    StockRecord.objects.filter(product=near).update(price=Decimal("5.30"))
    StockRecord.objects.filter(product=dear).update(price=Decimal("5.40"))
    ProductFactory.create(category=shelf)
    standing = home.make([want(gone, 2, substitution=Substitution.SIMILAR)])
    gone.is_public = False
    gone.save()
    placed = place(standing, home)
    assert codes(placed) == ["similar"]
    assert list(Line.objects.values_list("product", "quantity")) == [(near.pk, 2)]
    assert elsewhere.pk != near.pk


def _shelf() -> Any:
    return Category.add_root(name="Honig", slug="honig")


def test_similar_article_never_brings_another_allergen() -> None:
    home = household()
    gone, other = products(home, 2)
    shelf = _shelf()
    for product in (gone, other):
        product.categories.add(shelf)
    other.allergens = ["milk"]
    other.save()
    standing = home.make([want(gone, substitution=Substitution.SIMILAR)])
    gone.is_public = False
    gone.save()
    assert codes(place(standing, home)) == ["missing"]


def test_nothing_left_places_no_order_and_tells_why() -> None:
    home = household()
    product = products(home)[0]
    standing = home.make([want(product, substitution=Substitution.ASK)])
    product.is_public = False
    product.save()
    placed = place(standing, home)
    assert placed is not None
    assert (placed.outcome, placed.order, codes(placed)) == (Outcome.NOTHING, None, ["ask"])
    letter = tell()
    assert letter.subject == "Nichts bestellt für Samstag, 28. November"
    assert "Bitte sagen Sie uns" in letter.body


def test_price_that_rose_is_told_once() -> None:
    home = household()
    product = products(home)[0]
    standing = home.make([want(product)])
    StockRecord.objects.update(price=Decimal("5.20"))
    assert codes(place(standing, home)) == ["price"]
    assert standing.lines.get().told_price == Decimal("5.20")
    assert standing.lines.get().agreed_price == Decimal("4.90")


def test_price_that_rose_by_more_than_a_fifth_is_asked_first() -> None:
    home = household()
    dear, same = products(home, 2)
    standing = home.make([want(dear), want(same)])
    StockRecord.objects.filter(product=dear).update(price=Decimal("5.89"))
    placed = place(standing, home)
    assert codes(placed) == ["price_asks"]
    assert list(Line.objects.values_list("product", flat=True)) == [same.pk]
    line = standing.lines.get(product=dear)
    agreements.accept_price(standing=standing, line_id=line.pk, at=NOW, by=standing.user)
    line.refresh_from_db()
    assert line.agreed_price == Decimal("5.89")


def test_wine_waits_for_the_age() -> None:
    home = household()
    wine = products(home, age_limit=16)[0]
    standing = home.make([want(wine)])
    assert codes(place(standing, home)) == ["age"]


def test_case_37_missing_payment_pauses_and_loses_nothing() -> None:
    home = household()
    account = AccountFactory.create(region=home.region)
    account.users.add(home.user)
    standing = home.make([want(products(home)[0])], payment="account")
    account.approved_at = None
    account.save()
    placed = place(standing, home)
    standing.refresh_from_db()
    assert placed is not None
    assert (placed.outcome, standing.pause_reason) == (Outcome.PAYMENT, "payment")
    assert "pausiert" in tell().body
    assert placing.place_due(at=NOW) == 0
    account.approved_at = NOW
    account.save()
    pauses.resume(standing=standing, at=NOW, by=home.user)
    assert placing.place_due(at=NOW) == 1
    assert StandingPlacement.objects.get().outcome == Outcome.PLACED


def test_minimum_is_told() -> None:
    home = household()
    home.round.rule.minimum_order = Decimal("20")
    home.round.rule.save()
    standing = home.make([want(products(home)[0])])
    placed = place(standing, home)
    assert placed is not None
    assert placed.outcome == Outcome.MINIMUM


def test_own_order_of_the_round_takes_the_goods_in() -> None:
    home = household()
    own, standing_one = products(home, 2)
    basket = orders.filled_basket(region=home.region, owner=home.user, wanted={own: 1})
    till = orders.Till(
        region=home.region,
        village=home.village,
        window=home.window,
        basket=basket,
        products=(own,),
        contact=orders.contact_in(home.village),
        user=home.user,
    )
    order = till.place()
    standing = home.make([want(standing_one, 2), want(own, 3)])
    placed = place(standing, home)
    assert placed is not None
    assert (placed.outcome, placed.order) == (Outcome.ADDED, order)
    assert Order.objects.count() == 1
    assert {line.product_id: line.quantity for line in order.lines.all()} == {own.pk: 4, standing_one.pk: 2}
    order.refresh_from_db()
    assert (order.revision, placed.revision, order.channel) == (2, 2, Order.Channel.WEB)


def test_two_standing_orders_of_a_household_come_together() -> None:
    home = household()
    for product in products(home, 2):
        home.make([want(product)])
    assert placing.place_due(at=NOW) == 2
    assert pieces(Order.objects.get()) == [1, 1]


def test_case_37_at_the_cutoff_one_mail_says_what_comes() -> None:
    home = household()
    home.make([want(products(home)[0], 2)])
    placing.place_due(at=NOW)
    tell()
    after = home.round.cutoff_at + timedelta(minutes=11)
    rounds.close(delivery_round=home.round, at=after)
    due = mails.final_due(at=after)
    assert [mails.tell_final(placement_id=pk, at=after) for pk in due * 2] == [True, False]
    assert mail.outbox[-1].subject == "Es bleibt dabei: Ihre Lieferung am Samstag, 28. November"
    assert mails.final_due(at=after) == []


def test_case_37_the_office_is_told_once_what_standing_orders_came_to() -> None:
    home = household()
    capped = products(home, offer__stock_kind="limited", offer__num_in_stock=2)[0]
    home.make([want(capped, 3)])
    placing.place_due(at=NOW)
    after = home.round.cutoff_at + timedelta(minutes=11)
    assert summaries.due(at=after) == []
    rounds.close(delivery_round=home.round, at=after)
    mail.outbox.clear()
    due = summaries.due(at=after)
    assert [summaries.tell(round_id=pk, at=after) for pk in due * 2] == [True, False]
    assert summaries.due(at=after) == []
    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == ([home.region.email], "Dauerbestellungen der Runde am Samstag, 28. November")
    assert "bestellt: 1" in letter.body
    assert f"{capped.title}: nur 2 statt 3" in letter.body


def test_mail_of_the_placement_is_the_confirmation_and_the_only_one() -> None:
    home = household()
    standing = home.make([want(products(home)[0])])
    placed = place(standing, home)
    letter = tell()
    assert placed is not None
    assert placed.order is not None
    placed.order.refresh_from_db()
    assert placed.order.confirmation_sent_at == NOW
    assert "Allgemeine Geschäftsbedingungen" in letter.body
    assert standing.number in letter.body
    assert len(mail.outbox) == 1


def test_case_38_cancelled_occurrence_is_not_ordered_again() -> None:
    home = household()
    standing = home.make([want(products(home)[0])])
    placed = place(standing, home)
    assert placed is not None
    assert placed.order is not None
    cancellation.cancel(order=placed.order, at=NOW)
    assert placing.place_due(at=NOW) == 0
    assert mails.final_due(at=NOW) == []


def test_case_38_paused_places_nothing_but_what_is_placed_is_confirmed() -> None:
    home = household()
    standing = home.make([want(products(home)[0])])
    place(standing, home)
    pauses.pause(standing=standing, first=NOW.date(), last=None, at=NOW, by=home.user)
    tell()
    after = home.round.cutoff_at + timedelta(minutes=11)
    rounds.close(delivery_round=home.round, at=after)
    assert len(mails.final_due(at=after)) == 1
    other = home.make([want(products(home)[0])])
    endings.end(standing=other, at=NOW, by=home.user)
    assert placing.place_due(at=NOW) == 0


def test_case_38_later_change_leaves_the_placed_order_alone_and_says_so() -> None:
    home = household()
    product = products(home)[0]
    standing = home.make([want(product, 2)])
    placed = place(standing, home)
    assert placed is not None
    agreements.revise(standing=standing, articles=[want(product, 5)], way=home.way(), age_confirmed=0, at=NOW, by=home.user)
    assert placing.place_due(at=NOW) == 0
    assert pieces(placed.order) == [2]
    assert occurrences.still_open(standing=standing, at=NOW) == [placed.order]


def test_skipped_day_is_left_out() -> None:
    home = household()
    standing = home.make([want(products(home)[0])])
    pauses.skip(standing=standing, day=home.round.rule_day, at=NOW, by=home.user)
    assert placing.place_due(at=NOW) == 0
    pauses.unskip(standing=standing, day=home.round.rule_day, at=NOW, by=home.user)
    assert placing.place_due(at=NOW) == 1
    with pytest.raises(pauses.NotPaused, match="schon bestellt"):
        pauses.skip(standing=standing, day=home.round.rule_day, at=NOW, by=home.user)


def test_job_places_and_writes(time_machine: Any) -> None:
    home = household()
    home.make([want(products(home)[0])])
    time_machine.move_to(NOW, tick=False)
    tasks.place_due_standing_orders()
    tasks.place_due_standing_orders()
    assert sorted(letter.subject.split()[0] for letter in mail.outbox) == ["Das", "Ihre"]


def test_the_customers_own_basket_is_left_alone() -> None:
    home = household()
    own = ProductFactory.create(partner__municipality=home.village)
    basket = orders.filled_basket(region=home.region, owner=home.user, wanted={own: 1})
    place(home.make([want(products(home)[0])]), home)
    basket.refresh_from_db()
    assert (basket.status, basket.lines.count()) == ("Open", 1)


def test_case_38_after_the_cutoff_nothing_changes() -> None:
    home = household()
    standing = home.make([want(products(home)[0])])
    placed = place(standing, home)
    assert placed is not None
    assert placed.order is not None
    after = home.round.cutoff_at + rounds.GRACE
    rounds.close(delivery_round=home.round, at=after)
    with pytest.raises(NotCancelled):
        cancellation.cancel(order=placed.order, at=after)
    endings.end(standing=standing, at=after, by=home.user)
    assert pieces(placed.order) == [1]
    placed.order.refresh_from_db()
    assert placed.order.status == Order.Status.CLOSED
