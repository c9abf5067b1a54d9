"""Addresses of calendars that phones subscribe to."""

from django.urls import path

from marketplace.dashboard.views import feeds

app_name = "feeds"
urlpatterns = [path("<str:token>.ics", feeds.calendar, name="calendar")]
