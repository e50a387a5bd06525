"""What a token of the API may be used for. A scope only narrows: what its person may not do, no token does."""

from enum import StrEnum


class Scope(StrEnum):
    """`…:read` looks, `…:write` acts; writing doesn't include reading."""

    REGISTRY_READ = "registry:read"
    REGISTRY_WRITE = "registry:write"
    REQUESTS_READ = "requests:read"
    REQUESTS_WRITE = "requests:write"
    BOARDS_WRITE = "boards:write"
    RELEASES_WRITE = "releases:write"
    COMPLIANCE_READ = "compliance:read"
    COMPLIANCE_WRITE = "compliance:write"
    RECORDS_READ = "records:read"
    ATTESTATIONS_READ = "attestations:read"
    AUDIT_READ = "audit:read"
    AUDIT_WRITE = "audit:write"
    PEOPLE_READ = "people:read"
    PEOPLE_WRITE = "people:write"
    ORGANISATION_READ = "organisation:read"
    ORGANISATION_WRITE = "organisation:write"


FOR_ADMINISTRATORS = frozenset(
    {Scope.PEOPLE_READ, Scope.PEOPLE_WRITE, Scope.ORGANISATION_READ, Scope.ORGANISATION_WRITE}
)
MOST_DAYS = 365
