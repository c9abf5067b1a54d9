"""Keeps what people searched for and did not find, for the office to look for it; words and numbers only, nothing of anybody.

What could be a name, an address or a number (digits, signs, long sentences) is not kept at all, and what was searched for once is
forgotten after thirty days (article 5 (1) c and e GDPR).
"""

import re
from datetime import date, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import QuerySet

from marketplace.catalogue import spelling
from marketplace.catalogue.models import SearchMiss

#: letters, spaces and hyphens, nothing else
WORDS: Final = re.compile(r"[^\W\d_]+(?:[ -][^\W\d_]+)*")
MOST_WORDS, LONGEST, RARE = 3, 40, 2
RARE_DAYS: Final = 30
#: no region keeps more; what comes then is not counted until rare words were forgotten
MOST_ROWS: Final = 2_000


def note(*, region: Any, text: str, today: date) -> None:
    """Count a search that found nothing; the same words in another spelling or order count together."""
    folded = fold(text=text)
    if not folded:
        return
    table = SearchMiss._meta.db_table
    with connection.cursor() as cursor:  # one statement counts and inserts; the ORM's upsert cannot add to what is there
        cursor.execute(
            f"""INSERT INTO {table} AS known (region_id, words, count, last_on)
                SELECT %s, %s, 1, %s WHERE (SELECT count(*) FROM {table} WHERE region_id = %s) < %s
                    OR EXISTS (SELECT 1 FROM {table} WHERE region_id = %s AND words = %s)
                ON CONFLICT (region_id, words) DO UPDATE SET count = known.count + 1, last_on = excluded.last_on""",  # noqa: S608 - only the table's own name is put in
            [region.pk, folded, today, region.pk, MOST_ROWS, region.pk, folded],
        )


def fold(*, text: str) -> str:
    """The words as they are counted: `Käse, Ziegen` → ``; `Frischer Ziegen-Käse` → `frischer kase ziegen`."""
    shown = " ".join(text.split())
    words = spelling.words(text=shown)
    if not words or len(words) > MOST_WORDS or len(shown) > LONGEST or not WORDS.fullmatch(shown):
        return ""
    return " ".join(sorted(spelling.plain(word=word) for word in words))


def report(*, region: Any) -> QuerySet[SearchMiss]:
    """What was not found, the most wanted first."""
    return SearchMiss.objects.filter(region=region).order_by("-count", "-last_on", "words")


def forget_rare(*, today: date) -> int:
    """Delete what was searched for only once, thirty days after; says how much. Runs twice = once."""
    before = today - timedelta(days=RARE_DAYS)
    return SearchMiss.objects.filter(count__lt=RARE, last_on__lt=before).delete()[0]
