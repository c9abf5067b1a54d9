"""The look of axe finds what it should, by day and by night."""

from playwright.sync_api import Page

from tests.browser import axe
from tests.browser.conftest import Enter

BY_NIGHT = """<html lang="de"><title>Probe</title><style>body { color: #111; background: #fff }
@media (prefers-color-scheme: dark) { body { color: #444; background: #333 } }</style><main><h1>Probe</h1><p>Text</p></main>"""
UNNAMED = """<html lang="de"><title>Probe</title><main><h1>Probe</h1><button></button></main>"""


def look(enter: Enter, html: str) -> list[str]:
    page: Page = enter()
    page.set_content(html)
    return axe.findings(page, widths=(375,))


def test_words_that_cannot_be_read_at_night_are_found(enter: Enter) -> None:
    found = look(enter, BY_NIGHT)
    assert found
    assert all("dark color-contrast" in one for one in found)


def test_a_button_without_a_name_is_found(enter: Enter) -> None:
    assert [one for one in look(enter, UNNAMED) if "light button-name" in one]
