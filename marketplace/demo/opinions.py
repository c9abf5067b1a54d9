"""What customers of the demo say of what came, and what office, producers and readers do about it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from logistics.models import Delivery
from marketplace.demo.roundwork import Due
from marketplace.order.models import Line
from marketplace.regions.models import Region
from marketplace.reviews import mails, reports, reviews
from marketplace.reviews.models import Report, Review
from marketplace.users.models import User

#: of a hundred deliveries those of which something is reviewed; of a hundred reviews those that are advertising, that are
#: answered, and of the bad ones those that somebody reports
REVIEW, ADVERTISING, ANSWER, REPORT = 0.25, 0.05, 0.35, 0.5
GOOD = (
    (5, "Genau so, wie ich es mir gewünscht habe. Kommt ab jetzt jede Woche in den Korb."),
    (5, "Frisch, gut verpackt, und man weiß, wo es herkommt."),
    (4, "Sehr gut. Ein bisschen mehr davon in der Packung wäre schön."),
    (4, ""),
    (5, ""),
    (3, "Ordentlich, aber für den Preis hatte ich mehr erwartet."),
)
BY_CATEGORY = {
    "brot-backwaren": (
        (5, "Hält sich eine Woche und wird am dritten Tag eher noch besser."),
        (5, "Endlich wieder ein Brot mit Kruste. Die Kinder streiten sich um den Knust."),
        (2, "Mir war es diesmal zu dunkel gebacken."),
    ),
    "milch-kaese": (
        (5, "Würzig und doch mild, schmilzt herrlich im Auflauf."),
        (4, "Schmeckt nach Milch und nicht nach Verpackung. Die Flasche geht mit der nächsten Runde zurück."),
        (3, "Gut, aber er war kleiner, als ich dachte. Beim nächsten Mal nehme ich zwei."),
    ),
    "gemuese-kartoffeln": (
        (5, "Noch Erde dran, und genau deshalb so frisch."),
        (4, "Krumm und lecker. Ein Stück war angestoßen, das war nicht schlimm."),
        (5, "Für Eintopf besser als alles aus dem Supermarkt."),
    ),
    "obst-beeren": (
        (5, "Schmeckt wie früher bei Oma im Garten."),
        (4, "Saftig, ein paar kleine dabei."),
        (2, "Leider schon etwas mehlig, zum Backen ging es noch."),
    ),
    "eier-gefluegel": (
        (5, "Dotter so gelb, dass der Kuchen leuchtet."),
        (4, "Größe sehr gemischt, das steht ja auch dabei. Geschmack prima."),
    ),
    "fleisch-wurst": (
        (5, "Beim Braten kaum Wasser verloren, sehr zart."),
        (4, "Gut gewürzt, nicht zu salzig."),
        (1, "Uns war zu viel Fett daran. Schade."),
    ),
    "fisch": (
        (5, "Freitags gefangen, samstags gegessen. Besser geht es nicht."),
        (4, "Mild geräuchert, ein paar Gräten gehören dazu."),
    ),
    "honig-vorraete": (
        (5, "Cremig und nicht zu süß. Das Glas war nach vier Tagen leer."),
        (5, "Als Mitbringsel gekauft und dann selbst behalten."),
    ),
    "getraenke": (
        (5, "Schmeckt nach Äpfeln und nach sonst nichts. So soll es sein."),
        (4, "Lecker, aber die Kiste ist schwer. Gut, dass sie gebracht wird."),
    ),
}
SPAM = (
    "Bei mir am Ortseingang gibt es das billiger, einfach klingeln!",
    "Schaut mal auf meiner Seite vorbei, da gibt es Rabatt.",
)
WHY_NOT = "Werbung für eigene Angebote veröffentlichen wir nicht. Schreiben Sie uns gern, wie Ihnen die Ware gefallen hat."
THANKS = (
    "Vielen Dank, das freut uns sehr!",
    "Danke! Am Samstag backen, melken und ernten wir gleich doppelt so gern.",
    "Das lesen wir gern. Bis zur nächsten Runde!",
)
SORRY = (
    "Danke für die ehrlichen Worte. Rufen Sie uns gern an, dann finden wir etwas, das besser passt.",
    "Schade, dass es diesmal nicht gepasst hat. Wir sehen uns an, woran es lag.",
)
STAYS = "Es ist eine ehrliche Meinung über die Ware; dass sie schlecht ausfällt, ist kein Grund, sie zu entfernen."
POOR = 2


def thoughts(*, delivery: Delivery, at: datetime, dice: Random) -> Iterator[Due]:
    """When somebody says something about one or two things that came."""
    if dice.random() >= REVIEW:
        return
    lines = list(Line.objects.filter(order=delivery.order_id, packed_line__delivered__gt=0, product__isnull=False).order_by("pk"))
    for line in dice.sample(lines, min(len(lines), dice.choice((1, 1, 2)))):
        yield Due(at + timedelta(days=dice.randint(1, 4), minutes=dice.randint(0, 600)), line)


def say(*, line: Line, at: datetime, dice: Random) -> Review:
    """Mostly praise, sometimes not, and now and then somebody advertises."""
    related = ("order__user", "order__delivery", "packed_line", "partner", "product")
    fresh = Line.objects.select_related(*related).get(pk=line.pk)
    if dice.random() < ADVERTISING:
        return reviews.write(line=fresh, stars=1, text=dice.choice(SPAM), at=at)
    categories = fresh.product.categories.values_list("slug", flat=True) if fresh.product else ()
    said = next((BY_CATEGORY[slug] for slug in categories if slug in BY_CATEGORY), ())
    stars, text = dice.choice((*said, *said, *GOOD))
    return reviews.write(line=fresh, stars=stars, text=text, at=at)


def look(*, review: Review, at: datetime, by: User | None) -> bool:
    """The office publishes it, unless it is advertising; says whether it did."""
    is_fine = review.text not in SPAM
    if is_fine:
        reviews.publish(review=review, at=at, by=by)
    else:
        reviews.refuse(review=review, reason=WHY_NOT, at=at, by=by)
        mails.mark_told(at=at)
    return is_fine


def answer(*, review: Review, at: datetime, by: User | None, dice: Random) -> None:
    """The producer thanks, or is sorry."""
    reviews.reply(review=review, text=dice.choice(SORRY if review.stars <= POOR else THANKS), at=at, by=by)


def complain(*, review: Review, at: datetime) -> Report | None:
    """Somebody does not like what is said; the office has a look and mostly lets it stay."""
    now = Review.objects.get(pk=review.pk)
    if now.status != Review.Status.PUBLISHED:
        return None
    return reports.report(review=now, ground=Report.Ground.UNTRUE, text="Das kann so nicht stimmen.", email="", at=at)


def judge(*, review: Review, at: datetime, by: User | None) -> None:
    """An honest word stays."""
    reports.keep(review=review, answer=STAYS, at=at, by=by)


def leave_one(*, region: Region, at: datetime) -> None:
    """So that the office has something to judge: the newest bad review is reported just now."""
    bad = Review.objects.filter(partner__region=region, status=Review.Status.PUBLISHED, stars__lte=POOR)
    newest = bad.order_by("-written_at", "-pk").first()
    if newest is not None:
        complain(review=newest, at=at)
