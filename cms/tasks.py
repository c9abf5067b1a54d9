"""Jobs around pages."""

from celery import shared_task
from django.core.management import call_command


@shared_task
def publish_scheduled_pages() -> None:
    """Publish and take down what editors scheduled; safe to run twice and late."""
    call_command("publish_scheduled", verbosity=0)
