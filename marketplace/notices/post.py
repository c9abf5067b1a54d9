"""Decides when notices are sent: everything that is due for a person goes into one mail, each notice once.

What is due is found by queries. Whoever sends claims the notices first, inside the same transaction: of two workers one sends,
and a mail that failed is due again.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.notices import afterwards, arrivals, articles, choices, fetching, links, missing_boxes, novelties, reminders
from marketplace.notices.items import Item, Reader, reader_of
from marketplace.notices.models import ArticleNotice, Kind, Told
from marketplace.regions.models import Region

Letter = tuple[Reader, list[Item]]
#: how long it is kept what somebody was told
KEPT = timedelta(days=400)


def due(*, region: Region, at: datetime) -> list[Letter]:
    """Everybody in a region who has to be told something, with all of it, the most urgent first."""
    finders: Sequence[Callable[..., list[tuple[Reader, Item]]]] = (
        arrivals.on_the_way,
        arrivals.delayed,
        fetching.ready,
        missing_boxes.due,
        fetching.reminders,
        reminders.closing,
        available,
        reminders.opened,
        novelties.of_favourites,
        afterwards.how_it_was,
    )
    letters: dict[tuple[int | None, str], Letter] = {}
    for find in finders:
        for reader, item in find(region=region, at=at):
            letters.setdefault((reader.user_id, reader.email.lower()), (reader, []))[1].append(item)
    return list(letters.values())


def available(*, region: Region, at: datetime) -> list[tuple[Reader, Item]]:
    """Who waits for an article that can be ordered now, unless such notices were switched off."""
    people, addresses = choices.refusing(region=region, kind=Kind.AVAILABLE)
    return [
        (_reader(row), _available(row))
        for row in articles.due(region=region, at=at)
        if row.user_id not in people and (row.user_id or row.email not in addresses)
        if row.user is None or row.user.is_active
    ]


@transaction.atomic
def send(*, region: Region, letter: Letter, at: datetime) -> bool:
    """Send one person's mail; False when another worker did."""
    reader, items = letter
    claimed = [item for item in items if _claim(item, reader, at)]
    if not claimed:
        return False
    _message(region, reader, claimed).send()
    return True


@transaction.atomic
def ask_back(*, notice_id: int, at: datetime) -> bool:
    """Ask the owner of an address whether the wish is hers; False when that has happened."""
    if not ArticleNotice.objects.filter(pk=notice_id, asked_back_at__isnull=True).update(asked_back_at=at):
        return False
    notice = ArticleNotice.objects.select_related("product__partner__region__site").get(pk=notice_id)
    region = notice.product.partner.region
    path = reverse("notices:confirm", args=[links.for_confirming(notice_id=notice.pk)])
    subject = _("Shall we tell you when you can order %(title)s?") % {"title": notice.product.title}
    context = {
        "notice": notice,
        "region": region,
        "subject": subject,
        "link": f"{region.site.root_url}{path}",
        "days": articles.DAYS_TO_CONFIRM,
    }
    _written("ask_back", subject, context, to=notice.email, region=region).send()
    return True


def forget(*, at: datetime) -> None:
    """Delete what is of no use any more."""
    articles.forget(at=at)
    Told.objects.filter(at__lt=at - KEPT).delete()


def _claim(item: Item, reader: Reader, at: datetime) -> bool:
    if item.kind == Kind.AVAILABLE:
        return bool(ArticleNotice.objects.filter(pk=int(item.key), told_at__isnull=True).update(told_at=at))
    return Told.objects.get_or_create(kind=item.kind, key=item.key, defaults={"user_id": reader.user_id, "at": at})[1]


def _reader(row: ArticleNotice) -> Reader:
    return reader_of(row.user) if row.user else Reader(user_id=None, email=row.email)


def _available(row: ArticleNotice) -> Item:
    text = _("from %(producer)s can be ordered again.") % {"producer": row.product.partner.name}
    path = row.product.get_absolute_url()
    return Item(Kind.AVAILABLE, str(row.pk), row.product.title, text, path, _("To the article"))


def _message(region: Region, reader: Reader, items: Sequence[Item]) -> EmailMultiAlternatives:
    kinds = list(dict.fromkeys(item.kind for item in items))
    signed = links.for_stopping(region_id=region.pk, user_id=reader.user_id, email=reader.email, kinds=kinds)
    base = region.site.root_url
    stop = f"{base}{reverse('notices:stop', args=[signed])}"
    context = {
        "region": region,
        "reader": reader,
        "subject": _subject(region, items),
        "sections": [(Kind(kind).label, list(rows)) for kind, rows in groupby(items, key=lambda item: item.kind)],
        "kinds": [kind.label for kind in kinds],
        "base": base,
        "stop": stop,
        "choices": f"{base}{reverse('notices:choices')}" if reader.user_id else "",
    }
    message = _written("notices", context["subject"], context, to=reader.email, region=region)
    # mail programs show a button for it (RFC 8058)
    message.extra_headers = {"List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    return message


def _subject(region: Region, items: Sequence[Item]) -> str:
    if len(items) == 1:
        item = items[0]
        return _("You can order %(title)s") % {"title": item.title} if item.kind == Kind.AVAILABLE else item.title
    number = len(items)
    text = ngettext("%(number)s message from %(region)s", "%(number)s messages from %(region)s", number)
    return text % {"number": number, "region": region.name}


def _written(name: str, subject: str, context: dict[str, object], *, to: str, region: Region) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=subject,
        body=render_to_string(f"notices/mails/{name}.txt", context),
        to=[to],
        reply_to=[region.email],
    )
    message.attach_alternative(render_to_string(f"notices/mails/{name}.html", context), "text/html")
    return message
