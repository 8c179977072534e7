"""The application behind /api/v1."""

from __future__ import annotations

from fastapi import FastAPI

from crewdesk import __version__
from crewdesk.web.api import gates, house, runs
from crewdesk.web.api.door import Door
from crewdesk.web.api.problems import ALWAYS, described, tell_problems
from crewdesk.web.site import Site

PREFIX = "/api/v1"
DESCRIPTION = """
What the pages of the desk can do, for programs: look at runs, gates, the outbox and the audit log; start and change
runs; decide at gates. Whoever has a place at the desk may look at everything; whoever may work on a crew may start,
change and decide about its runs.

Identity comes from a token (`Authorization: Bearer crewdesk_…`), or, at a desk that knows nobody, from a name
(`X-Crewdesk-Name: ada`); never from a cookie and never from the body. Every error has the shape of `Problem`: what
went wrong, and what to do. Lists come in pages: give `next` back as `cursor`.
"""


def api_app(site: Site) -> FastAPI:
    """Make the application of the API."""
    app = FastAPI(
        title="Crewdesk",
        version=__version__,
        description=DESCRIPTION,
        servers=[{"url": PREFIX}],
        root_path_in_servers=False,
        docs_url=None,  # both would load their scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        responses=described(*ALWAYS),
    )
    for part in (house, runs, gates):
        app.include_router(part.router)
    app.add_middleware(Door, site=site)
    tell_problems(app)
    app.state.site = site
    return app
