"""`manage.py demo_logins`: who can log in to the demo."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from marketplace.demo import people
from marketplace.regions.models import Region


class Command(BaseCommand):
    """Print the logins of the demo."""

    help = "Prints the logins of the demo. Refuses outside of it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """One line each."""
        if not settings.DEMO:
            raise CommandError(_("These logins exist in the demo only."))
        rows = people.logins()
        width = max(len(role) for role, _email, _path in rows)
        address = max(len(email) for _role, email, _path in rows)
        for region in Region.objects.select_related("site").order_by("pk"):
            self.stdout.write(f"{region.name}: {region.site.root_url}/")
        self.stdout.write(_("Password of all logins: %(password)s") % {"password": people.PASSWORD})
        for role, email, path in rows:
            self.stdout.write(f"  {role:<{width}}  {email:<{address}}  {settings.WAGTAILADMIN_BASE_URL}{path}")
