"""What begins with a tap in the shop and goes on in a mail: told when an article is back, asked how it was, a wish confirmed."""

from datetime import timedelta
from typing import Any

from django.core import mail
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import Page, expect

from logistics.models import Delivery
from marketplace.notices import choices, tasks
from marketplace.notices.models import ArticleNotice, Kind
from marketplace.partner.models import StockRecord
from marketplace.reviews.models import Review
from tests.architecture.world import World
from tests.browser import axe, way
from tests.browser.conftest import Enter


def path_in(message: Any, begin: str) -> str:
    """The path of the link in a mail that begins like that."""
    return begin + str(message.body).split(begin)[1].split()[0]


def follow(page: Page, message: Any, begin: str) -> None:
    """Open the link; axe finds nothing on the page."""
    page.goto(path_in(message, begin))
    assert axe.findings(page) == []


def test_guest_is_told_when_an_article_is_back_and_stops_it(enter: Enter, market: World) -> None:
    candle = market.town.products["candle"]
    offer = StockRecord.objects.get(product=candle)
    before = (offer.stock_kind, offer.num_in_stock)
    StockRecord.objects.filter(pk=offer.pk).update(stock_kind="limited", num_in_stock=0)
    cache.clear()
    page = enter()
    page.goto(candle.get_absolute_url())
    page.locator("main form[action*='benachrichtigen'] [name=email]").fill("ina@post.example")
    with page.expect_navigation():
        page.locator("main form[action*='benachrichtigen'] button").click()
    expect(page.get_by_text("Wir haben eine E-Mail an ina@post.example geschickt")).to_be_visible()
    tasks.ask_back()
    follow(page, mail.outbox[-1], "/benachrichtigen/ja/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    StockRecord.objects.filter(pk=offer.pk).update(stock_kind="limited", num_in_stock=9)
    cache.clear()
    tasks.send_due_notices()
    told = next(
        letter
        for letter in mail.outbox
        if candle.title in letter.subject and letter.to == ["ina@post.example"] and letter.extra_headers
    )
    page.goto(path_in(told, "/artikel/"))
    expect(page.get_by_role("button", name="In den Korb").first).to_be_visible()
    follow(page, told, "/benachrichtigen/abbestellen/")
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    assert not choices.wants(region=market.town.region, kind=Kind.AVAILABLE, user_id=None, email="ina@post.example")
    StockRecord.objects.filter(pk=offer.pk).update(stock_kind=before[0], num_in_stock=before[1])
    ArticleNotice.objects.filter(email="ina@post.example").delete()


def test_customer_is_asked_how_it_was_and_reviews_by_the_mail_alone(enter: Enter, market: World) -> None:
    person, order = market.town.people["customer"], market.delivered
    region = market.town.region
    choices.choose(region=region, kinds=[Kind.REVIEW], wanted=True, at=timezone.now(), user_id=person.pk)
    done = Delivery.objects.filter(order=order)
    kept = list(Review.objects.filter(order_line__order=order))
    Review.objects.filter(order_line__order=order).delete()
    done.update(completed_at=timezone.now() - timedelta(days=4))
    tasks.send_due_notices()
    letter = next(letter for letter in mail.outbox if "/bewerten/" in str(letter.body))
    page = enter()
    follow(page, letter, "/bewerten/")
    section = page.locator("section", has=page.get_by_role("heading", name=market.town.products["honey"].title))
    section.get_by_label("4 Sterne").check()
    section.locator("textarea").fill("Cremig, nicht zu süß.")
    with page.expect_navigation():
        section.get_by_role("button").click()
    expect(page.get_by_text("Danke! Wir sehen Ihre Bewertung durch")).to_be_visible()
    assert Review.objects.get(order_line__order=order).stars == 4
    Review.objects.filter(order_line__order=order).delete()
    Review.objects.bulk_create(kept)


def test_reader_reports_a_review(enter: Enter, market: World) -> None:
    page = enter()
    page.goto(f"/betriebe/{market.review.partner.slug}/bewertungen/")
    with page.expect_navigation():
        page.locator("a[href$='/melden/']").first.click()
    assert axe.findings(page) == []
    page.get_by_label("Sie ist Werbung.").check()
    way.press(page, "Meldung absenden")
    expect(page.get_by_text("Danke. Wir sehen uns die Bewertung an")).to_be_visible()
    clerk = enter("office")
    clerk.goto("/buero/bewertungen/gemeldet/")
    assert axe.findings(clerk) == []
    with clerk.expect_navigation():
        clerk.get_by_role("button", name="Bewertung bleibt").first.click()
    expect(clerk.get_by_text("Die Bewertung bleibt. Wer sie gemeldet hat, erfährt es.")).to_be_visible()
