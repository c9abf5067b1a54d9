from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('billing', '0009_credits_and_refunds'),
    ]

    operations = [
        migrations.AddField(
            model_name='credit',
            name='borne',
            field=models.DecimalField(decimal_places=2, default=0, max_digits=12),
        ),
        migrations.AddConstraint(
            model_name='credit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bearer__isnull', True), ('borne', 0)), models.Q(('bearer__isnull', False), ('borne__gt', 0)), _connector='OR'), name='borne_credit_names_its_bearer'),
        ),
    ]
