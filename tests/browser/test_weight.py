"""How heavy a page is: what goes over the wire, pictures left out."""

import gzip

import pytest
from playwright.sync_api import Page, Response

from tests.browser import axe
from tests.browser.conftest import Enter

#: bytes over the wire: everything but pictures, fonts among it; HTML, styles and scripts alone; our own scripts
MOST, MOST_TEXT, MOST_SCRIPT = 60_000, 40_000, 6_000
MOST_REQUESTS = 20
PICTURES = (".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif")


@pytest.mark.parametrize("address", ["/", "/markt/", "/betriebe/", "/kasse/"])
def test_page_is_light(address: str, enter: Enter) -> None:
    page = enter()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address, wait_until="networkidle")
    weights = {answer.url: _weight(answer) for answer in answers if not answer.url.endswith(PICTURES)}
    fonts = sum(weight for url, weight in weights.items() if url.endswith(".woff2"))
    assert fonts, "the fonts were not loaded"
    own = [weight for url, weight in weights.items() if "/static/js/" in url]
    assert own, "the page's own scripts were not loaded"
    assert sum(own) <= MOST_SCRIPT
    assert sum(weights.values()) - fonts <= MOST_TEXT, weights
    assert sum(weights.values()) <= MOST, weights
    assert len(weights) <= MOST_REQUESTS


def _weight(answer: Response) -> int:
    """As the proxy or whitenoise sends it; fonts are compressed already."""
    body = answer.body()
    return len(body) if answer.request.resource_type == "font" else len(gzip.compress(body, 6))


def test_axe_and_the_ruler_see_a_fault(enter: Enter) -> None:
    """A test that finds nothing must be able to find something."""
    page = enter()
    page.goto("/kasse/")
    _spoil(page)
    found = " ".join(axe.findings(page, widths=(320,)))
    assert "image-alt" in found
    assert "wider than the screen" in found


def _spoil(page: Page) -> None:
    page.evaluate("""() => { const image = document.createElement("img"), wide = document.createElement("p");
        image.src = "data:,"; wide.textContent = "…"; wide.style.width = "900px"; document.body.append(image, wide) }""")
