"""Grants on containers with an end date: guardian's direct foreign-key permissions, which have none of their own."""

from datetime import datetime

from django.db import models
from django.db.models import Model, Q
from guardian.models.models import GroupObjectPermissionBase, UserObjectPermissionBase


class UntilMixin(models.Model):
    """`valid_until`: the moment from which the grant no longer counts; empty: no end."""

    valid_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


def in_force(now: datetime) -> Q:
    """Return the condition for grants that count at this moment."""
    return Q(valid_until__isnull=True) | Q(valid_until__gt=now)


class UserGrant(UserObjectPermissionBase, UntilMixin):
    """Base of a grant to a person; subclass with `content_object = ForeignKey(container)`."""

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class GroupGrant(GroupObjectPermissionBase, UntilMixin):
    """Base of a grant to a group; subclass with `content_object = ForeignKey(container)`."""

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True


def fields_of_grant(model: type[Model]) -> list[str]:
    """Return which fields of a grant events vouch for: who may do what on what, and until when."""
    who = "user" if issubclass(model, UserGrant) else "group"
    return ["content_object", who, "permission", "valid_until"]
