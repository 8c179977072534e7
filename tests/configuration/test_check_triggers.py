"""Triggers fit the crews they start; what does not is named at its line."""

from __future__ import annotations

import pytest
from small_house import SmallHouse

from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.configuration.triggers import load_triggers, read_triggers
from crewdesk.domain.trigger_specs import TriggersSpec

FILE = "config/triggers.yaml"
GOOD = """\
triggers:
  weekly:
    kind: schedule
    crew: notes
    cron: 0 9 * * MON
    time_zone: Europe/Berlin
    inputs: {topic: "Week {week}"}
    once: weekly-{year}-W{week}
  hook:
    kind: webhook
    crew: notes
    profile: paid
    path: /notes
    signature: hmac
    secret_env: HOOK_SECRET
    inputs: {topic: "{what.ever}"}
  news:
    kind: poll
    crew: notes
    url: https://example.org/feed.xml
    inputs: {topic: "{title}"}
  leads:
    kind: changes
    crew: notes
    connector: people
    inputs: {topic: "{lead}"}
    occasions: hook
"""
CONNECTORS = "connectors: {site: {kind: site}, people: {kind: crm/sqlite}}"

MISFITS = {
    "no such crew": (
        ("crew: notes", "crew: note"),
        "4: crew 'note' of trigger 'weekly' is not under config/crews; did you mean 'notes'?",
    ),
    "no such profile": (
        ("profile: paid", "profile: payed"),
        "12: profile 'payed' of trigger 'hook' is not in models.yaml; did you mean 'paid'?",
    ),
    "an input the crew lacks": (
        ('{topic: "Week {week}"}', "{topic: t, tpoic: t}"),
        "7: crew 'notes' of trigger 'weekly' has no input 'tpoic'; did you mean 'topic'?",
    ),
    "an input that is needed": (
        ('    inputs: {topic: "{title}"}\n', ""),
        "17: trigger 'news' does not give 'topic', and crew 'notes' needs it",
    ),
    "a bad cron": (
        ("0 9 * * MON", "0 99 * * MON"),
        "5: 'cron' of trigger 'weekly' is no schedule, '0 99 * * MON': the hour cannot be read",
    ),
    "no such time zone": (
        ("Europe/Berlin", "Europe/Berln"),
        "6: 'time_zone' of trigger 'weekly' is not known, 'Europe/Berln'; did you mean 'Europe/Berlin'?",
    ),
    "a path out of the time zones": (
        ("Europe/Berlin", "../../etc/passwd"),
        "6: 'time_zone' of trigger 'weekly' is not known, '../../etc/passwd'; write it as Europe/Berlin",
    ),
    "a placeholder a schedule does not have": (
        ("W{week}", "W{wek}"),
        "8: {wek} in 'once' of trigger 'weekly' is nothing that its event has; did you mean 'week'?",
    ),
    "the year of the week with a month": (
        ("weekly-{year}-W{week}", "m-{year}-{month}"),
        "8: {year} in 'once' of trigger 'weekly' is the year of {week}, not of the month",
    ),
    "a placeholder a feed does not have": (
        ("{title}", "{titel}"),
        "21: {titel} in input 'topic' of trigger 'news' is nothing that its event has; did you mean 'title'?",
    ),
    "once that names nothing": (
        ("once: weekly-{year}-W{week}", 'once: " "'),
        "8: 'once' of trigger 'weekly' names nothing",
    ),
    "no length of time": (
        ("time_zone: Europe/Berlin", "within: a week"),
        (
            "6: 'within' of trigger 'weekly' must be a length of time, such as 7d: how long ago such a time may lie, "
            "and is the text 'a week'"
        ),
    ),
    "too long ago": (
        ("time_zone: Europe/Berlin", "within: 104w"),
        "6: 'within' of trigger 'weekly' must be more than nothing and at most a year, and is '104w'",
    ),
    "too often": (
        ("url: https://example.org/feed.xml", "url: https://example.org/feed.xml\n    every: 1s"),
        "21: 'every' of trigger 'news' must be at least 10s and at most a year, and is '1s'",
    ),
    "in clear": (
        ("https://example.org", "http://example.org"),
        "20: 'url' of trigger 'news' is not an https:// address",
    ),
    "a key for JSON alone": (
        ("url: https://example.org/feed.xml", "url: https://example.org/feed.xml\n    items: deals"),
        "21: 'items' of trigger 'news' means nothing for a feed",
    ),
    "a secret where its variable should be": (
        ("HOOK_SECRET", "s3cr3t-value"),
        "15: 'secret_env' of trigger 'hook' is no name of a variable",
    ),
    "leads of no connector": (
        ("connector: people", "connector: poeple"),
        "25: connector 'poeple' of trigger 'leads' is not in connectors.yaml; did you mean 'people'?",
    ),
    "leads of a connector that has none": (
        ("connector: people", "connector: site"),
        "25: connector 'site' of trigger 'leads' knows no leads; there is people",
    ),
    "what a lead does not tell": (
        ("{lead}", "{email}"),
        (
            "26: {email} in input 'topic' of trigger 'leads' is nothing that its event has; there are country, "
            "created, industry, language, lead, source and status"
        ),
    ),
    "leads too often": (
        ("connector: people", "connector: people\n    every: 1s"),
        "26: 'every' of trigger 'leads' must be at least 10s and at most a year, and is '1s'",
    ),
    "occasions of no trigger": (
        ("occasions: hook", "occasions: hok"),
        "27: 'occasions' of trigger 'leads' names 'hok', which is no other trigger; did you mean 'hook'?",
    ),
    "occasions of itself": (
        ("occasions: hook", "occasions: leads"),
        "27: 'occasions' of trigger 'leads' names 'leads', which is no other trigger; there are hook, news and weekly",
    ),
    "no name": (
        ("  weekly:", "  week:ly:"),
        "2: 'week:ly' is no name for a trigger",
    ),
    "an unknown key": (
        ("cron:", "crn:"),
        "5: unknown key 'crn' for trigger 'weekly'; did you mean 'cron'?",
    ),
    "an unknown kind": (
        ("kind: poll", "kind: pol"),
        (
            "18: 'kind' of trigger 'news' must be schedule, webhook, poll or changes, and is the text 'pol'; "
            "did you mean 'poll'?"
        ),
    ),
}


def problems_of(small: SmallHouse) -> list[str]:
    with pytest.raises(ConfigurationProblems) as caught:
        load_triggers(small.root / "config")
    return caught.value.message.splitlines()


def test_triggers_that_fit_are_loaded(small: SmallHouse) -> None:
    small.write("config/connectors.yaml", CONNECTORS)
    small.write(FILE, GOOD)

    assert list(load_triggers(small.root / "config").triggers) == ["weekly", "hook", "news", "leads"]


def test_no_file_means_no_triggers(small: SmallHouse) -> None:
    assert load_triggers(small.root / "config") == TriggersSpec()


@pytest.mark.parametrize("misfit", MISFITS)
def test_a_misfit_is_named_at_its_line(small: SmallHouse, misfit: str) -> None:
    (old, new), sentence = MISFITS[misfit]
    small.write("config/connectors.yaml", CONNECTORS)
    small.write(FILE, GOOD)
    small.swap(FILE, old, new)

    assert problems_of(small) == [f"{FILE}:{sentence}"]


def test_two_webhooks_do_not_share_a_path(small: SmallHouse) -> None:
    second = GOOD[GOOD.index("  hook:") : GOOD.index("  news:")].replace("hook:", "other:")
    small.write("config/connectors.yaml", CONNECTORS)
    small.write(FILE, GOOD + second)

    assert problems_of(small) == [f"{FILE}:32: trigger 'other' has the path /notes, and so has trigger 'hook'"]


def test_a_trigger_with_a_problem_keeps_no_other_from_working(small: SmallHouse) -> None:
    small.write("config/connectors.yaml", CONNECTORS)
    small.write(FILE, GOOD)
    small.swap(FILE, "crew: notes", "crew: note")
    small.swap(FILE, "kind: poll", "kind: pol")

    read = read_triggers(small.root / "config")

    assert list(read.spec.triggers) == ["hook", "leads"]
    assert len(read.problems) == 2


def test_a_crew_that_does_not_load_is_its_own_problem(small: SmallHouse) -> None:
    small.write("config/connectors.yaml", CONNECTORS)
    small.write(FILE, GOOD)
    small.write("config/crews/notes/crew.yaml", "goal: [")

    assert len(load_triggers(small.root / "config").triggers) == 4


@pytest.mark.parametrize("text", ["", "triggers: [", "- a"])
def test_a_file_that_is_no_yaml_says_nothing_about_triggers(small: SmallHouse, text: str) -> None:
    small.write(FILE, text)

    read = read_triggers(small.root / "config")

    assert (read.readable, read.spec, len(read.problems)) == (False, TriggersSpec(), 1)


def test_the_file_of_triggers_is_read_by_somebody(small: SmallHouse) -> None:
    small.write(FILE, GOOD[: GOOD.index("  leads:")])

    assert small.load().warnings == ()
