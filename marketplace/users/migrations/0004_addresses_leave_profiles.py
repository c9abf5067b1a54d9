from django.db import migrations


def move(apps, schema_editor):
    """What was the one address of a profile is the usual one of the list."""
    Address, Profile = apps.get_model("users", "Address"), apps.get_model("users", "Profile")
    known = Profile.objects.exclude(street="").filter(municipality__isnull=False, user__delivery_addresses__isnull=True)
    Address.objects.bulk_create(
        Address(
            user_id=row.user_id,
            label="Zuhause",
            street=row.street,
            postal_code=row.postal_code,
            municipality_id=row.municipality_id,
            is_default=True,
        )
        for row in known.iterator()
    )


def move_back(apps, schema_editor):
    Address, Profile = apps.get_model("users", "Address"), apps.get_model("users", "Profile")
    for row in Address.objects.filter(is_default=True).iterator():
        Profile.objects.filter(user_id=row.user_id).update(street=row.street, postal_code=row.postal_code)


class Migration(migrations.Migration):

    dependencies = [
        ('users', '0003_addresses'),
    ]

    operations = [
        migrations.RunPython(move, move_back),
        migrations.RemoveField(model_name='profile', name='postal_code'),
        migrations.RemoveField(model_name='profile', name='street'),
    ]
