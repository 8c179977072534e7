"""Start a run, or fork one, from a form made of what the crew's configuration asks for; nothing typed is lost."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.responses import Response

from crewdesk.desk.find_run import find_run
from crewdesk.desk.permit import permit_change
from crewdesk.desk.start_run import occasion
from crewdesk.domain.needs import needs_of
from crewdesk.domain.specs import HouseSpec
from crewdesk.errors import AlreadyStarted, ConfigurationError, CrewdeskError, NotAllowed, NotFound, WrongUsage
from crewdesk.facade import Desk
from crewdesk.web.asking import Ask
from crewdesk.web.pages import go_to, page, show, status_of
from crewdesk.web.runs.page import address_of

INPUT = "input/"
"""How the names of fields begin that hold inputs."""


@dataclass(frozen=True)
class Blank:
    """One field of the form."""

    name: str
    description: str
    text: str
    needed: bool


@dataclass(frozen=True)
class Choice:
    """One profile to choose."""

    name: str
    description: str
    needs: str
    """What it needs, such as a key and whether that is set."""
    ready: bool
    """Whether nothing is known to be missing."""


@dataclass(frozen=True)
class Sheet:
    """A form as it is shown: filled in with what was typed, or with what the crew itself would take."""

    crew: str
    description: str
    blanks: tuple[Blank, ...]
    choices: tuple[Choice, ...]
    profile: str
    tasks: tuple[str, ...]
    typed: Mapping[str, str]
    """What else was typed, by the names of fields."""
    error: CrewdeskError | None
    name: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    """So that sending one sheet twice starts one run."""

    @property
    def already(self) -> str:
        """The run that does the same; empty where there is none."""
        return self.error.run if isinstance(self.error, AlreadyStarted) else ""


def show_start(ask: Ask) -> Response:
    """Show the form."""
    return _start_form(ask, ask.path["crew"])


def start(ask: Ask) -> Response:
    """Put a new run in line, or show the form again with what is wrong."""
    crew, visitor, form = ask.path["crew"], ask.visitor, ask.form
    sheet = occasion("sheet", crew, form.text("sheet"))

    def submit() -> str:
        once = occasion("page", crew, form.text("once").strip()) or sheet
        profile, inputs, desk = form.text("profile") or None, form.under(INPUT), ask.site.desk
        return desk.submit(crew, inputs, profile=profile, by=visitor.id, proof=visitor.proof, once=once).id

    return _done_or_again(submit, sheet, lambda error: _start_form(ask, crew, error))


def show_fork(ask: Ask) -> Response:
    """Show the form of a run that starts from another one."""
    return _fork_form(ask)


def fork(ask: Ask) -> Response:
    """Put a fork in line, or show the form again with what is wrong."""
    parent, visitor, form = ask.path["run"].upper(), ask.visitor, ask.form
    sheet = occasion("sheet", parent, form.text("sheet"))

    def submit() -> str:
        return ask.site.desk.fork_with(
            parent,
            form.under(INPUT),
            profile=form.text("profile") or None,
            from_task=form.text("from_task") or None,
            by=visitor.id,
            proof=visitor.proof,
            queued=True,
            once=sheet,
        ).id

    return _done_or_again(submit, sheet, lambda error: _fork_form(ask, error))


def choices_of(house: HouseSpec, desk: Desk) -> tuple[Choice, ...]:
    """List the profiles, and say of each whether it can be used as things are."""
    found: list[Choice] = []
    for name, spec in house.models.profiles.items():
        needs = needs_of(house.models, name, lambda variable: desk.settings.key(variable) is not None)
        ready = all(need.met is not False for need in needs)
        found.append(Choice(name, spec.description, ", ".join(map(str, needs)), ready))
    return tuple(found)


def _done_or_again(submit: Callable[[], str], sheet: str, again: Callable[[CrewdeskError], Response]) -> Response:
    try:
        return go_to(address_of(submit()))
    except (NotAllowed, NotFound):
        raise
    except (WrongUsage, ConfigurationError) as error:
        if sheet and isinstance(error, AlreadyStarted) and error.once == sheet:  # sent twice, by a second click
            return go_to(address_of(error.run))
        return again(error)


def _start_form(ask: Ask, crew: str, error: CrewdeskError | None = None) -> Response:
    permit_change(ask.visitor.id, ask.visitor.proof, crew, ask.site.desk.office)
    sheet = _sheet(ask, crew, {}, "", error)
    return show(ask, "start.html", status=200 if error is None else status_of(error), sheet=sheet)


def _fork_form(ask: Ask, error: CrewdeskError | None = None) -> Response:
    parent = find_run(ask.path["run"].upper(), ask.site.desk.office)
    permit_change(ask.visitor.id, ask.visitor.proof, parent.crew, ask.site.desk.office)
    inputs = {name: str(value) for name, value in parent.inputs.items()}
    sheet = _sheet(ask, parent.crew, inputs, parent.profile, error)
    return show(ask, "run_fork.html", status=200 if error is None else status_of(error), sheet=sheet, parent=parent)


def _sheet(ask: Ask, crew: str, inputs: Mapping[str, str], profile: str, error: CrewdeskError | None) -> Sheet:
    """Fill a form in with what was typed, else with these inputs, else with what crew.yaml says."""
    desk, typed = ask.site.desk, ask.form.under(INPUT)
    chosen, rest = ask.form.text("profile"), dict(ask.form.pairs)
    try:
        house = desk.house(crew)
    except ConfigurationError:
        if error is None:
            raise
        blanks = tuple(Blank(name, "", text, needed=False) for name, text in typed.items())
        return Sheet(crew, "", blanks, (), chosen, (), rest, error)
    blanks = tuple(
        Blank(name, spec.description, typed.get(name, inputs.get(name, spec.default or "")), spec.default is None)
        for name, spec in house.crew.inputs.items()
        if spec.file is None
    )
    usual = profile or desk.settings.profile or house.models.default
    tasks = tuple(house.tasks)
    return Sheet(crew, house.crew.description, blanks, choices_of(house, desk), chosen or usual, tasks, rest, error)


ROUTES = [
    page("/crews/{crew}/start", get=show_start, post=start),
    page("/runs/{run}/fork", get=show_fork, post=fork),
]
