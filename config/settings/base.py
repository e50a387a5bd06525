"""Settings that every way of running the product shares."""

from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from config import env, organisation, webhooks
from config.log import logging_settings
from config.settings.beat import SCHEDULE

BASE_DIR = Path(__file__).resolve().parents[2]
DATA_DIR = env.folder("IMPRIMATUR_DATA", BASE_DIR / "var")

DEBUG = False
EMBEDDED = False
ALLOWED_HOSTS: list[str] = []
ORGANISATION = env.text("IMPRIMATUR_ORGANISATION", "Imprimatur")
BASE_URL = env.text("IMPRIMATUR_BASE_URL", "http://localhost:8000")
SAMPLE = False
AUDIT_ORIGIN = env.text(
    "IMPRIMATUR_LOG_ORIGIN", "imprimatur.local/log"
)  # name of the log in each of its leaves
LOG_SIGNER = env.text(
    "IMPRIMATUR_LOG_SIGNER", str(DATA_DIR / "signer")
)  # folder with the key that signs the log and what it signed last
LOG_WITNESSES = env.text(
    "IMPRIMATUR_WITNESSES", ""
)  # who signs the checkpoints, too: lines `vkey url`, or a file of such
CHECKPOINT_MAIL = env.one_of(
    "IMPRIMATUR_CHECKPOINT_MAIL", ("daily", "weekly"), "daily"
)  # to who audits under an engagement; every other auditor gets one a week
AUDIT_COMMIT_GUARD = True  # PostgreSQL refuses a change of a tracked table without an event
AUDIT_LOGINS_APART = False  # a process refuses to start as a login with other rights than its role needs
SEQUENCER_DATABASE_USER = SEQUENCER_DATABASE_PASSWORD = ""  # empty: it uses the login of the application
COMPLIANCE_LIBRARIES_AT_MIGRATE = True  # each migrate loads the libraries that ship with the product
COMPLIANCE_HORIZON_DAYS = env.number("IMPRIMATUR_COMPLIANCE_HORIZON_DAYS", 60)  # dates are made so far ahead
MEETINGS_HORIZON_DAYS = env.number(
    "IMPRIMATUR_MEETINGS_HORIZON_DAYS", 90
)  # meetings of a series are made so far ahead
MEETINGS_CALL_DAYS = env.number(
    "IMPRIMATUR_MEETINGS_CALL_DAYS", 5
)  # working days before; of one beside any series
MINUTES_DAYS = env.number(
    "IMPRIMATUR_MINUTES_DAYS", 5
)  # working days after a meeting, until they are circulated
REMINDERS_HOUR = env.number("IMPRIMATUR_REMINDERS_HOUR", 8)  # of the person's own day
REMINDERS_DIGEST_HOUR = env.number("IMPRIMATUR_REMINDERS_DIGEST_HOUR", 9)
REMINDERS_LATE_DAYS = env.number("IMPRIMATUR_REMINDERS_LATE_DAYS", 10)  # then it escalates
REMINDERS_MANAGER_DAYS = env.number("IMPRIMATUR_REMINDERS_MANAGER_DAYS", 3)  # late: the line manager is told
REMINDERS_BOARD_DAYS = env.number("IMPRIMATUR_REMINDERS_BOARD_DAYS", 10)  # late: the board is told
SEAL_PKCS12 = ""  # empty: records are sealed with a key of the internal authority, made at the first record
SEAL_PASSWORD = ""
SEAL_PKCS11: dict[str, str] = {}  # or with one on a token: config.keys.token says with which keys
SYSTEM_PKCS12, SYSTEM_PASSWORD = (
    "",
    "",
)  # what certifies records; empty: the seal that was brought, or one of the house
SYSTEM_PKCS11: dict[str, str] = {}
PEOPLE_ISSUER_PKCS12, PEOPLE_ISSUER_PASSWORD = "", ""  # what certifies people; empty: the internal authority
PEOPLE_ROOTS = env.text(
    "IMPRIMATUR_PEOPLE_ROOTS", ""
)  # PEM file of roots under which people may bring their own certificate; empty: they may not
if PEOPLE_ROOTS and not Path(PEOPLE_ROOTS).is_file():
    env.fault("IMPRIMATUR_PEOPLE_ROOTS", f"names {PEOPLE_ROOTS}, which is no file")
CERTIFICATES_URL = env.text(
    "IMPRIMATUR_CERTIFICATES_URL", ""
)  # what stands in certificates for lists and issuers; empty: the base URL
ATTESTATION_KEYS: list[str] = []  # files; none: a key of the house's own, made at the first attestation
ATTESTATION_PASSWORD = ""
ATTESTATIONS_PUBLIC = env.flag("IMPRIMATUR_ATTESTATIONS_PUBLIC")  # handed out without sign-in
ATTESTATION_IGNORE = env.words("IMPRIMATUR_ATTESTATION_IGNORE", "")  # paths that a gate leaves out, .git/
STATUS_HOURS = env.number("IMPRIMATUR_STATUS_HOURS", 48)  # so long a status list holds; it is signed daily
if STATUS_HOURS < 25:
    env.fault("IMPRIMATUR_STATUS_HOURS", "must be 25 or more, because the list is signed daily")
PERSON_CERTIFICATE_DAYS = env.number("IMPRIMATUR_PERSON_CERTIFICATE_DAYS", 730)
PERSON_CERTIFICATE_RENEWAL_DAYS = env.number(
    "IMPRIMATUR_PERSON_CERTIFICATE_RENEWAL_DAYS", 30
)  # before its end another one is issued
REVOCATION_LIST_DAYS = env.number("IMPRIMATUR_REVOCATION_LIST_DAYS", 7)  # so long a list may be relied on
TSA_URL = env.text("IMPRIMATUR_TSA_URL", "")  # whoever stamps the time on records (RFC 3161); empty: nobody
TSA_USER = env.text("IMPRIMATUR_TSA_USER", "")
TSA_PASSWORD = env.text("IMPRIMATUR_TSA_PASSWORD", "")
TSA_ROOTS = env.text("IMPRIMATUR_TSA_ROOTS", "")  # file with the certificates that they are trusted by, PEM

API_CALLS_OF_TOKEN = env.number("IMPRIMATUR_API_CALLS_OF_TOKEN", 600)  # in a minute
API_CALLS_OF_ADDRESS = env.number(
    "IMPRIMATUR_API_CALLS_OF_ADDRESS", 1800
)  # in a minute, whoever calls from there

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "template_partials",
    "csp",
    "guardian",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "jobs",
    "audit",
    "accounts",
    "records",
    "reminders",
    "webhooks",
    "registry",
    "compliance",
    "reviews",
    "oversight",
    "desk",
]

MIDDLEWARE = [
    "audit.requests.identified",
    "accounts.api.middleware.problems_are_told",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "records.attestation.caching.same_for_everybody",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "accounts.middleware.second_factor_first",
    "accounts.middleware.ended_sessions_are_told",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.middleware.personal",
    "desk.middleware.NulRefused",
    "oversight.middleware.auditors_are_told_of",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "desk.navigation.house",
            ],
        },
    }
]
FORM_RENDERER = "desk.rendering.HouseRenderer"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "guardian.backends.ObjectPermissionBackend",
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "accounts.passwords.LongEnough",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "display_name")},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = [
    "email*",
    "password1*",
]  # nobody signs up; allauth derives from it that passwords exist
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation that was accepted proves the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "accounts.forms.entrance.SignInForm",
    "reauthenticate": "accounts.forms.entrance.PasswordAgainForm",
    "change_password": "accounts.forms.entrance.PasswordChangeForm",
    "reset_password": "accounts.forms.entrance.PasswordResetForm",
    "reset_password_from_key": "accounts.forms.entrance.NewPasswordForm",
}
MFA_ADAPTER = "accounts.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # possession and PIN or biometrics: two components in one act
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s by which clocks may differ
MFA_FORMS = {
    "authenticate": "accounts.forms.entrance.CodeForm",
    "reauthenticate": "accounts.forms.entrance.CodeAgainForm",
    "activate_totp": "accounts.forms.entrance.SetUpCodesForm",
    "add_webauthn": "accounts.forms.passkeys.AddPasskeyForm",
    "edit_webauthn": "accounts.forms.passkeys.RenamePasskeyForm",
    "login_webauthn": "accounts.forms.passkeys.PasskeySignInForm",
    "authenticate_webauthn": "accounts.forms.passkeys.PasskeyStepForm",
    "reauthenticate_webauthn": "accounts.forms.passkeys.PasskeyAgainForm",
}
OIDC = organisation.provider()
SOCIALACCOUNT_PROVIDERS = organisation.social_providers(OIDC)
SOCIALACCOUNT_ADAPTER = "accounts.organisation.adapter.OrganisationAccounts"
SOCIALACCOUNT_ONLY = False
SOCIALACCOUNT_STORE_TOKENS = False
USERSESSIONS_ADAPTER = "accounts.adapters.SessionsAdapter"
SIGNING_SITTING_MINUTES = env.number(
    "IMPRIMATUR_SIGNING_MINUTES", 15
)  # after which all components are asked again
SIGNING_ATTEMPTS = env.number(
    "IMPRIMATUR_SIGNING_ATTEMPTS", 10
)  # wrong answers in a row; then signing is locked
SIGNING_CHALLENGE_MINUTES = env.number(
    "IMPRIMATUR_SIGNING_CHALLENGE_MINUTES", 5
)  # a passkey answers within them
SECOND_FACTOR_ROLES = ("legal", "secretary", "release_manager", "safety_lead", "administrator")  # and chairs

WEBHOOK_NETWORKS = webhooks.networks()  # none: webhooks reach public hosts only
WEBHOOK_PORTS = webhooks.ports()
WEBHOOK_HTTP = env.flag("IMPRIMATUR_WEBHOOK_HTTP")  # without TLS, and only into the networks above
WEBHOOK_CA = webhooks.authorities()

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "desk.statics.Storage"},
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'", *organisation.form_targets(OIDC)],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
SESSION_COOKIE_AGE = env.number("IMPRIMATUR_SESSION_HOURS", 14) * 3600  # a working day
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

DATA_UPLOAD_MAX_MEMORY_SIZE = (
    10 * 1024**2
)  # bytes of a form without its files: a long dossier, a pasted manifest
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 50
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_HANDLERS = [  # none that writes to the system's temporary folder
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "audit.upload_handler.EncryptedUpload",
]
FILES_KEYS = ""  # where the master keys of the files stand
CLAMD = env.text("IMPRIMATUR_CLAMD", "")  # unix:///path or tcp://host:port; "": nobody looks for malware
if CLAMD and not CLAMD.startswith(("unix:///", "tcp://")):
    env.fault("IMPRIMATUR_CLAMD", f"must be unix:///path or tcp://host:port, but is {CLAMD!r}")
UPLOAD_MEGABYTES = env.number("IMPRIMATUR_UPLOAD_MEGABYTES", 2048)  # of one file, at most

LOGGING = logging_settings(
    env.one_of("IMPRIMATUR_LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "WARNING")
)

CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 3600, "unacked_restore_throttle": 1}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_PUBLISH_RETRY = False  # the row is the truth: who can't send leaves it to the sweep
CELERY_BEAT_SCHEDULE = SCHEDULE
