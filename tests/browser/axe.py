"""Accessibility of a page: all WCAG rules up to 2.2 AA, at three widths, by day and by night."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa")
WIDTHS = (320, 375, 1280)
RUN = """tags => axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]})
    .then(found => found.violations.flatMap(rule => rule.nodes.map(node => rule.id + ": " + node.target.join(" "))))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
STICKING_OUT = """() => [...document.querySelectorAll("main *, header *, footer *")]
    .filter(it => it.getBoundingClientRect().right > document.documentElement.clientWidth).slice(-1)
    .map(it => it.tagName.toLowerCase() + "." + it.className + " " + it.textContent.trim().slice(0, 40)).join()"""


def findings(page: Page, *, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """What is wrong with the open page; nothing, hopefully."""
    page.evaluate(Axe().axe_script)
    found = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 812})
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{width} {scheme} {finding}" for finding in page.evaluate(RUN, list(TAGS))]
        if page.evaluate(WIDER) > 0:
            found.append(f"{width}: {page.evaluate(WIDER)} px wider than the screen: {page.evaluate(STICKING_OUT)}")
    return found
