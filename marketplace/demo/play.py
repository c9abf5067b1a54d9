"""Plays the demo's market into an empty database: all of it or nothing."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext as _

from logistics import daytime
from marketplace.demo import content, gallery, history, setup
from marketplace.demo.market import Market
from marketplace.demo.progress import Progress
from marketplace.regions.models import Region

WEEKS = 8
#: orders are placed for a while before the first round is delivered
LEAD_DAYS = 8
SMALL_WIDTH = 160


def played() -> bool:
    """Whether there is a market already; since it is played in one transaction, there is all of it or nothing."""
    return Region.objects.exists()


def play(*, now: datetime, base_url: str, small: bool, workers: int, progress: Progress) -> dict[str, int]:
    """Lay the ground and play the weeks until `now`; says how much of what happened.

    `small` plays one week with few customers and small pictures. `workers` processes draw the pictures; 0 draws in this one.
    """
    market = content.load()
    pictures = gallery.wanted(market=market, heroes=setup.HEROES.values())
    if small:
        market, pictures = _small(market)
    today = now.astimezone(daytime.ZONE).date()
    start = today - timedelta(weeks=1 if small else WEEKS, days=LEAD_DAYS)
    pool = gallery.pool(workers=workers)
    with pool or nullcontext():
        with transaction.atomic():
            ground = setup.lay(
                market=market, pictures=pictures, pool=pool, base_url=base_url, start=start, today=today, progress=progress
            )
            _count_rows()
            with progress.stage(name=_("Playing the weeks"), total=(today - start).days + 2) as tell:
                story = history.play(ground=ground, start=start, now=now, share=0.3 if small else 1.0, tell=tell)
        with progress.stage(name=_("Cutting pictures"), total=1) as tell:
            for part in gallery.prepare(ids=() if small else ground.picture_ids, pool=pool):
                part.result()
            tell()
    return dict(story.done)


def _small(market: Market) -> tuple[Market, list[gallery.Wanted]]:
    """The same market with one small picture a motif."""
    plain = replace(market, articles=tuple(replace(article, variant=0) for article in market.articles))
    return plain, [replace(one, width=SMALL_WIDTH) for one in gallery.wanted(market=plain, heroes=setup.HEROES.values())]


def _count_rows() -> None:
    """Tell the database how much there is by now: inside one transaction it would plan with empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
