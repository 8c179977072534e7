"""All that people reach with a browser: pages, what they are made of, and the word that something changed."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from crewdesk.desk.sign_in import open_session
from crewdesk.errors import CrewdeskError, NotFound
from crewdesk.web import audit, doors, inbox, outbox, people
from crewdesk.web.api.app import PREFIX, api_app
from crewdesk.web.asking import Ask, visitor_of
from crewdesk.web.crews import page as crews
from crewdesk.web.figures import page as figures
from crewdesk.web.gates import page as gates
from crewdesk.web.live import DESK
from crewdesk.web.metrics import Metrics, metrics_route
from crewdesk.web.pages import page, show, site_of, status_of
from crewdesk.web.runs import artifact, effect, ledger, listing, starting
from crewdesk.web.runs import page as runs
from crewdesk.web.site import Site

PAGES = (doors, inbox, gates, listing, runs, effect, ledger, artifact, starting, outbox, audit, figures, crews, people)
STATIC = Path(__file__).parent / "static"
MOST_LISTENERS = 1000
MOST_OF_ONE = 20
"""Pages of one visit that listen."""
STATIC_CACHE = "max-age=300"


def desk_app(site: Site, metrics: Metrics) -> Starlette:
    """Make the application of the pages."""
    static = Mount("/static", _Static(directory=STATIC))
    api = Mount(PREFIX, api_app(site))
    pages = [route for part in PAGES for route in part.ROUTES]
    others = [Route("/live/{topic}", follow), metrics_route(metrics, site)]
    routes = [static, api, *pages, *others, page("/{path:path}", get=_nowhere, for_all=True)]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False  # to wherever the Host header says
    app.state.site = site
    return app


async def follow(request: Request) -> Response:
    """Answer with server-sent events about a topic: `desk`, or a run."""
    site = site_of(request)
    try:
        visitor = await run_in_threadpool(visitor_of, request, site)
    except CrewdeskError as error:
        return PlainTextResponse(error.message, status_of(error))
    if visitor is None:
        return PlainTextResponse("You are signed out.", 401)
    if site.live.listeners >= MOST_LISTENERS or site.live.listeners_of(visitor.session) >= MOST_OF_ONE:
        return PlainTextResponse("Too many pages listen. Reload to see what changed.", 503, {"Retry-After": "60"})
    topic = request.path_params["topic"]
    with_run = topic if topic == DESK or topic.isalnum() else DESK
    headers = {"X-Accel-Buffering": "no", "Cache-Control": "no-store"}

    def goes_on() -> bool:
        """Say whether the visit does."""
        try:
            return open_session(visitor.session, office=site.desk.office) is not None
        except CrewdeskError:
            return True  # nobody can say for now

    heard = site.live.follow(with_run, whose=visitor.session, goes_on=goes_on)
    return StreamingResponse(heard, media_type="text/event-stream", headers=headers)


def _nowhere(ask: Ask) -> Response:
    error = NotFound("There is no such page.", hint="Begin at the inbox.")
    return show(ask, "problem.html", status=404, error=error, hint=error.hint, next="/")


class _Static(StaticFiles):
    """Files of ours, which browsers may keep for a while."""

    def file_response(self, *args: object, **kwargs: object) -> Response:  # type: ignore[override]
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.setdefault("Cache-Control", STATIC_CACHE)
        return response
