"""Draws the demo's pictures, stores them, and makes their sizes ahead, on as many processors as it is told."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from datetime import datetime
from multiprocessing import get_context

from marketplace.demo import painting, pictures
from marketplace.demo.market import Market
from marketplace.pictures import uploads
from marketplace.pictures.models import Picture

CREDIT = "Marktrunde, eigene Zeichnung"
CARD_WIDTH, HERO_WIDTH = 800, 1200
CHUNK = 12

Key = tuple[str, int]  # motif and variant


@dataclass(frozen=True)
class Wanted:
    """One picture that the market shows, and how wide it has to be in pixels."""

    motif: str
    variant: int
    width: int

    @property
    def key(self) -> Key:
        """Motif and variant."""
        return self.motif, self.variant


def wanted(*, market: Market, heroes: Iterable[str] = ()) -> list[Wanted]:
    """Every picture once: articles, shelves and producers in the width of a page, heroes, pages and stories wider."""
    pages = {page.motif for page in market.pages} | {story.motif for story in market.stories} | set(heroes)
    keys: dict[Key, int] = {(motif, 0): HERO_WIDTH for motif in sorted(pages)}
    for article in market.articles:
        keys.setdefault((article.motif, article.variant), CARD_WIDTH)
    for category in market.categories:
        keys.setdefault((category.motif, 0), CARD_WIDTH)
    for key in producer_keys(market=market).values():
        keys.setdefault(key, CARD_WIDTH)
    return [Wanted(motif=motif, variant=variant, width=width) for (motif, variant), width in keys.items()]


def producer_keys(*, market: Market) -> dict[str, Key]:
    """The picture of each producer by slug; those who share a motif get variants of it."""
    shared: dict[str, int] = {}
    found = {}
    for producer in market.producers:
        turn = shared.get(producer.motif, 0)
        shared[producer.motif] = turn + 1
        found[producer.slug] = (producer.motif, turn % pictures.VARIANTS)
    return found


def pool(*, workers: int) -> ProcessPoolExecutor | None:
    """Processes to draw in, or None to draw in this one. They start afresh and share no connection with us."""
    return ProcessPoolExecutor(max_workers=workers, mp_context=get_context("spawn")) if workers else None


def draw(*, wanted: Sequence[Wanted], pool: ProcessPoolExecutor | None) -> Iterator[tuple[Wanted, bytes]]:
    """The pictures as JPEG, in the order in which they are done."""
    if pool is None:
        yield from ((one, painting.paint(**asdict(one))) for one in wanted)
        return
    running: dict[Future[bytes], Wanted] = {pool.submit(painting.paint, **asdict(one)): one for one in wanted}
    for done in as_completed(running):
        yield running[done], done.result()


def store(*, drawn: Iterable[tuple[Wanted, bytes]], at: datetime, tell: Callable[[], object]) -> dict[Key, Picture]:
    """Keep the pictures like any that somebody sends; `tell` is called after each."""
    kept = {}
    for one, content in drawn:
        file = io.BytesIO(content)
        file.name = f"{one.motif}-{one.variant}.jpg"
        words = pictures.alt(motif=one.motif)
        kept[one.key] = uploads.store(
            file=file, title=words.removeprefix("Illustration: "), description=words, credit=CREDIT, by=None, at=at
        )
        tell()
    return kept


def prepare(*, ids: Sequence[int], pool: ProcessPoolExecutor | None) -> list[Future[int]]:
    """Make the sizes of lists and cards; larger ones are made when somebody looks. Without a pool it is done at once."""
    chunks = [list(ids[start : start + CHUNK]) for start in range(0, len(ids), CHUNK)]
    if pool is not None:
        return [pool.submit(painting.cut, ids=chunk) for chunk in chunks]
    for chunk in chunks:
        painting.cut(ids=chunk)
    return []

