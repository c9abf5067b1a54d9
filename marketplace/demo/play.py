"""Plays the demo's market into an empty database: all of it or nothing."""

from collections.abc import Callable
from concurrent.futures import as_completed
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from random import Random

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from logistics import daytime, savings
from marketplace.core import fonts
from marketplace.demo import bookkeeping, closing_work, content, gallery, history, online, paperwork, people, setup, wholesale
from marketplace.demo.market import Market
from marketplace.demo.progress import Progress
from marketplace.regions.models import Region

WEEKS = 8
#: orders are placed for a while before the first round is delivered
LEAD_DAYS = 8
SMALL_WIDTH = 160
#: documents whose files are made at once, so that there is something to open; the worker makes the others
PRINTED = 24
#: of the customers who would order by their habits, those who do
SHARE, SMALL_SHARE = 0.6, 0.3


def played() -> bool:
    """Whether there is a market already; since it is played in one transaction, there is all of it or nothing."""
    return Region.objects.exists()


def play(*, now: datetime, base_url: str, small: bool, workers: int, progress: Progress) -> dict[str, int]:
    """Lay the ground and play the weeks until `now`; says how much of what happened.

    `small` plays one week with few customers and small pictures. `workers` processes draw the pictures; 0 draws in this one.
    """
    market = _plain(content.load()) if small else content.load()
    today = now.astimezone(daytime.ZONE).date()
    first_round = today - timedelta(weeks=1 if small else WEEKS)
    start = first_round - timedelta(days=LEAD_DAYS)
    pool = gallery.pool(workers=workers)
    album = gallery.Album(pool=pool, width=SMALL_WIDTH if small else None)
    album.order(wanted=gallery.first(market=market))
    if pool is not None:
        pool.submit(fonts.prepare, settings.TYPESETTING_FONTS)  # the documents' faces, cut meanwhile
    with pool or nullcontext():
        with transaction.atomic():
            ground = setup.lay(
                market=market,
                album=album,
                base_url=base_url,
                start=start,
                first_round=first_round,
                today=today,
                progress=progress,
            )
            _count_rows()
            days = (today - start).days + 1
            with progress.stage(name=_("Playing the weeks"), total=days) as tell:
                story = history.play(
                    ground=ground,
                    start=start,
                    now=now,
                    share=SMALL_SHARE if small else SHARE,
                    tell=partial(_told, tell, album, start),
                )
            for slug, region in ground.regions.items():
                till, dice = ground.users[people.TILL[slug]], Random(slug)  # noqa: S311 - a dice for the demo
                closing_work.keep(region=region, at=now, by=till, dice=dice)
                online.play(region=region, at=now)
                paperwork.play(region=region, at=now, by=till)
            for done in savings.due().select_related("region"):
                savings.compute(delivery_round=done, at=now)
            setup.finish(ground=ground, album=album, start=start, today=today, progress=progress)
            _offer_large_packs(ground, now)
        chunks = gallery.prepare(market=market, kept=album.kept, pool=pool)
        with progress.stage(name=_("Printing and cutting"), total=len(chunks)) as tell:
            bookkeeping.print_newest(at=now, most=0 if small else PRINTED)
            for part in as_completed(chunks):
                part.result()
                tell()
    return dict(story.done)


def _told(tell: Callable[[], object], album: gallery.Album, start: date) -> None:
    """A day is over: store the pictures that were drawn meanwhile."""
    album.store_drawn(at=daytime.on(start, time(8)))
    tell()


def _offer_large_packs(ground: setup.Ground, now: datetime) -> None:
    """In the region whose kitchens buy on account, from today on."""
    wholesale.offer(
        region=ground.regions[wholesale.REGION],
        products=ground.products,
        accounts=ground.accounts,
        kinds={customer.slug: customer.kind for customer in ground.market.customers},
        at=now,
        by=ground.users[people.OFFICE[wholesale.REGION]],
    )


def _plain(market: Market) -> Market:
    """The same market with one picture a motif."""
    return replace(market, articles=tuple(replace(article, variant=0) for article in market.articles))


def _count_rows() -> None:
    """Tell the database how much there is by now: inside one transaction it would plan with empty tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
