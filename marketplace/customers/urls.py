"""Addresses of customers, below /konto/."""

from django.urls import path, re_path

from marketplace.customers import views
from marketplace.customers.homes import views as homes
from marketplace.customers.privacy import views as privacy
from marketplace.customers.purse import views as purse
from marketplace.customers.safety import views as safety

app_name = "customer"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("bestellungen/<str:number>/", views.order, name="order"),
    re_path(r"^bestellung/(?P<signed>[A-Za-z0-9_:.-]{1,200})/$", views.order_by_link, name="order_by_link"),
    path("kistenfoto/<str:signed>/", views.box_photo, name="box_photo"),
    path("adresse/", views.profile, name="profile"),
    path("adressen/", homes.index, name="addresses"),
    path("adressen/neu/", homes.new, name="address_new"),
    path("adressen/<int:pk>/", homes.edit, name="address"),
    path("adressen/<int:pk>/ueblich/", homes.usual, name="address_usual"),
    path("adressen/<int:pk>/loeschen/", homes.remove, name="address_remove"),
    path("geld/", purse.overview, name="purse"),
    path("geld/code/<int:pk>.svg", purse.code, name="purse_code"),
    path("geld/lastschrift/", purse.mandate, name="mandate"),
    path("geld/lastschrift/widerrufen/", purse.revoke, name="mandate_revoke"),
    path("geld/auf-rechnung/", purse.application, name="application"),
    path("geld/belege/", purse.keep_documents, name="purse_documents"),
    path("geld/jahr/<int:year>/", purse.year, name="year"),
    path("ausgaben/", views.spent, name="spending"),
    path("sicherheit/", safety.index, name="safety"),
    path("daten/", privacy.data, name="data"),
    path("daten/meine-daten.json", privacy.download, name="download"),
    path("daten/nachweis/", privacy.prove, name="prove"),
    path("loeschen/", privacy.leave, name="leave"),
    path("loeschen/bestaetigen/", privacy.erase, name="erase"),
]
