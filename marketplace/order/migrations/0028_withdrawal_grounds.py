from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('order', '0027_shares_of_discounts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='line',
            name='withdrawal_ground',
            field=models.CharField(blank=True, choices=[('perishable', 'perishable'), ('made_to_order', 'made to your wishes'), ('sealed', 'sealed for hygiene, once opened'), ('dated_service', 'service on a fixed date')], default='', max_length=15),
        ),
    ]
