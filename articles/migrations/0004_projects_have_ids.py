"""Programs know a project by an id that they may choose, so that asking twice makes one."""

import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_the_database_says_no")]
    operations = [
        migrations.AddField(
            "project",
            "uid",
            models.UUIDField(
                db_default=django.db.models.functions.uuid.UUID7(), editable=False, unique=True
            ),
        ),
    ]
