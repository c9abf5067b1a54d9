"""Accessibility of a page: all WCAG rules up to 2.2 AA, at three widths, by day and by night."""

from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
WIDTHS = (320, 375, 1280)
#: the rules of these tags that look at colours; only they can find something else at night than by day
COLOURS = ("color-contrast", "link-in-text-block")
RUN = """what => axe.run({runOnly: what, resultTypes: ["violations"]})
    .then(found => found.violations.flatMap(rule => rule.nodes.map(node => rule.id + ": " + node.target.join(" "))))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STICKING_OUT = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth).slice(-1)
    .map(it => it.tagName.toLowerCase() + "." + it.className + " " + it.textContent.trim().slice(0, 40)).join()"""


DAY: tuple[Literal["light"], dict[str, object]] = ("light", {"type": "tag", "values": TAGS})
NIGHT: tuple[Literal["dark"], dict[str, object]] = ("dark", {"type": "rule", "values": COLOURS})


def findings(page: Page, *, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with the open page; nothing, hopefully."""
    page.evaluate(Axe().axe_script)
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 812})
        for scheme, what in (DAY, NIGHT):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme} {finding}" for finding in page.evaluate(RUN, what)]
        if page.evaluate(WIDER) > 0:
            found.append(f"{width}: {page.evaluate(WIDER)} px wider than the screen: {page.evaluate(STICKING_OUT)}")
    return found
