"""`manage.py check_books`: does everything in the books hold together?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing import books
from marketplace.regions.models import Region


class Command(BaseCommand):
    """Checks the hash chain, the numbers, the journal, who owes what, and that everything delivered was billed once."""

    help = "Checks the books of every region and says what does not fit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the findings; the exit code is 1 when there are some."""
        findings = 0
        for region in Region.objects.order_by("pk"):
            for problem in books.problems(region=region, today=timezone.localdate()):
                self.stdout.write(f"{region.name}: {problem}")
                findings += 1
        if findings:
            raise CommandError(f"{findings} findings.")
        self.stdout.write("The books are in order.")
