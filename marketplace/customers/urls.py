"""Addresses of customers, below /konto/."""

from django.urls import path, re_path

from marketplace.customers import views

app_name = "customer"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("bestellungen/<str:number>/", views.order, name="order"),
    re_path(r"^bestellung/(?P<signed>[A-Za-z0-9_:.-]{1,200})/$", views.order_by_link, name="order_by_link"),
    path("adresse/", views.profile, name="profile"),
]
