"""What people do in the market, click by click."""

import re
from decimal import Decimal

from playwright.sync_api import Locator, Page, expect

AMOUNT = re.compile(r"(\d+),(\d\d)\s*€")
MOST_STEPS = 120
#: whether what has the focus is marked on the screen: itself, or its label around it
FOCUS = """() => { const marked = it => it && getComputedStyle(it).outlineStyle !== "none";
    const it = document.activeElement;
    return it === document.body || marked(it) || marked(it.closest("label")) || marked(it.closest("article, li, form")) }"""
GUEST = {
    "first_name": "Grete",
    "last_name": "Beispiel",
    "email": "grete@post.example",
    "phone": "+49 4356 000111",
    "street": "Dorfstraße 7",
    "postal_code": "24361",
}


def euros(text: str) -> Decimal:
    """The last amount in a text."""
    whole, cents = AMOUNT.findall(text.replace("\u202f", "").replace(".", ""))[-1]
    return Decimal(f"{whole}.{cents}")


def total(page: Page) -> Decimal:
    """The sum at the foot of a basket, review or order."""
    return euros(page.locator(".sums__total").last.inner_text())


def press(page: Page, name: str) -> None:
    """Press the button or follow the link of that name, and wait for the page it leads to."""
    said = re.compile(rf"^\s*{re.escape(name)}\s*$", re.IGNORECASE)
    where = page.get_by_role("button", name=said).or_(page.get_by_role("link", name=said))
    with page.expect_navigation():
        where.first.click()


def add(page: Page, title: str) -> None:
    """Put one of an article into the basket from the card in a list."""
    card(page, title).get_by_role("button", name=re.compile("In den Korb")).click()


def card(page: Page, title: str) -> Locator:
    """The card of an article."""
    return page.locator("article.card", has=page.get_by_role("link", name=title, exact=True))


def choose_delivery(page: Page, village: str, *, round_day: str) -> None:
    """To the door in the first window of that day."""
    page.locator("[name=municipality]").select_option(label=village)
    day = page.locator("section", has=page.get_by_role("heading", name=round_day))
    day.locator("input[name=window]:not([disabled])").first.check()
    press(page, "Weiter")


def tell_details(page: Page, *, payment: str = "handover") -> None:
    """Name, address as far as they are asked for, and how it is paid: at the door unless told otherwise."""
    for name, value in GUEST.items():
        field = page.locator(f"main [name={name}]")
        if not field.count():
            continue
        if field.evaluate("it => it.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(f"[name=payment][value={payment}]").check()
    press(page, "Weiter")


def log_in(page: Page, email: str, password: str) -> None:
    """With the password, on the form."""
    page.goto("/konto/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(password)
    with page.expect_navigation():
        page.locator("[name=password]").press("Enter")


def pack(page: Page, address: str, *, weight: str = "") -> None:
    """Record every line of a producer's round, weigh what is weighed, and finish."""
    page.goto(address)
    for line in page.locator(".pack__line").all():
        if line.locator("[name=weight]").count():
            line.locator("[name=weight]").fill(weight)
        line.locator("button[id^=save-]").click()
        expect(line).to_have_class(re.compile("pack__line--done"))
    press(page, "Alles ist gepackt")


def drive(page: Page, address: str) -> list[Decimal]:
    """Start a tour, walk its stops, take cash where something is owed; returns what was taken."""
    page.goto(address)
    press(page, "Tour starten")
    stop = page.locator("[data-stop]:not([hidden])")
    over = stop.get_by_role("button", name=re.compile("^\\s*(Abgeholt|Übergeben)"))
    taken = []
    while over.count():
        due = stop.locator("fieldset.panel .code")
        if due.count():
            taken.append(euros(due.inner_text()))
            stop.locator("[name=paid][value=cash]").check()
        here = stop.first.get_attribute("data-stop")
        over.click()
        page.wait_for_function("id => document.querySelector('[data-stop]:not([hidden])')?.dataset.stop !== id", arg=here)
        page.wait_for_load_state("networkidle")
    expect(page.get_by_text("Die Tour ist")).to_be_visible()
    return taken


def tab_to(page: Page, wanted: Locator) -> None:
    """Go there with the tabulator alone; every stop on the way must show where one is."""
    for _step in range(MOST_STEPS):
        page.keyboard.press("Tab")
        shown, there = page.evaluate(FOCUS), wanted.count() and wanted.first.evaluate("it => it === document.activeElement")
        assert shown, page.evaluate("document.activeElement.outerHTML")
        if there:
            return
    raise AssertionError(f"not reached by keyboard: {wanted}")
