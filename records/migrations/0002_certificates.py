"""Certificates of every purpose instead of those of the seal alone, and the revocation lists of their authorities."""

import django.db.models.deletion
from cryptography import x509
from cryptography.x509.oid import NameOID
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def read_chains(apps, _schema_editor):
    """Fill in what the chains of the seals say; those seals were made outside the rows, as if brought along."""
    for row in apps.get_model("records", "Certificate").objects.all():
        certificate = x509.load_pem_x509_certificates(row.chain.encode())[0]
        row.serial = f"{certificate.serial_number:x}"
        row.name = str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)
        row.valid_from, row.valid_until = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        row.save()


PURPOSES = [
    ("root", "root authority"), ("issuing", "issuing authority"), ("system", "system that certifies records"),
    ("seal", "seal of the organisation"), ("person", "signature of a person"),
]
REASONS = [
    ("unspecified", "not said"), ("keyCompromise", "somebody else may have the key"),
    ("cACompromise", "somebody else may have the key of the authority"),
    ("affiliationChanged", "the person left, or the name changed"), ("superseded", "another one took its place"),
    ("cessationOfOperation", "it isn't needed any more"), ("privilegeWithdrawn", "the right to sign was taken away"),
]


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.RenameModel("SealCertificate", "Certificate"),
        migrations.RenameField("Certificate", "first_used_at", "issued_at"),
        migrations.AlterModelOptions("Certificate", {"ordering": ["-issued_at", "sha256"]}),
        migrations.AlterField("Certificate", "issued_at", models.DateTimeField(help_text="or brought")),
        migrations.AlterField(
            "Certificate", "chain", models.TextField(help_text="PEM: its own certificate first, the root last")
        ),
        migrations.AddField(
            "Certificate", "purpose", models.CharField(choices=PURPOSES, max_length=10, default="seal"),
            preserve_default=False,
        ),
        migrations.AddField(
            "Certificate", "origin",
            models.CharField(
                choices=[("issued", "issued here"), ("brought", "brought along")], default="brought", max_length=10
            ),
        ),
        migrations.AlterField(
            "Certificate", "origin",
            models.CharField(
                choices=[("issued", "issued here"), ("brought", "brought along")], default="issued", max_length=10
            ),
        ),
        migrations.AddField(
            "Certificate", "person",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="certificates",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            "Certificate", "issuer",
            models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="issued",
                help_text="the authority whose lists we keep; empty: a root, or one of another house",
                to="records.certificate",
            ),
        ),
        migrations.AddField(
            "Certificate", "serial", models.CharField(help_text="hexadecimal, lower case", max_length=40, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "Certificate", "name", models.CharField(help_text="common name", max_length=300, default=""),
            preserve_default=False,
        ),
        migrations.AddField(
            "Certificate", "valid_from", models.DateTimeField(default=timezone.now), preserve_default=False
        ),
        migrations.AddField(
            "Certificate", "valid_until", models.DateTimeField(default=timezone.now), preserve_default=False
        ),
        migrations.AddField(
            "Certificate", "retired_at",
            models.DateTimeField(blank=True, help_text="another one took its place", null=True),
        ),
        migrations.AddField("Certificate", "revoked_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField(
            "Certificate", "revocation", models.CharField(blank=True, choices=REASONS, default="", max_length=30)
        ),
        migrations.RunPython(read_chains, migrations.RunPython.noop),
        migrations.CreateModel(
            name="RevocationList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("issuer", models.ForeignKey(
                    on_delete=django.db.models.deletion.PROTECT, related_name="lists", to="records.certificate"
                )),
                ("number", models.PositiveBigIntegerField(help_text="grows with each list of the same authority")),
                ("this_update", models.DateTimeField()),
                ("next_update", models.DateTimeField()),
                ("entries", models.PositiveIntegerField(help_text="certificates in it")),
                ("content", models.BinaryField(help_text="DER")),
            ],
            options={"ordering": ["-number"]},
        ),
        *(
            migrations.AddConstraint("Certificate", constraint)
            for constraint in (
                models.CheckConstraint(
                    condition=models.Q(purpose__in=[code for code, _label in PURPOSES]),
                    name="certificate_purpose_known",
                ),
                models.CheckConstraint(
                    condition=models.Q(origin__in=["issued", "brought"]), name="certificate_origin_known"
                ),
                models.CheckConstraint(
                    condition=models.Q(purpose="person", person__isnull=False)
                    | ~models.Q(purpose="person") & models.Q(person__isnull=True),
                    name="certificate_of_a_person_or_of_none",
                ),
                models.CheckConstraint(
                    condition=models.Q(revoked_at__isnull=True, revocation="")
                    | models.Q(revoked_at__isnull=False, revocation__in=[code for code, _label in REASONS]),
                    name="certificate_revoked_with_a_reason",
                ),
                models.CheckConstraint(
                    condition=models.Q(valid_from__lt=models.F("valid_until")),
                    name="certificate_begins_before_it_ends",
                ),
                models.UniqueConstraint(fields=("issuer", "serial"), name="certificate_serial_once"),
                models.UniqueConstraint(
                    fields=("purpose",), name="certificate_one_in_use",
                    condition=models.Q(
                        origin="issued", person__isnull=True, retired_at__isnull=True, revoked_at__isnull=True
                    ),
                ),
                models.UniqueConstraint(
                    fields=("person",), name="certificate_one_of_a_person",
                    condition=models.Q(retired_at__isnull=True, revoked_at__isnull=True),
                ),
            )
        ),
        migrations.AddConstraint(
            "RevocationList",
            models.UniqueConstraint(fields=("issuer", "number"), name="revocation_list_number_once"),
        ),
        migrations.AddConstraint(
            "RevocationList",
            models.CheckConstraint(
                condition=models.Q(this_update__lt=models.F("next_update")),
                name="revocation_list_begins_before_it_ends",
            ),
        ),
    ]
