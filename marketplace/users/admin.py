"""People in Django's admin; Oscar's raw-id fields want the search."""

from django.contrib import admin

from marketplace.users.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """Find a person by e-mail or name."""

    list_display = ("email", "first_name", "last_name", "is_active", "is_staff")
    search_fields = ("email", "first_name", "last_name")
    exclude = ("password",)
