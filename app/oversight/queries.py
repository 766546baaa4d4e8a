"""Reading the trail for those whose task that is."""

from app.accounts.values import Permission, Viewer
from app.audit.models import AuditEntry
from app.audit.queries import entries_found
from app.audit.values import Search
from app.web.errors import NotFoundError


def trail_visible_to(viewer: Viewer, search: Search, *, before: int | None, limit: int) -> list[AuditEntry]:
    """Return what the council's auditor looks for, newest first; raises NotFoundError for anybody else."""
    if not viewer.may(Permission.AUDIT_READ):
        raise NotFoundError
    return entries_found(viewer.council_id, search, before=before, limit=limit)
