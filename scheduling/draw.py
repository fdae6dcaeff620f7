"""The draw: value objects of the request, commitment before chance, panel after it."""

from scheduling.request import AvoidedOrganisation, DrawRequest, Party, Quota, ensure_valid, request_digest

__all__ = ["AvoidedOrganisation", "DrawRequest", "Party", "Quota", "ensure_valid", "request_digest"]
