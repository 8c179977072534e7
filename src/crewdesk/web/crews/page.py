"""The crews: which there are, whether their configuration is all right, and a picture of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from crewdesk.domain.figure_rows import Scope
from crewdesk.domain.figures import weeks_until
from crewdesk.domain.runs import RunLine, RunStatus
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import ConfigurationError, NotFound
from crewdesk.facade import Desk
from crewdesk.web.asking import Ask
from crewdesk.web.crews.facts import crew_facts
from crewdesk.web.crews.picture import draw
from crewdesk.web.pages import page, show

WEEKS = 4
LAST_RUNS = 5


@dataclass(frozen=True)
class Listed:
    """A crew in the list."""

    name: str
    house: HouseSpec | None
    """None where it has problems."""
    problems: tuple[str, ...]
    """Each as `file:line: sentence`."""
    runs: Mapping[RunStatus, int]
    """Of the last weeks."""


def show_crews(ask: Ask) -> Response:
    """List all crews, those with problems too."""
    desk = ask.site.desk
    runs = _runs_of_late(desk)
    crews = [_listed(desk, name, runs.get(name, {})) for name in desk.crews()]
    return show(ask, "crews.html", crews=crews, weeks=WEEKS)


def show_crew(ask: Ask) -> Response:
    """Show what a crew is made of, as a picture and in words."""
    desk, name = ask.site.desk, ask.path["crew"]
    found, last = _listed(desk, name, {}), _last_runs(desk, name)
    if found.house is None:
        return show(ask, "crew.html", crew=found, facts=None, picture=None, profile="", last=last)
    models = found.house.models
    asked = ask.query.get("profile", "")
    profile = asked if asked in models.profiles else desk.settings.profile or models.default
    if profile not in models.profiles:
        profile = models.default
    facts = crew_facts(name, found.house, profile)
    return show(ask, "crew.html", crew=found, facts=facts, picture=draw(facts), profile=profile, last=last)


def _listed(desk: Desk, name: str, runs: Mapping[RunStatus, int]) -> Listed:
    """Read one crew; raises `NotFound` where there is none."""
    try:
        return Listed(name, desk.house(name), (), runs)
    except NotFound:
        raise NotFound(f"There is no crew {name!r}.", hint="The crews there are: Crews, above.") from None
    except ConfigurationError as error:
        return Listed(name, None, tuple(error.message.splitlines()), runs)


def _runs_of_late(desk: Desk) -> dict[str, Counter[RunStatus]]:
    since = weeks_until(desk.office.now(), WEEKS)[0][1]
    found: dict[str, Counter[RunStatus]] = {}
    with desk.store.reading() as records:
        for row in records.figures.runs(Scope(since)):
            found.setdefault(row.crew, Counter())[row.status] += row.runs
    return found


def _last_runs(desk: Desk, crew: str) -> list[RunLine]:
    with desk.store.reading() as records:
        return list(records.runs.lines(limit=LAST_RUNS, crew=crew))


ROUTES = [page("/crews", get=show_crews), page("/crews/{crew}", get=show_crew)]
