"""`manage.py play_demo`: fills an empty installation with the market of the demo."""

from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext as _

from logistics import daytime
from marketplace.demo import play
from marketplace.demo.progress import Progress
from marketplace.order import receivers as orders
from marketplace.order import signals
from marketplace.pictures import receivers as pictures
from marketplace.pictures.models import Picture


class Command(BaseCommand):
    """Play the market of the demo, once."""

    help = "Plays the market of the demo into an empty database; does nothing if there is a market already."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Day, size, processes."""
        parser.add_argument("--today", type=date.fromisoformat, help="the day at whose noon the history ends (default: now)")
        parser.add_argument("--small", action="store_true", help="one week only, with small pictures")
        parser.add_argument("--workers", type=int, default=2, help="processes that draw pictures (default: 2; 0: none)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Play, unless it was played before."""
        if play.played():
            self.stdout.write(_("The market is there already."))
            return
        progress = Progress(quiet=options["verbosity"] == 0)
        with _unhurried():
            done = play.play(
                now=_moment(options["today"]),
                base_url=settings.WAGTAILADMIN_BASE_URL,
                small=options["small"],
                workers=options["workers"],
                progress=progress,
            )
        if options["verbosity"]:
            seconds = ", ".join(f"{name} {spent:.0f} s" for name, spent in progress.seconds.items())
            self.stdout.write(_("The market is open: %(orders)s orders in %(seconds)s.") % {**done, "seconds": seconds})


def _moment(today: date | None) -> datetime:
    """Now, or noon of the told day."""
    return timezone.now() if today is None else daytime.on(today, time(12))


@contextmanager
def _unhurried() -> Iterator[None]:
    """Send no reminder to the worker meanwhile: nobody waits for the mails of the past."""
    signals.placed.disconnect(dispatch_uid="order.confirm")
    post_save.disconnect(pictures.hurry, sender=Picture)
    try:
        yield
    finally:
        signals.placed.connect(orders.confirm, dispatch_uid="order.confirm")
        post_save.connect(pictures.hurry, sender=Picture)
