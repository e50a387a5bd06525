"""Tables of the oversight app."""

from oversight.models.bundle import Bundle, BundleState
from oversight.models.engagement import READ_ENGAGEMENT, Engagement, EngagementGrant, OpenedContainer
from oversight.models.sample import Sample, SampledState, SampleItem
from oversight.models.visit import Visit

__all__ = [
    "READ_ENGAGEMENT",
    "Bundle",
    "BundleState",
    "Engagement",
    "EngagementGrant",
    "OpenedContainer",
    "Sample",
    "SampleItem",
    "SampledState",
    "Visit",
]  # fmt: skip
