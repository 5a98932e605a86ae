"""HTTP only: the assistant as JSON, Server-Sent Events and pages. Nothing here decides what an answer says."""

from api.app import create_app

__all__ = ["create_app"]
