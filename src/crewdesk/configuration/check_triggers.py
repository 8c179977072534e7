"""Triggers against the crews they start: inputs, times, addresses, and what is filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from crewdesk.configuration.problems import Problem, did_you_mean, nearest
from crewdesk.configuration.variables import check_variable
from crewdesk.configuration.yaml_source import Source
from crewdesk.domain.durations import seconds
from crewdesk.domain.events import paths_in
from crewdesk.domain.outreach.lead import EVENT_FIELDS
from crewdesk.domain.schedules import EVENT, cron_problem
from crewdesk.domain.specs import InputSpec
from crewdesk.domain.trigger_specs import (
    ChangesSpec,
    FiringSpec,
    LookSpec,
    PollSpec,
    ScheduleSpec,
    TriggersSpec,
    WebhookSpec,
)

NAME = re.compile(r"\w[\w .-]*")
TAKEN = ("crew", "profile", "by", "once")
"""Inputs of these names cannot be given in code."""
LONGEST = "53w"
MOST_OFTEN = "10s"
CRM = "crm/"
"""How the kinds of connectors begin that know leads."""
FEED_EVENT = frozenset({"id", "title", "link", "summary", "author", "published", "feed"})
"""What the event of a feed's entry says."""
LEAD_EVENT = frozenset({"lead", *EVENT_FIELDS})
"""What the event of a new lead says."""
DAY_WORDS = frozenset({"month", "day"})


@dataclass(frozen=True)
class Surroundings:
    """What triggers may name."""

    crews: tuple[str, ...]
    inputs: Mapping[str, Mapping[str, InputSpec]]
    """Of the crews that could be read."""
    profiles: tuple[str, ...] | None
    """None where models.yaml could not be read."""
    connectors: Mapping[str, str] | None = None
    """Their kinds; None where connectors.yaml could not be read."""


def check_triggers(source: Source, spec: TriggersSpec, around: Surroundings) -> Iterator[tuple[str, Problem]]:
    """Find triggers that could not start what they should; each problem with the trigger it keeps from firing."""
    for name, trigger in spec.triggers.items():
        for problem in _problems(source, name, trigger, around):
            yield name, problem
    yield from _paths(source, spec)


def _problems(source: Source, name: str, trigger: FiringSpec, around: Surroundings) -> Iterator[Problem]:
    if not NAME.fullmatch(name):
        hint = "Use letters, digits, blanks, _, - and dots."
        yield source.problem(f"{name!r} is no name for a trigger", "triggers", name, hint=hint)
    yield from _started(source, name, trigger, around)
    yield from _occasions(source, name, trigger)
    yield from _texts(source, name, trigger)
    match trigger:
        case ScheduleSpec():
            yield from _timed(source, name, trigger)
        case WebhookSpec():
            yield from _lengths(source, name, {"within": trigger.within})
            yield from _variable(source, name, "secret_env", trigger.secret_env)
        case LookSpec():
            yield from _looking(source, name, trigger, around)
        case _:
            pass


def _started(source: Source, name: str, trigger: FiringSpec, around: Surroundings) -> Iterator[Problem]:
    path = ("triggers", name)
    if trigger.crew not in around.crews:
        near = did_you_mean(trigger.crew, around.crews, none="there are no crews yet")
        sentence = f"crew {trigger.crew!r} of trigger {name!r} is not under config/crews{near}"
        yield source.problem(sentence, *path, "crew")
    if trigger.profile is not None and around.profiles is not None and trigger.profile not in around.profiles:
        near = did_you_mean(trigger.profile, around.profiles, none="there are no profiles yet")
        sentence = f"profile {trigger.profile!r} of trigger {name!r} is not in models.yaml{near}"
        yield source.problem(sentence, *path, "profile")
    if trigger.crew in around.inputs:
        yield from _inputs(source, name, trigger, around.inputs[trigger.crew])


def _inputs(source: Source, name: str, trigger: FiringSpec, declared: Mapping[str, InputSpec]) -> Iterator[Problem]:
    path = ("triggers", name, "inputs")
    for word in trigger.inputs:
        if word not in declared:
            near = did_you_mean(word, declared, none="it takes none")
            sentence = f"crew {trigger.crew!r} of trigger {name!r} has no input {word!r}{near}"
            yield source.problem(sentence, *path, word)
        elif word in TAKEN:
            hint = "Give the input another name in crew.yaml."
            yield source.problem(f"no trigger can give an input that is called {word!r}", *path, word, hint=hint)
    for word, spec in declared.items():
        needed = spec.default is None and spec.file is None
        if needed and not trigger.inputs.get(word, "").strip():
            sentence = f"trigger {name!r} does not give {word!r}, and crew {trigger.crew!r} needs it"
            yield source.problem(sentence, *path, hint=f"{word}: {spec.description}")


def _occasions(source: Source, name: str, trigger: FiringSpec) -> Iterator[Problem]:
    others = [other for other in source.names("triggers") if other != name]
    if trigger.occasions is not None and trigger.occasions not in others:
        near = did_you_mean(trigger.occasions, others, none="there is none")
        sentence = f"'occasions' of trigger {name!r} names {trigger.occasions!r}, which is no other trigger{near}"
        yield source.problem(sentence, "triggers", name, "occasions")


def _texts(source: Source, name: str, trigger: FiringSpec) -> Iterator[Problem]:
    texts: dict[tuple[str, ...], str] = {("inputs", word): text for word, text in trigger.inputs.items()}
    if trigger.once is not None:
        texts[("once",)] = trigger.once
        if not trigger.once.strip():
            yield source.problem(f"'once' of trigger {name!r} names nothing", "triggers", name, "once")
    known = _known(trigger)
    for key, text in texts.items():
        words = paths_in(text)
        for word in words if known else ():
            if word not in known:
                line = source.line_of(f"{{{word}}}", "triggers", name, *key)
                sentence = f"{{{word}}} in {_named(key)} of trigger {name!r} is nothing that its event has"
                yield Problem(source.file, line, sentence + did_you_mean(word, known))
        if isinstance(trigger, ScheduleSpec) and "year" in words and DAY_WORDS.intersection(words):
            hint = "Around New Year they differ. Write {date}, or {calendar_year} with {month} and {day}."
            sentence = f"{{year}} in {_named(key)} of trigger {name!r} is the year of {{week}}, not of the month"
            yield source.problem(sentence, "triggers", name, *key, hint=hint)


def _known(trigger: FiringSpec) -> frozenset[str]:
    """Name all that an event of this trigger has; nothing where only the other side knows."""
    match trigger:
        case ScheduleSpec():
            return EVENT
        case PollSpec(reads="feed"):
            return FEED_EVENT
        case ChangesSpec():
            return LEAD_EVENT
        case _:
            return frozenset()


def _named(key: tuple[str, ...]) -> str:
    return f"input {key[-1]!r}" if key[0] == "inputs" else repr(key[0])


def _timed(source: Source, name: str, trigger: ScheduleSpec) -> Iterator[Problem]:
    if why := cron_problem(trigger.cron):
        hint = "Such as 0 9 * * MON, 30 6 1 * *, */15 8-18 * * MON-FRI."
        sentence = f"'cron' of trigger {name!r} is no schedule, {trigger.cron!r}: {why}"
        yield source.problem(sentence, "triggers", name, "cron", hint=hint)
    if not _is_zone(trigger.time_zone):
        near = nearest(trigger.time_zone, available_timezones())
        asked = f"; did you mean {near!r}?" if near else "; write it as Europe/Berlin"
        sentence = f"'time_zone' of trigger {name!r} is not known, {trigger.time_zone!r}{asked}"
        yield source.problem(sentence, "triggers", name, "time_zone")
    yield from _lengths(source, name, {"within": trigger.within})


def _looking(source: Source, name: str, trigger: LookSpec, around: Surroundings) -> Iterator[Problem]:
    yield from _lengths(source, name, {"every": trigger.every}, least=MOST_OFTEN)
    if isinstance(trigger, PollSpec):
        yield from _polled(source, name, trigger)
    if isinstance(trigger, ChangesSpec) and around.connectors is not None:
        yield from _crm(source, name, trigger, around.connectors)


def _crm(source: Source, name: str, trigger: ChangesSpec, connectors: Mapping[str, str]) -> Iterator[Problem]:
    path, kind = ("triggers", name, "connector"), connectors.get(trigger.connector)
    crms = [one for one, kind in connectors.items() if kind.startswith(CRM)]
    near = did_you_mean(trigger.connector, crms, none=f"there is none whose kind begins with {CRM}")
    if kind is None:
        yield source.problem(
            f"connector {trigger.connector!r} of trigger {name!r} is not in connectors.yaml{near}", *path
        )
    elif not kind.startswith(CRM):
        yield source.problem(f"connector {trigger.connector!r} of trigger {name!r} knows no leads{near}", *path)


def _polled(source: Source, name: str, trigger: PollSpec) -> Iterator[Problem]:
    if trigger.url.startswith("http://") and not trigger.allow_private:
        hint = "Write https://, or 'allow_private: true' if it is in your own network."
        yield source.problem(
            f"'url' of trigger {name!r} is not an https:// address", "triggers", name, "url", hint=hint
        )
    if trigger.reads == "feed":
        for key in ("items", "id"):
            if key in source.names("triggers", name):
                sentence = f"{key!r} of trigger {name!r} means nothing for a feed"
                yield source.problem(sentence, "triggers", name, key, hint="Delete it, or write 'reads: json'.")
    if trigger.token_env is not None:
        yield from _variable(source, name, "token_env", trigger.token_env)


def _lengths(source: Source, name: str, given: Mapping[str, str], *, least: str = "") -> Iterator[Problem]:
    lowest = seconds(least) if least else 0.0
    for key, text in given.items():
        if not max(lowest, 1e-9) <= seconds(text) <= seconds(LONGEST):
            wanted = f"at least {least}" if least else "more than nothing"
            sentence = f"{key!r} of trigger {name!r} must be {wanted} and at most a year, and is {text!r}"
            yield source.problem(sentence, "triggers", name, key)


def _variable(source: Source, name: str, key: str, variable: str) -> Iterator[Problem]:
    path = ("triggers", name, key)
    yield from check_variable(source, f"trigger {name!r}", variable, *path, example="CREWDESK_HOOK_SECRET")


def _paths(source: Source, spec: TriggersSpec) -> Iterator[tuple[str, Problem]]:
    first: dict[str, str] = {}
    for name, trigger in spec.triggers.items():
        if not isinstance(trigger, WebhookSpec):
            continue
        if trigger.path in first:
            sentence = f"trigger {name!r} has the path {trigger.path}, and so has trigger {first[trigger.path]!r}"
            yield name, source.problem(sentence, "triggers", name, "path", hint="Give each webhook a path of its own.")
        first.setdefault(trigger.path, name)


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a path out of the folder, or a folder
        return False
    return True
