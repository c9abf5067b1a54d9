"""The catalogue in Django's admin, for the few who repair things by hand."""

from django.contrib import admin

from marketplace.catalogue.models import Category, Product


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin[Product]):
    """Find an article."""

    list_display = ("title", "partner", "is_public")
    list_select_related = ("partner",)
    search_fields = ("title", "partner__name")
    raw_id_fields = ("partner", "picture", "parent")
    readonly_fields = ("search_words",)


@admin.register(Category)
class CategoryAdmin(admin.ModelAdmin[Category]):
    """Find a shelf."""

    list_display = ("name", "is_public")
    search_fields = ("name",)
    raw_id_fields = ("picture",)
