"""Says in words how lists are sorted, from the very weights by which they are (§ 5b(2) UWG, Regulation (EU) 2019/1150)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.catalogue import ranking, search

Words = str | Promise

RECOMMENDED: dict[int, Words] = {
    ranking.PRIORITY: _("What the market's office puts first, for instance when a harvest begins. Nobody can buy that."),
    ranking.AWAY: _("What is in season this month, or all year, before what is not."),
    ranking.TURN: _("From each producer one article in turn, so that large farms do not push small ones away."),
    ranking.KIND: _("Goods before services."),
}
FOUND: dict[int, Words] = {
    search.EXACT: _("Articles that are called exactly what you typed."),
    search.WHOLE: _("Articles in whose name your words stand whole, or at the end of a longer word."),
    search.BEGINS: _("Articles whose name begins with what you typed."),
    search.HOLDS: _("Articles in whose name your words occur anywhere."),
    search.ELSEWHERE: _("Articles where your words occur in the shelf, the producer or the village."),
}


def recommended() -> list[Words]:
    """What decides in the market, the weightiest first."""
    return [RECOMMENDED[weight] for weight in sorted(RECOMMENDED, reverse=True)]


def found() -> list[Words]:
    """What decides in the search, the closest first."""
    return [FOUND[rank] for rank in sorted(FOUND)]
