"""Every page that is built, looked at by axe: no finding, no sideways scrolling, nothing from elsewhere."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Response

from tests.architecture import urls
from tests.architecture.test_who_sees_what import TABLE
from tests.architecture.world import ASKING, World
from tests.browser import axe
from tests.browser.conftest import Enter

#: answers that are no pages: files, and parts of a page
NO_PAGES = {
    "feeds:calendar",
    "dashboard:pick_list",
    "dashboard:label_paper",
    "dashboard:purchase_sheet",
    "dashboard:pack_queue",
    "dashboard:earning",
    "logistics:queue",
    "customer:box_photo",
    "logistics:sheet",
    "logistics:slip",
    "office:slip",
    "aftersales:office_photo",
    "aftersales:producer_photo",
    "office:payout_file",
    "office:incoming_file",
    "dashboard:incoming_file",
    "office:debit_file",
    "office:dunning_letter",
    "customer:purse_code",
    "dashboard:statement_table",
    "dashboard:seller_copy_table",
    "dashboard:payout_account_page",
    "dashboard:payout_account_back",
    "dashboard:settlement_year_table",
    "office:ledger_file",
    "office:open_items",
    "office:handover_file",
    "office:review_table",
    "office:planning",
    "office:door_picture",
    "billing:document_by_link",
    "catalogue:suggest",
    "offline:manifest",
    "offline:worker",
    "desk:letters",
    "desk:letter",
    "cms:sitemap",
    "cms:robots",
    "cms:calendar",
    "cms:event_file",
}
#: asked in this order: the first who may see a page looks at it
VIEWERS = ("customer", "producer", "office", "driver", "other customer")
#: of Wagtail and allauth, and what a visitor meets by mistake
OTHERS = {
    "home": ("/", ""),
    "stories": ("/geschichten/", ""),
    "events": ("/termine/", ""),
    "event": ("/termine/hoffest/", ""),
    "imprint": ("/impressum/", ""),
    "login": ("/konto/login/", ""),
    "signup": ("/konto/signup/", ""),
    "forgotten password": ("/konto/password/reset/", ""),
    "code by mail": ("/konto/login/code/", ""),
    "password": ("/konto/password/change/", "customer"),
    "second factor": ("/konto/2fa/", "customer"),
    "sessions": ("/konto/sessions/", "customer"),
    "e-mail": ("/konto/email/", "customer"),
    "log out": ("/konto/logout/", "customer"),
    "found": ("/suche/?q=honig", ""),
    "found nothing": ("/suche/?q=xyzzy", ""),
    "link that has expired": ("/konto/bestellung/abgelaufen/", ""),
    "orders to cancel": ("/buero/telefon/absagen/?alle=1", "office"),
    "not found": ("/gibt-es-nicht/", ""),
    "not for you": ("/buero/", "customer"),
}


def _built() -> list[tuple[str, str]]:
    """Names of our pages with who looks at them, by the table of who sees what."""
    rows = [line.split() for line in TABLE.strip().splitlines() if not line.startswith("#")]
    columns = list(ASKING)
    built = []
    for name, method, *codes in rows:
        viewer = next((who for who in VIEWERS if codes[columns.index(who)] == "200"), "")
        if codes[0] == "200":
            viewer = "visitor"
        if method == "GET" and viewer and name not in NO_PAGES and not name.startswith("billing:document"):
            built.append((name, viewer))
    return built


@pytest.mark.parametrize(("name", "viewer"), _built())
def test_page_of_ours(name: str, viewer: str, enter: Enter, market: World) -> None:
    route = next(address.route for address in urls.ours() if address.name == name)
    address = reverse(name, args=market.arguments(name) if "<" in route else [])
    _look_at(enter, address, ASKING[viewer] or "")


@pytest.mark.parametrize("what", OTHERS)
def test_other_page(what: str, enter: Enter) -> None:
    _look_at(enter, *OTHERS[what])


def _look_at(enter: Enter, address: str, person: str) -> None:
    page = enter(person)
    answer: Response | Any | None = page.goto(address)
    assert answer is not None
    assert answer.status < 500
    assert axe.findings(page) == []
