"""Addresses of billing, below /konto/."""

from django.urls import path, re_path

from billing import views

app_name = "billing"
urlpatterns = [
    path("rechnungen/", views.invoices, name="invoices"),
    path("rechnungen/preise/", views.prices, name="prices"),
    re_path(r"^rechnungen/(?P<pk>\d{1,18})/(?P<form>pdf|xml|ubl)/$", views.document, name="document"),
    re_path(
        r"^rechnungen/link/(?P<signed>[A-Za-z0-9_:.-]{1,200})/(?P<form>pdf|xml|ubl)/$",
        views.document_by_link,
        name="document_by_link",
    ),
]
