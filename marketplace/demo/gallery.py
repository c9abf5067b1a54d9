"""Draws the demo's pictures, stores them, and makes their sizes ahead, on as many processors as it is told."""

import io
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from multiprocessing import get_context

from marketplace.demo import painting, pictures
from marketplace.demo.market import Market
from marketplace.pictures import uploads
from marketplace.pictures.models import Picture

CREDIT = "Marktrunde, eigene Zeichnung"
CARD_WIDTH, PAGE_WIDTH, HERO_WIDTH = 800, 1200, 1600
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


def first(*, market: Market) -> list[Wanted]:
    """What pages, stories, shelves and producers show, each once; what opens a home page is the widest."""
    homes = [motif for home in market.homes for motif in (home.village_motif, home.how_motif)]
    keys: dict[Key, int] = {(home.motif, 0): HERO_WIDTH for home in market.homes}
    for motif in (*homes, *(page.motif for page in market.pages if page.motif), *(story.motif for story in market.stories)):
        keys.setdefault((motif, 0), PAGE_WIDTH)
    for key in (*((category.motif, 0) for category in market.categories), *producer_keys(market=market).values()):
        keys.setdefault(key, CARD_WIDTH)
    return _wanted(keys)


def later(*, market: Market) -> list[Wanted]:
    """What articles show and is not among the first, each once."""
    known = {one.key for one in first(market=market)}
    keys = {(article.motif, article.variant): CARD_WIDTH for article in market.articles}
    return _wanted({key: width for key, width in keys.items() if key not in known})


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


class Album:
    """Pictures that are drawn in the background and stored, like any that somebody sends, when they are asked for."""

    def __init__(self, *, pool: ProcessPoolExecutor | None, width: int | None = None) -> None:
        """Without a pool everything is drawn in this process, at the moment when it is ordered. `width` overrides the wanted."""
        self._width = width
        self.kept: dict[Key, Picture] = {}
        self._pool = pool
        self._running: dict[Future[bytes], Wanted] = {}

    def order(self, *, wanted: Sequence[Wanted]) -> None:
        """Have these drawn, after what was ordered before."""
        for one in (replace(each, width=self._width or each.width) for each in wanted):
            future: Future[bytes] = Future()
            if self._pool is None:
                future.set_result(painting.paint(**asdict(one)))
            else:
                future = self._pool.submit(painting.paint, **asdict(one))
            self._running[future] = one

    def store_drawn(self, *, at: datetime) -> int:
        """Store what is finished by now, without waiting; says how many."""
        done = [future for future in self._running if future.done()]
        for future in done:
            self._store(self._running.pop(future), future.result(), at)
        return len(done)

    def store_all(self, *, at: datetime, tell: Callable[[], object]) -> dict[Key, Picture]:
        """Wait for everything that was ordered and store it; `tell` is called after each."""
        for future in as_completed(list(self._running)):
            self._store(self._running.pop(future), future.result(), at)
            tell()
        return self.kept

    def _store(self, one: Wanted, content: bytes, at: datetime) -> None:
        file = io.BytesIO(content)
        file.name = f"{one.motif}-{one.variant}.jpg"
        words = pictures.alt(motif=one.motif)
        title = words.removeprefix("Illustration: ")
        self.kept[one.key] = uploads.store(file=file, title=title, description=words, credit=CREDIT, by=None, at=at)


def prepare(*, market: Market, kept: Mapping[Key, Picture], pool: ProcessPoolExecutor | None) -> list[Future[int]]:
    """Make the sizes in which pages show the pictures first; others are made when somebody looks."""
    pages = {motif for home in market.homes for motif in (home.motif, home.village_motif, home.how_motif)}
    pages |= {page.motif for page in market.pages if page.motif}
    groups = [
        (painting.PAGE, {(motif, 0) for motif in pages | {story.motif for story in market.stories}}),
        (painting.TILE, {(category.motif, 0) for category in market.categories}),
        (painting.CARD, {(article.motif, article.variant) for article in market.articles}),
        (painting.CARD, set(producer_keys(market=market).values())),
    ]
    wanted = [(sort, [kept[key].pk for key in sorted(keys)]) for sort, keys in groups]
    parts = [(sort, ids[start : start + CHUNK]) for sort, ids in wanted for start in range(0, len(ids), CHUNK)]
    if pool is not None:
        return [pool.submit(painting.cut, ids=ids, sort=sort) for sort, ids in parts]
    for sort, ids in parts:
        painting.cut(ids=ids, sort=sort)
    return []


def _wanted(keys: Mapping[Key, int]) -> list[Wanted]:
    return [Wanted(motif=motif, variant=variant, width=width) for (motif, variant), width in keys.items()]
