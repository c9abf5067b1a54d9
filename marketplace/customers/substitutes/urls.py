"""The address where a customer takes or declines what a farm offers, with a signed link."""

from django.urls import re_path

from marketplace.customers.substitutes import views

app_name = "substitute"
urlpatterns = [re_path(r"^(?P<signed>[A-Za-z0-9_:.-]{1,120})/$", views.page, name="page")]
