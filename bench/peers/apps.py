"""Registers each table with what it is measured with."""

from django.apps import AppConfig


class PeersConfig(AppConfig):
    """The tables to compare with."""

    name = "bench.peers"
    label = "peers"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the trail's table as votes are registered, and auditlog's."""
        from auditlog.registry import auditlog  # noqa: PLC0415  (models load after the apps)

        from audit import scope, tracking  # noqa: PLC0415
        from bench.peers.models import AuditlogVote, TrailVote  # noqa: PLC0415

        def place_of(vote: TrailVote) -> scope.Place:
            review = vote.ballot.review
            return scope.Place(
                project=review.request.project_id, board=review.board_id,
                root=("reviews.reviewrequest", review.request_id),
            )  # fmt: skip

        auditlog.register(AuditlogVote)
        tracking.track(TrailVote, tracking.fields_of("reviews.vote"))
        scope.register("peers.trailvote", place_of)
