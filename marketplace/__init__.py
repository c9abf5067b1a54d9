"""The shop: Oscar's forked apps, and the project itself."""

from marketplace.celery import app as celery_app

__all__ = ["celery_app"]
