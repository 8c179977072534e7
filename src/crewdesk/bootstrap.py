"""Put the house together: settings in, an office out. The only place that names concrete classes.

Heavy rooms are imported inside the functions that need them, so that looking at gates costs no CrewAI.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from crewdesk.domain.redaction import Redactor
from crewdesk.settings import Settings
from crewdesk.store.database import Database

if TYPE_CHECKING:
    from crewdesk.configuration.house import Loaded
    from crewdesk.configuration.houses import Houses
    from crewdesk.configuration.names import Names
    from crewdesk.desk.office import Office
    from crewdesk.desk.work import Work
    from crewdesk.domain.canonical import JsonObject
    from crewdesk.domain.claims import HolderKind
    from crewdesk.domain.specs import ConnectorsSpec, HouseSpec
    from crewdesk.domain.trigger_specs import TriggersSpec
    from crewdesk.durable.worker import Duty, Worker
    from crewdesk.engine.crew import CrewEngine
    from crewdesk.knowledge.shelf import Shelf
    from crewdesk.ports.asker import Asker
    from crewdesk.ports.connector import Connector
    from crewdesk.ports.model import Model
    from crewdesk.ports.notifier import Notifier
    from crewdesk.ports.presence import Presence
    from crewdesk.ports.store import Store
    from crewdesk.ports.tool import Tool
    from crewdesk.ports.watcher import Watcher
    from crewdesk.store.presence import ProcessPresence

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: nothing that reads like something else."""


def open_store(settings: Settings) -> Database:
    """Open the database of this home, made and brought up to date where needed."""
    return Database(settings.database_url)


def load(crew: str, settings: Settings) -> Loaded:
    """Read a crew's configuration strictly; `ConfigurationError` lists everything that is wrong with it."""
    from crewdesk.configuration.house import load_house

    return load_house(crew, config=settings.config, knowledge=settings.knowledge, names=names())


def make_houses(settings: Settings) -> Houses:
    """Make what reads crews again only where their files changed."""
    from crewdesk.configuration.houses import Houses

    return Houses(settings.config, settings.knowledge, read=lambda crew: load(crew, settings).house)


def load_triggers(settings: Settings) -> TriggersSpec:
    """Read config/triggers.yaml strictly; no file means no triggers, `ConfigurationError` lists what is wrong."""
    from crewdesk.configuration.triggers import load_triggers as load

    return load(settings.config)


@cache
def names() -> Names:
    """List what YAML may name: outputs, guardrails, composers, kinds of tools and connectors."""
    from crewdesk.configuration.names import Names, fields_of
    from crewdesk.connectors.table import CONNECTORS, SETTINGS
    from crewdesk.crews.table import COMPOSERS, GUARDRAILS, OUTPUTS
    from crewdesk.tools.table import TOOLS

    return Names(
        outputs=frozenset(OUTPUTS),
        guardrails=frozenset(GUARDRAILS),
        composers=frozenset(COMPOSERS),
        tool_kinds=frozenset(TOOLS),
        connector_kinds=frozenset(CONNECTORS),
        fields={
            name: fields_of(model)
            for name, model in [*OUTPUTS.items(), *((name, made.schema) for name, made in COMPOSERS.items())]
        },
        settings={"tools": {name: kind.settings for name, kind in TOOLS.items()}, "connectors": SETTINGS},
    )


def make_office(
    settings: Settings,
    store: Store,
    *,
    model: Model | None = None,
    watcher: Watcher | None = None,
    asker: Asker | None = None,
    presence: Presence | None = None,
) -> Office:
    """Put an office together; `model` takes the place of every model in models.yaml."""
    from crewdesk.configuration.people import PeopleFile
    from crewdesk.crews.checks import CrewChecks
    from crewdesk.desk.office import Office
    from crewdesk.ports.watcher import Nobody
    from crewdesk.store.passwords import ArgonPasswords

    return Office(
        store=store,
        checks=CrewChecks(voice=_voice(settings)),
        engine=lambda: make_engine(settings),
        model=lambda house: model or routed_model(house, settings),
        connectors=lambda house: make_connectors(house.connectors, settings),
        presence=presence or make_presence(settings, store, kind="desk"),
        now=now,
        timer=time.monotonic,
        sleep=time.sleep,
        new_id=lambda: "".join(secrets.choice(LETTERS) for _ in range(4)),
        redactor=Redactor(settings.secrets),
        watcher=watcher or Nobody(),
        notifier=make_notifier(settings),
        public=settings.public or "",
        asker=asker,
        passwords=ArgonPasswords(),
        people=PeopleFile(settings.config),
    )


def make_notifier(settings: Settings) -> Notifier:
    """Make what tells people of gates and failed runs."""
    from crewdesk.connectors.notice import AppriseNotifier

    return AppriseNotifier(settings.key)


def make_presence(settings: Settings, store: Store, *, kind: HolderKind) -> ProcessPresence:
    """Make what tells other processes that this one works on runs."""
    from crewdesk.store.presence import ProcessPresence

    return ProcessPresence(store, settings.home / ".crewdesk" / "locks", kind=kind, lease=settings.lease)


def make_engine(settings: Settings) -> CrewEngine:
    """Import CrewAI, quietly, and make the engine; takes seconds the first time."""
    settings.export()
    logging.getLogger("crewai").setLevel(logging.CRITICAL)  # it logs every stop of ours as an error of its own
    from crewdesk.crews.table import COMPOSERS, OUTPUTS
    from crewdesk.engine.crew import CrewEngine
    from crewdesk.knowledge.shelf import Shelf

    library = Shelf(settings.knowledge)
    return CrewEngine(
        tools=lambda work: make_tools(work, settings, library),
        outputs=OUTPUTS,
        artifact_of=lambda composer: COMPOSERS[composer].schema.__name__,
    )


def make_worker(
    settings: Settings,
    store: Store,
    *,
    seats: int,
    watcher: Watcher,
    say: Callable[[str], None],
    duties: Sequence[Duty] = (),
    public: str | None = None,
) -> Worker:
    """Make a worker with more duties than its own; at most one in a process.

    Its notices link to the desk at `public`, or as settings say.
    """
    from crewdesk.durable.worker import Worker

    presence = make_presence(settings, store, kind="worker")
    office = make_office(settings, store, watcher=watcher, presence=presence)
    office = replace(office, public=public or office.public)
    return Worker(
        office,
        presence,
        settings.database_url,
        seats=seats,
        lease=settings.lease,
        say=say,
        duties=[*_duties(office), *duties],
    )


def _duties(office: Office) -> list[Duty]:
    from crewdesk.desk.tell_failures import tell_failures
    from crewdesk.desk.tend_gates import tend_gates
    from crewdesk.durable.worker import Duty

    return [
        Duty("looking after gates", 1.0, lambda: [str(tended) for tended in tend_gates(office)], last=True),
        Duty("telling people of failures", 1.0, lambda: [str(told) for told in tell_failures(office)], last=True),
    ]


def routed_model(house: HouseSpec, settings: Settings) -> Model:
    """Make the models of models.yaml, real and offline ones."""
    from crewdesk.models.router import RoutedModel

    return RoutedModel(house.models.models, recipes=dict(house.offline), keys=settings.key)


def make_connectors(specs: ConnectorsSpec, settings: Settings) -> Mapping[str, Connector]:
    """Make the ways out of connectors.yaml."""
    from crewdesk.connectors.table import make_connector

    return {
        name: make_connector(name, spec, root=settings.home, clock=_clock, key=settings.key)
        for name, spec in specs.connectors.items()
    }


def make_tools(work: Work, settings: Settings, library: Shelf) -> Mapping[str, Tool]:
    """Make the tools of tools.yaml for one run."""
    from crewdesk.tools.table import Materials, make_tool

    def accepted(task: str) -> JsonObject | None:
        artifact = work.accepted(task)
        return None if artifact is None else artifact.body

    materials = Materials(
        knowledge_root=settings.knowledge,
        library=library,
        connector=work.connectors.__getitem__,
        work=accepted,
        inputs=work.inputs,
        home=settings.home,
        scratch=settings.home / ".crewdesk" / "code",
    )
    return {name: make_tool(name, spec, materials=materials) for name, spec in work.house.tools.tools.items()}


def _voice(settings: Settings) -> str:
    path = settings.knowledge / "house" / "voice.md"
    return path.read_text("utf-8", errors="replace") if path.is_file() else ""


def _clock() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the one clock of the house


def now() -> str:
    """Read the clock of the house: UTC, ISO 8601."""
    return _clock().isoformat(timespec="milliseconds")
