"""Passkeys, and what people confirmed with them or otherwise; they point to tables of sign-in."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_roles'),
        ('mfa', '0003_authenticator_type_uniq'),
    ]

    operations = [
        migrations.CreateModel(
            name='Passkey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100)),
                ('credential_id', models.CharField(help_text='base64url, without padding', max_length=1364, unique=True)),
                ('public_key', models.BinaryField(help_text='COSE_Key (RFC 9052), as the authenticator gave it')),
                ('rp_id', models.CharField(help_text='the domain for which it was made', max_length=253)),
                ('user_verified', models.BooleanField(help_text='PIN or biometrics were asked at the registration')),
                ('sign_count', models.BigIntegerField(default=0, help_text="of the last use; 0 for authenticators that don't count")),
                ('registered_at', models.DateTimeField()),
                ('removed_at', models.DateTimeField(blank=True, null=True)),
                ('authenticator', models.OneToOneField(blank=True, help_text='by which the person signs in; none once it is removed', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='passkey', to='mfa.authenticator')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='passkeys', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Confirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(help_text='kind of the act, dotted: decision.sign.legal', max_length=100)),
                ('subject', models.CharField(help_text='id of what it is about', max_length=100)),
                ('session_sha256', models.CharField(blank=True, help_text='of the key of the session', max_length=64)),
                ('method', models.CharField(choices=[('password and one-time code', 'password and one-time code'), ('password, within a sitting', 'password, within a sitting that began with both'), ('one-time code, within a sitting', 'one-time code, within a sitting that began with both'), ('passkey with user verification', 'passkey, unlocked by PIN or biometrics')], max_length=40)),
                ('statement', models.BinaryField(help_text='canonical JSON; its SHA-256 is the challenge of the passkey')),
                ('statement_sha256', models.CharField(max_length=64, unique=True)),
                ('assertion', models.BinaryField(default=b'', help_text='canonical JSON, base64url inside; empty without a passkey')),
                ('confirmed_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('passkey', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.passkey')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SigningAttempts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('last_at', models.DateTimeField(blank=True, null=True)),
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SigningChallenge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=100)),
                ('subject', models.CharField(max_length=100)),
                ('session_sha256', models.CharField(max_length=64)),
                ('statement', models.BinaryField()),
                ('statement_sha256', models.CharField(max_length=64, unique=True)),
                ('made_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('used_at', models.DateTimeField(blank=True, null=True)),
                ('passkey', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='accounts.passkey')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SigningLock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('failures', models.PositiveIntegerField()),
                ('locked_at', models.DateTimeField()),
                ('unlocked_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.TextField(blank=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signing_locks', to=settings.AUTH_USER_MODEL)),
                ('unlocked_by', models.ForeignKey(blank=True, help_text='empty: whoever runs the server', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddConstraint(
            model_name='passkey',
            constraint=models.CheckConstraint(condition=models.Q(('sign_count__gte', 0)), name='passkey_counts_up'),
        ),
        migrations.AddConstraint(
            model_name='passkey',
            constraint=models.CheckConstraint(condition=models.Q(('removed_at__isnull', True), ('authenticator__isnull', True), _connector='OR'), name='passkey_removed_opens_nothing'),
        ),
        migrations.AddIndex(
            model_name='confirmation',
            index=models.Index(fields=['person', 'session_sha256', '-confirmed_at'], name='confirmation_of_sitting'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.CheckConstraint(condition=models.Q(('method__in', ['password and one-time code', 'password, within a sitting', 'one-time code, within a sitting', 'passkey with user verification'])), name='confirmation_method_known'),
        ),
        migrations.AddConstraint(
            model_name='confirmation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('method', 'passkey with user verification'), ('passkey__isnull', False)), models.Q(models.Q(('method', 'passkey with user verification'), _negated=True), ('passkey__isnull', True)), _connector='OR'), name='confirmation_passkey_is_named'),
        ),
        migrations.AddConstraint(
            model_name='signingchallenge',
            constraint=models.CheckConstraint(condition=models.Q(('session_sha256', ''), _negated=True), name='challenge_of_a_session'),
        ),
        migrations.AddConstraint(
            model_name='signingchallenge',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('made_at'))), name='challenge_ends_after_it_began'),
        ),
        migrations.AddConstraint(
            model_name='signinglock',
            constraint=models.UniqueConstraint(condition=models.Q(('unlocked_at__isnull', True)), fields=('person',), name='signing_lock_one_standing'),
        ),
        migrations.AddConstraint(
            model_name='signinglock',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('unlocked_at__isnull', True), ('unlocked_by__isnull', True)), models.Q(('unlocked_at__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='signing_lock_unlocked_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='signinglock',
            constraint=models.CheckConstraint(condition=models.Q(('unlocked_by__isnull', True), models.Q(('unlocked_by', models.F('person')), _negated=True), _connector='OR'), name='signing_lock_unlocked_by_another'),
        ),
    ]
