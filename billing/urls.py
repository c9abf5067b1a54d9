"""Addresses of billing, below /konto/."""

from django.urls import path, re_path

from billing import views
from billing.online import views as online

app_name = "billing"
SIGNED = r"(?P<signed>[A-Za-z0-9_:.-]{1,200})"
urlpatterns = [
    path("rechnungen/", views.invoices, name="invoices"),
    path("rechnungen/preise/", views.prices, name="prices"),
    re_path(r"^rechnungen/(?P<pk>\d{1,18})/(?P<form>pdf|xml|ubl)/$", views.document, name="document"),
    re_path(
        r"^rechnungen/link/(?P<signed>[A-Za-z0-9_:.-]{1,200})/(?P<form>pdf|xml|ubl)/$",
        views.document_by_link,
        name="document_by_link",
    ),
    re_path(rf"^zahlen/{SIGNED}/$", online.pay, name="pay"),
    re_path(rf"^zahlen/{SIGNED}/seite/$", online.go, name="pay_page"),
    re_path(rf"^zahlen/{SIGNED}/zurueck/$", online.back, name="pay_back"),
    path("zahlungen/meldung/", online.report, name="payment_report"),
]
