"""The links at the top of staff pages, by role."""

from dataclasses import dataclass

from flask import g, request, url_for

from app.accounts.values import Role, Viewer

ABOUT_ONE = ("timeline", "insights", "prompts", "school", "decisions", "profiles", "feed", "attachments", "concerns")
CASELOAD = ("dashboards", "notifications", "emergency", *ABOUT_ONE)
HAS_ITS_OWN_LINK = "timeline.timeline"
LINKS: dict[Role, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    Role.YOUNG_PERSON: (),
    Role.MENTOR: (("My young people", "dashboards.caseload", CASELOAD),),
    Role.PARENT_CARER: (
        ("My family", "dashboards.caseload", CASELOAD),
        ("How I am", "carers.mine", ("carers",)),
    ),
    Role.COUNCIL_STAFF: (
        ("What helped", "impact.comparison", ("impact", "impact_levels")),
        ("Young people", "directory.young_people", ("directory", "school")),
        ("Short breaks", "breaks.offers", ("breaks",)),
        ("Requests", "records.requests", ("records",)),
        ("Keeping safe", "keeping_safe.calls", ("keeping_safe", "concerns", "emergency", "notifications")),
    ),
    Role.PROVIDER: (("Short breaks", "breaks.offers", ("breaks",)),),
    Role.ADMINISTRATOR: (
        ("Accounts", "accounts.all_accounts", ("accounts",)),
        ("Single sign-on", "sign_on_admin.set_up", ("sign_on_admin",)),
    ),
    Role.AUDITOR: (
        ("Audit trail", "oversight.trail", ("oversight",)),
        ("Emergency access", "emergency.reviews", ("emergency",)),
    ),
}


@dataclass(frozen=True, slots=True)
class NavigationLink:
    """One place that the viewer's role may go to."""

    words: str
    url: str
    is_current: bool
    is_this_page: bool


def navigation() -> list[NavigationLink]:
    """Return the viewer's links; none before sign-in."""
    viewer: Viewer | None = g.get("viewer")
    links = LINKS[viewer.role] if viewer else ()
    here = None if request.endpoint == HAS_ITS_OWN_LINK else request.blueprint
    return [
        NavigationLink(words, url_for(endpoint), here in within, request.endpoint == endpoint)
        for words, endpoint, within in links
    ]
