"""Decides what a search finds among articles, and in which order.

PostgreSQL's trigrams do the work: `Product.search_words` holds every spelling of the words under which an article is to be found,
and its index answers "contains" and "is similar to" alike (docs/adr/0004-search.md).
"""

from functools import reduce
from operator import and_, or_

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from marketplace.catalogue import spelling, synonyms
from marketplace.catalogue.models import Product

#: longer questions are cut off here; nobody means more words than that
MOST_WORDS = 6
#: how well a name fits what is sought, the best first
EXACT, WHOLE, BEGINS, HOLDS, ELSEWHERE = range(5)


def words_for(product: Product) -> str:
    """Every spelling of title, producer, village and shelves of an article; reads them from the database where needed."""
    partner = product.partner
    shelves = [category.name for category in product.categories.all()] if product.pk else []
    return spelling.indexed(
        texts=[product.title, partner.name, partner.municipality.name, *shelves, product.meta_title or "", product.origin]
    )


def refresh(product: Product) -> None:
    """Bring the search words of an article up to date; call it after its name or its shelves changed."""
    found = words_for(product)
    if found != product.search_words:
        Product.objects.filter(pk=product.pk).update(search_words=found)
        product.search_words = found


def refresh_all(*, queryset: QuerySet[Product]) -> int:
    """Bring the search words of many articles up to date, e.g. after a producer was renamed; says how many changed."""
    changed = []
    for product in queryset.select_related("partner__municipality").prefetch_related("categories"):
        found = words_for(product)
        if found != product.search_words:
            product.search_words = found
            changed.append(product)
    Product.objects.bulk_update(changed, ["search_words"], batch_size=500)
    return len(changed)


def find(*, queryset: QuerySet[Product], text: str) -> QuerySet[Product]:
    """The articles in which every word of `text` occurs, in whatever spelling, the closest first.

    Exact name, then names that hold the words whole or at the end of a compound (honey before honey cake), then names that begin
    with the text, then names that contain it, then the rest (shelf, producer, village); shorter names first.
    Nothing is found by a text without words.
    """
    words = spelling.words(text=text)[:MOST_WORDS]
    if not words:
        return queryset.none()
    found = queryset.filter(reduce(and_, (_contains("search_words", wanted(word=word)) for word in words)))
    in_title = reduce(and_, (_contains("title", spelling.sought(word=word), "icontains") for word in words))
    meant = reduce(and_, (Q(title__iregex=_whole(word)) for word in words))
    rank = Case(
        When(title__iexact=text.strip(), then=Value(EXACT)),
        When(meant, then=Value(WHOLE)),
        When(title__istartswith=text.strip(), then=Value(BEGINS)),
        When(in_title, then=Value(HOLDS)),
        default=Value(ELSEWHERE),
        output_field=IntegerField(),
    )
    ranked: QuerySet[Product] = found.annotate(rank=rank).order_by("rank", "-priority", Length("title"), "title", "pk")
    return ranked


def similar(*, queryset: QuerySet[Product], text: str) -> QuerySet[Product]:
    """The articles that are written nearly like every word of `text`, the most similar first; for what `find` does not find."""
    words = [spelling.plain(word=word) for word in spelling.words(text=text)[:MOST_WORDS]]
    if not words:
        return queryset.none()
    found = queryset.filter(reduce(and_, (Q(search_words__trigram_word_similar=word) for word in words)))
    likeness = TrigramWordSimilarity(" ".join(words), F("search_words"))
    ranked: QuerySet[Product] = found.annotate(likeness=likeness).order_by("-likeness", "-priority", "title", "pk")
    return ranked


def wanted(*, word: str) -> list[str]:
    """Everything that may stand for a word in the index: its spellings, without endings, and other words for the same thing."""
    forms = spelling.sought(word=word)
    stems = [stem for form in forms for stem in spelling.stems(word=form)]
    return list(dict.fromkeys((*forms, *stems, *synonyms.of(word=word))))


def _whole(word: str) -> str:
    """The pattern of a title in which the word stands whole or ends a compound, in any number; words hold no special signs."""
    short = [form for form in wanted(word=word) if len(form) >= spelling.SHORTEST_STEM] or spelling.sought(word=word)
    umlauts = [form.replace("a", "[aä]").replace("o", "[oö]").replace("u", "[uü]") for form in short]
    return rf"({'|'.join(umlauts)})({'|'.join(spelling.ENDINGS)})?\M"


def _contains(field: str, forms: list[str], lookup: str = "contains") -> Q:
    return reduce(or_, (Q(**{f"{field}__{lookup}": form}) for form in forms))
