"""Addresses for machines; the editors' pages themselves are Wagtail's."""

from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
]
