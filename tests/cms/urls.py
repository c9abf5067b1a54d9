"""The house's addresses with those of `cms` before Wagtail's, whatever the house itself has by now."""

from django.urls import include, path

from marketplace.urls import urlpatterns as house

urlpatterns = [path("", include("cms.urls")), *house]
