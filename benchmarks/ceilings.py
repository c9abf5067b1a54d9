"""What is to hold, and whether it does: queries as numbers, time only as the ratio of two that were measured side by side."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.measure import Cost

PAGES = ("home", "catalogue", "page 3", "category", "search", "product", "producers")
KEPT = ("catalogue, kept", "product, kept")
#: queries
MOST = {
    **dict.fromkeys(PAGES, 8), **dict.fromkeys(KEPT, 1), "add, 1 there": 15, "add, 19 there": 15, "basket of 20": 15,
    "checkout of 3": 60, "checkout of 20": 90,
}  # fmt: skip
#: shares of the rate of a bare Django page, and how many times the CPU of Oscar
OF_BARE, OF_BARE_PRODUCT, OF_BARE_KEPT, GROWTH, OSCAR_PAGE, OSCAR_CHECKOUT = 0.30, 3.8 / 12, 0.5, 0.8, 5.0, 2.0
#: what is judged, its value and its ceiling as texts, and whether it holds
Line = tuple[str, str, str, bool]


@dataclass(frozen=True)
class Found:
    """The costs by page: ours and a stock Oscar's, with few articles and with many."""

    small: dict[str, Cost]
    big: dict[str, Cost]
    stock_small: dict[str, Cost]
    stock_big: dict[str, Cost]

    def of_bare(self, name: str, bare: str = "bare") -> float:
        """The rate of a page beside the bare one's."""
        return self.small[bare][1] / self.small[name][1]

    def growth(self, name: str) -> float:
        """The rate with many articles beside the rate with few."""
        return self.small[name][1] / self.big[name][1]

    def oscar(self, name: str) -> float:
        """How many times our CPU a stock Oscar takes."""
        return self.stock_small[name][1] / self.small[name][1]


def judged(found: Found) -> Iterator[Line]:
    """One line a ceiling."""
    for name, most in MOST.items():
        queries = max(found.small[name][0], found.big[name][0])
        yield f"queries, {name}", str(queries), str(most), queries <= most
    few, many = found.small["add, 1 there"][0], found.small["add, 19 there"][0]
    yield "queries to add with 19 lines as with one", f"{many}, {few}", "the same", few == many
    for name in PAGES:
        least = OF_BARE_PRODUCT if name == "product" else OF_BARE
        yield _at_least(f"rate of bare Django's 20 cards, {name}", found.of_bare(name), least)
    for name in KEPT:
        yield _at_least(f"rate of bare Django's kept page, {name}", found.of_bare(name, "bare, kept"), OF_BARE_KEPT)
    for name in PAGES:
        yield _at_least(f"rate with 20,000 articles beside 1,000, {name}", found.growth(name), GROWTH)
    yield _times("Oscar's own template fed by the ORM, catalogue", found.oscar("catalogue"), OSCAR_PAGE)
    for name in ("checkout of 3", "checkout of 20"):
        yield _times(f"stock Oscar, {name}", found.oscar(name), OSCAR_CHECKOUT)


def _at_least(text: str, value: float, least: float) -> Line:
    return text, f"{value:.0%}", f"{least:.0%}", value >= least


def _times(text: str, value: float, least: float) -> Line:
    return f"CPU of {text} beside ours", f"{value:.1f}×", f"{least:.0f}×", value >= least
