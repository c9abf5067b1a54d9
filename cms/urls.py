"""Addresses for machines; the editors' pages themselves are Wagtail's."""

from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("termine/kalender.ics", views.calendar, name="calendar"),
    path("termine/<slug:slug>.ics", views.event_file, name="event_file"),
    path("robots.txt", views.robots, name="robots"),
]
