"""The first tables."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import tanggap.records.models.people


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="Bucket",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("tokens", models.FloatField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField()),
                ("n", models.PositiveIntegerField()),
                ("register", models.CharField(max_length=80)),
                ("recorded_at", models.DateTimeField()),
                ("promise_due_at", models.DateTimeField(blank=True, null=True)),
                ("promise_source", models.CharField(blank=True, max_length=200)),
                ("lease_until", models.DateTimeField(blank=True, null=True)),
                ("seq", models.PositiveIntegerField()),
                ("head", models.CharField(max_length=64)),
                ("counted_by", models.CharField(blank=True, max_length=80)),
                ("sop_id", models.CharField(max_length=100)),
                ("sop_hash", models.CharField(max_length=64)),
                ("procedure", models.CharField(max_length=100)),
                ("status", models.CharField(max_length=10)),
                ("outcome", models.CharField(blank=True, max_length=60)),
                ("answered", models.BooleanField(default=False)),
                ("confidential", models.BooleanField(default=False)),
                ("nobody", models.BooleanField(default=False)),
                ("late", models.BooleanField(default=False)),
                ("received_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("last_at", models.DateTimeField()),
                ("channel", models.CharField(blank=True, max_length=40)),
                ("kind", models.CharField(blank=True, max_length=40)),
                ("identity", models.CharField(blank=True, max_length=20)),
                ("attributes", models.JSONField(default=dict)),
                ("next_moment", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ("-received_at",),
            },
        ),
        migrations.CreateModel(
            name="Installation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_check", models.CharField(max_length=32)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Institution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField(unique=True)),
                ("name", models.CharField(max_length=200)),
                ("short_name", models.CharField(max_length=40)),
                ("lines", models.JSONField(default=list, help_text="Kop surat, baris demi baris.")),
                ("address", models.TextField(blank=True)),
                ("zone", models.CharField(default="Asia/Jakarta", max_length=40)),
                ("accent_hue", models.FloatField(default=258.0)),
                ("accent_chroma", models.FloatField(default=0.11)),
                (
                    "register_template",
                    models.CharField(default="{n:04}/PGD/{institution}/{roman_month}/{year}", max_length=120),
                ),
                ("answer_within", models.CharField(default="14 hari kalender", max_length=40)),
                ("answer_within_source", models.CharField(default="UU 25/2009", max_length=120)),
                (
                    "contacts",
                    models.JSONField(default=dict, help_text="Kanal resmi: telepon, whatsapp, email, alamat web."),
                ),
                ("joint_leave_off", models.BooleanField(default=True, help_text="Cuti bersama adalah hari libur.")),
                ("services", models.JSONField(default=list, help_text="Layanan yang dapat disebut pelapor.")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("revision", models.PositiveBigIntegerField(default=tanggap.records.models.people.new_revision)),
            ],
            options={
                "ordering": ("position", "key"),
            },
        ),
        migrations.CreateModel(
            name="WorkerBeat",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("done", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                ("date_joined", models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined")),
                ("full_name", models.CharField(blank=True, max_length=200)),
                ("nip", models.CharField(blank=True, max_length=40)),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "user",
                "verbose_name_plural": "users",
                "abstract": False,
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Duty",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("visit", models.CharField(max_length=60)),
                ("row", models.CharField(max_length=50)),
                ("disposition", models.CharField(blank=True, max_length=20)),
                ("no", models.CharField(blank=True, max_length=20)),
                ("what", models.TextField()),
                ("party", models.CharField(blank=True, max_length=20)),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("opened_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(blank=True, null=True)),
                ("warn_at", models.DateTimeField(blank=True, null=True)),
                ("respond_due_at", models.DateTimeField(blank=True, null=True)),
                ("breaches", models.BooleanField(default=False)),
                ("paused", models.BooleanField(default=False)),
                ("waits_for", models.CharField(blank=True, max_length=60)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="duties", to="records.case"
                    ),
                ),
            ],
            options={
                "ordering": (models.OrderBy(models.F("due_at"), nulls_last=True), "opened_at"),
            },
        ),
        migrations.CreateModel(
            name="DutyPost",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField()),
                ("group", models.CharField(blank=True, max_length=80)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="posts", to="records.duty"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Identity",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("ciphertext", models.BinaryField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("event_seq", models.PositiveIntegerField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="vault", to="records.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityReveal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("reason", models.CharField(max_length=40)),
                ("words", models.TextField(blank=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reveals", to="records.case"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ("at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("date", models.DateField()),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(default="public", max_length=20)),
                ("decree", models.CharField(blank=True, max_length=200)),
                ("estimated", models.BooleanField(default=False)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="holidays", to="records.institution"
                    ),
                ),
            ],
            options={
                "ordering": ("date", "name"),
            },
        ),
        migrations.AddField(
            model_name="case",
            name="institution",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="records.institution"
            ),
        ),
        migrations.CreateModel(
            name="IntakeKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("body", models.CharField(max_length=64)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="intake_key", to="records.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("desk", models.BooleanField(default=False, help_text="Meja layanan: mencatat untuk orang lain.")),
                (
                    "coordinator",
                    models.BooleanField(default=False, help_text="Koordinator: menyimpang dari SOP dengan alasan."),
                ),
                ("officer", models.BooleanField(default=True, help_text="Petugas: melaksanakan langkah.")),
                ("auditor", models.BooleanField(default=False, help_text="Pengawas: membaca semua, tidak mengubah.")),
                (
                    "admin",
                    models.BooleanField(
                        default=False, help_text="Pengelola: mengatur organisasi dan SOP, tanpa membaca."
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="records.institution",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=20)),
                ("author", models.CharField(max_length=40)),
                ("medium", models.CharField(blank=True, max_length=40)),
                ("audience", models.CharField(default="internal", max_length=12)),
                ("at", models.DateTimeField()),
                ("ciphertext", models.BinaryField(null=True)),
                ("digest", models.CharField(max_length=64)),
                ("event_seq", models.PositiveIntegerField()),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="messages", to="records.case"
                    ),
                ),
            ],
            options={
                "ordering": ("at", "event_seq", "id"),
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("name", models.BinaryField(null=True)),
                ("type", models.CharField(max_length=120)),
                ("mismatch", models.BooleanField(default=False)),
                ("size", models.PositiveBigIntegerField()),
                ("plain_size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="records.case"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="records.message"
                    ),
                ),
            ],
            options={
                "ordering": ("message", "position"),
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField()),
                ("name", models.CharField(max_length=200)),
                (
                    "is_fallback",
                    models.BooleanField(default=False, help_text="Jenjang terakhir bila tidak ada pelaksana."),
                ),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="records.institution"
                    ),
                ),
                (
                    "superior",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subordinates",
                        to="records.post",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "key"),
            },
        ),
        migrations.CreateModel(
            name="Holder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("definitif", "Definitif"), ("plt", "Plt."), ("plh", "Plh.")],
                        default="definitif",
                        max_length=12,
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="holders", to="records.post"
                    ),
                ),
            ],
            options={
                "ordering": ("from_at", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Column",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sop_id", models.SlugField(max_length=100)),
                ("role", models.CharField(max_length=60)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="columns", to="records.institution"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="columns", to="records.post"
                    ),
                ),
            ],
            options={
                "ordering": ("sop_id", "role", "position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="Rating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stars", models.PositiveSmallIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rating", to="records.case"
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="records.message",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RegisterCounter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="counters", to="records.institution"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SopVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sop_id", models.SlugField(max_length=100)),
                ("hash", models.CharField(max_length=64)),
                ("text", models.TextField()),
                ("number", models.CharField(blank=True, max_length=120)),
                ("title", models.CharField(blank=True, max_length=300)),
                ("imported_at", models.DateTimeField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("effective_at", models.DateTimeField(blank=True, null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "imported_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sop_versions",
                        to="records.institution",
                    ),
                ),
            ],
            options={
                "ordering": ("sop_id", "-approved_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="TrackingCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=200)),
                (
                    "case",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="tracking_code", to="records.case"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.SlugField()),
                ("name", models.CharField(max_length=200)),
                ("may_be_complained_of", models.BooleanField(default=True)),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="units", to="records.institution"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="records.unit",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "key"),
            },
        ),
        migrations.AddField(
            model_name="post",
            name="unit",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="posts",
                to="records.unit",
            ),
        ),
        migrations.CreateModel(
            name="OfficeHours",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField(default=0)),
                ("label", models.CharField(blank=True, max_length=100)),
                ("from_date", models.DateField(blank=True, null=True)),
                ("until_date", models.DateField(blank=True, null=True)),
                ("week", models.JSONField()),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="office_hours",
                        to="records.institution",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="office_hours",
                        to="records.unit",
                    ),
                ),
            ],
            options={
                "ordering": ("position", "pk"),
            },
        ),
        migrations.CreateModel(
            name="CalendarVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("hash", models.CharField(max_length=64)),
                ("data", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(blank=True, max_length=40)),
                ("why", models.CharField(blank=True, max_length=200)),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_versions",
                        to="records.institution",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calendar_versions",
                        to="records.unit",
                    ),
                ),
            ],
            options={
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("data", models.TextField()),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", models.CharField(max_length=40)),
                ("key", models.CharField(blank=True, max_length=64)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("private", models.CharField(blank=True, max_length=64)),
                ("prev", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="records.case"
                    ),
                ),
            ],
            options={
                "ordering": ("case", "seq"),
                "indexes": [models.Index(fields=["by", "recorded_at"], name="event_by")],
                "constraints": [models.UniqueConstraint(fields=("case", "seq"), name="one_event_per_seq")],
            },
        ),
        migrations.CreateModel(
            name="CaseKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("purpose", models.CharField(max_length=12)),
                ("wrapped", models.BinaryField(null=True)),
                ("epoch", models.PositiveSmallIntegerField(default=1)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="keys", to="records.case"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "purpose"), name="one_key")],
            },
        ),
        migrations.CreateModel(
            name="CaseParty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.SlugField()),
                ("part", models.CharField(max_length=12)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parties", to="records.case"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["name", "part"], name="party_name")],
                "constraints": [models.UniqueConstraint(fields=("case", "name", "part"), name="one_party")],
            },
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(fields=["due_at"], name="duty_due"),
        ),
        migrations.AddConstraint(
            model_name="duty",
            constraint=models.UniqueConstraint(fields=("case", "name"), name="one_duty"),
        ),
        migrations.AddConstraint(
            model_name="dutypost",
            constraint=models.UniqueConstraint(fields=("duty", "name", "group"), name="one_duty_post"),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.UniqueConstraint(fields=("institution", "date", "name"), name="one_holiday"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["next_moment"], name="case_next_moment"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["institution", "status", "received_at"], name="case_open"),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["sop_hash"], name="case_sop"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("institution", "year", "n"), name="register_number"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("register", "institution"), name="register_words"),
        ),
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(fields=("institution", "user"), name="one_membership"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["case", "kind"], name="message_kind"),
        ),
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.CheckConstraint(
                condition=models.Q(("until_at__isnull", True), ("until_at__gt", models.F("from_at")), _connector="OR"),
                name="holder_span",
            ),
        ),
        migrations.AddConstraint(
            model_name="column",
            constraint=models.UniqueConstraint(fields=("institution", "sop_id", "role", "post"), name="one_column"),
        ),
        migrations.AddConstraint(
            model_name="rating",
            constraint=models.CheckConstraint(condition=models.Q(("stars__range", (1, 5))), name="one_to_five"),
        ),
        migrations.AddConstraint(
            model_name="registercounter",
            constraint=models.UniqueConstraint(fields=("institution", "year"), name="one_counter"),
        ),
        migrations.AddConstraint(
            model_name="sopversion",
            constraint=models.UniqueConstraint(fields=("institution", "hash"), name="one_version"),
        ),
        migrations.AddConstraint(
            model_name="unit",
            constraint=models.UniqueConstraint(fields=("institution", "key"), name="unit_key"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("institution", "key"), name="post_key"),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_fallback", True)), fields=("institution",), name="one_fallback"
            ),
        ),
    ]
