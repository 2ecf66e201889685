"""People, videos and assets: the first tables."""

from __future__ import annotations

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
import videos.models.video
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('name', models.CharField(max_length=60, primary_key=True, serialize=False)),
                ('seen_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('editor', 'Editor'), ('viewer', 'Viewer')], default='editor', max_length=10)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sign_in_links', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Workspace',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('slug', models.SlugField(unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('members', models.ManyToManyField(through='videos.Membership', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Video',
            fields=[
                ('id', models.CharField(default=videos.models.video.new_video_id, editable=False, max_length=60, primary_key=True, serialize=False)),
                ('model', models.CharField(help_text='As the client asked; echoed back.', max_length=120)),
                ('prompt', models.TextField()),
                ('size', models.CharField(max_length=11)),
                ('seconds', models.PositiveSmallIntegerField()),
                ('seed', models.PositiveBigIntegerField(default=videos.models.video.new_seed)),
                ('operation', models.CharField(choices=[('create', 'Create'), ('remix', 'Remix'), ('edit', 'Edit'), ('extend', 'Extend')], default='create', max_length=6)),
                ('phase', models.CharField(choices=[('queued', 'Queued'), ('creating', 'Creating'), ('unknown', 'Unknown'), ('held', 'Held'), ('submitted', 'Submitted'), ('generating', 'Generating'), ('collecting', 'Collecting'), ('ready', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled')], default='queued', max_length=10)),
                ('progress', models.PositiveSmallIntegerField(default=0)),
                ('error_code', models.CharField(blank=True, max_length=60)),
                ('error_message', models.TextField(blank=True)),
                ('backend', models.CharField(help_text='Alias in VIDEO_BACKENDS.', max_length=120)),
                ('backend_model', models.CharField(max_length=120)),
                ('backend_video_id', models.CharField(blank=True, max_length=200)),
                ('attempts', models.PositiveSmallIntegerField(default=0, help_text='Renders that the backend has lost.')),
                ('trouble', models.CharField(blank=True, choices=[('unavailable', 'Unavailable'), ('lost', 'Lost'), ('copy', 'Copy'), ('storage', 'Storage'), ('own', 'Own')], max_length=11)),
                ('failures', models.PositiveSmallIntegerField(default=0, help_text='Troubles of this kind in a row.')),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now, null=True)),
                ('fence', models.PositiveBigIntegerField(default=0)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('phase_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('started_at', models.DateTimeField(null=True)),
                ('completed_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('deleted_at', models.DateTimeField(null=True)),
                ('purged_at', models.DateTimeField(null=True)),
                ('hidden_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='videos', to=settings.AUTH_USER_MODEL)),
                ('hidden_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='derived', to='videos.video')),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='videos', to='videos.workspace')),
            ],
        ),
        migrations.AddField(
            model_name='membership',
            name='workspace',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='videos.workspace'),
        ),
        migrations.CreateModel(
            name='ApiKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('prefix', models.CharField(editable=False, max_length=20)),
                ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to=settings.AUTH_USER_MODEL)),
                ('workspace', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_keys', to='videos.workspace')),
            ],
            options={
                'verbose_name': 'API key',
            },
        ),
        migrations.CreateModel(
            name='Asset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('variant', models.CharField(choices=[('video', 'Video'), ('thumbnail', 'Thumbnail'), ('spritesheet', 'Spritesheet'), ('reference', 'Reference')], max_length=12)),
                ('file', models.FileField(max_length=200, upload_to='')),
                ('size', models.PositiveBigIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=40)),
                ('width', models.PositiveIntegerField(null=True)),
                ('height', models.PositiveIntegerField(null=True)),
                ('duration', models.FloatField(null=True)),
                ('columns', models.PositiveSmallIntegerField(null=True)),
                ('frames', models.PositiveSmallIntegerField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('video', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='assets', to='videos.video')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('video', 'variant'), name='one_asset_per_variant'), models.CheckConstraint(condition=models.Q(('variant__in', ['video', 'thumbnail', 'spritesheet', 'reference'])), name='known_variant'), models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='asset_has_bytes')],
            },
        ),
        migrations.AddIndex(
            model_name='video',
            index=models.Index(fields=['workspace', '-created_at', '-id'], name='video_library'),
        ),
        migrations.AddIndex(
            model_name='video',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['due_at'], name='video_due'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(('phase__in', ['queued', 'creating', 'unknown', 'held', 'submitted', 'generating', 'collecting', 'ready', 'failed', 'cancelled'])), name='known_phase'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(('operation__in', ['create', 'remix', 'edit', 'extend'])), name='known_operation'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('operation', 'create'), ('source', None)), models.Q(models.Q(('operation', 'create'), _negated=True), ('source__isnull', False)), _connector='OR'), name='derived_video_has_source'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(('seconds__gt', 0)), name='video_has_length'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phase', 'ready'), ('progress', 100)), models.Q(models.Q(('phase', 'ready'), _negated=True), ('progress__lte', 99)), _connector='OR'), name='only_ready_is_100_percent'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('completed_at__isnull', False), ('phase__in', ('ready', 'failed', 'cancelled'))), models.Q(models.Q(('phase__in', ('ready', 'failed', 'cancelled')), _negated=True), ('completed_at', None)), _connector='OR'), name='ended_iff_completed_at'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phase__in', ('failed', 'cancelled')), models.Q(('error_code', ''), _negated=True)), models.Q(models.Q(('phase__in', ('failed', 'cancelled')), _negated=True), ('error_code', '')), _connector='OR'), name='failed_iff_error_code'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phase__in', ('submitted', 'generating', 'collecting', 'ready')), _negated=True), models.Q(('backend_video_id', ''), _negated=True), _connector='OR'), name='at_backend_has_backend_id'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('phase__in', ('generating', 'collecting')), _negated=True), ('started_at__isnull', False), _connector='OR'), name='generating_has_started'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(models.Q(('phase__in', ('ready', 'failed', 'cancelled')), _negated=True), models.Q(('deleted_at__isnull', False), ('purged_at', None)), _connector='OR'), ('due_at__isnull', False)), models.Q(('phase__in', ('ready', 'failed', 'cancelled')), models.Q(('deleted_at', None), ('purged_at__isnull', False), _connector='OR'), ('due_at', None)), _connector='OR'), name='due_iff_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(('purged_at', None), ('deleted_at__isnull', False), _connector='OR'), name='purged_is_deleted'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('hidden_at', None), ('hidden_by', None)), models.Q(('hidden_at__isnull', False), ('hidden_by__isnull', False)), _connector='OR'), name='hidden_at_with_hidden_by'),
        ),
        migrations.AddConstraint(
            model_name='video',
            constraint=models.UniqueConstraint(condition=models.Q(('backend_video_id', ''), _negated=True), fields=('backend', 'backend_video_id'), name='one_video_per_backend_video'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.UniqueConstraint(fields=('workspace', 'user'), name='one_membership_per_person'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['owner', 'editor', 'viewer'])), name='known_role'),
        ),
        migrations.AddConstraint(
            model_name='apikey',
            constraint=models.CheckConstraint(condition=django.db.models.lookups.Exact(django.db.models.functions.text.Length('digest'), 64), name='api_key_is_stored_as_digest'),
        ),
    ]
