"""Words for what a model version is: closed lists, so that rules and filters can rely on them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    """How the version reaches people outside the team that made it."""

    OPEN_WEIGHTS = "open_weights", _("Open weights")
    API = "api", _("API")
    INTERNAL = "internal", _("Internal use")
    DEVICE = "device", _("On devices")


class Modality(models.TextChoices):
    """What the version takes in or gives out; several may hold."""

    TEXT = "text", _("Text")
    CODE = "code", _("Program code")
    IMAGE = "image", _("Images")
    AUDIO = "audio", _("Speech and sound")
    VIDEO = "video", _("Video")
    TABULAR = "tabular", _("Tables and time series")
    SENSOR = "sensor", _("Sensor data")
    ACTION = "action", _("Actions and tool use")


class Relation(models.TextChoices):
    """How the version came from its base model."""

    NONE = "none", _("Trained from the start")
    FINETUNED = "finetuned", _("Fine-tuned")
    ADAPTER = "adapter", _("Adapter")
    QUANTISED = "quantised", _("Quantised")
    DISTILLED = "distilled", _("Distilled")
    MERGED = "merged", _("Merged")


class Market(models.TextChoices):
    """Where the version is offered; rules on filings and labels depend on it."""

    CN = "cn", pgettext_lazy("market", "Mainland China")
    HK = "hk", pgettext_lazy("market", "Hong Kong SAR")
    EU = "eu", pgettext_lazy("market", "European Union")
    UK = "uk", pgettext_lazy("market", "United Kingdom")
    US = "us", pgettext_lazy("market", "United States")
    JP = "jp", pgettext_lazy("market", "Japan")
    KR = "kr", pgettext_lazy("market", "South Korea")
    SG = "sg", pgettext_lazy("market", "Singapore")
    OTHER = "other", pgettext_lazy("market", "Elsewhere")
