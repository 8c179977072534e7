"""A form made of what a crew asks for starts a run, and loses nothing that was typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crewdesk.domain.runs import RunRecord
from crewdesk.facade import Desk
from crewdesk.settings import Settings
from crewdesk.web.runs.starting import choices_of
from support.people import password_of, peopled_desk
from support.triggers import runs_of
from support.web import Browser, begin_content, browsing, post_at_gate, site_of

FORM = "/crews/content/start"


def typed(page: str, name: str) -> str:
    """What a field of the form holds."""
    found = re.search(rf'<textarea[^>]* name="input/{name}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return found[1]


def children(desk: Desk, parent: str) -> list[RunRecord]:
    """The forks of a run."""
    return [run for run in runs_of(desk) if run.parent == parent]


def test_it_asks_for_what_the_crew_declares_and_for_no_file(browser: Browser) -> None:
    browser.get(FORM)

    assert typed(browser.page, "language") == "en"
    assert "Language of the post as a tag such as en, de or ja." in browser.text
    assert "input/house_voice" not in browser.page


def test_a_run_is_put_in_line_under_the_name_of_who_started_it(browser: Browser, web: Desk) -> None:
    browser.get(FORM)
    data = {"input/topic": "gates\nand budgets", "input/language": "de", "profile": "offline", "by": "somebody else"}
    answer = browser.post(FORM, data)

    (run,) = runs_of(web)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{run.id}")
    assert (run.status, run.by, run.profile) == ("queued", "Ada", "offline")
    assert (run.inputs["topic"], run.inputs["language"]) == ("gates\nand budgets", "de")


def test_a_second_click_starts_no_second_run(browser: Browser, web: Desk) -> None:
    browser.get(FORM)
    sheet = re.findall(r'name="sheet" value="([^"]+)"', browser.page)[0]

    first = browser.post(FORM, {"input/topic": "gates", "sheet": sheet})
    second = browser.post(FORM, {"input/topic": "gates", "sheet": sheet})
    browser.get(FORM)
    another = browser.post(
        FORM, {"input/topic": "gates", "sheet": re.findall(r'"sheet" value="([^"]+)"', browser.page)[0]}
    )

    assert first.headers["location"] == second.headers["location"] != another.headers["location"]
    assert len(runs_of(web)) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"profile": "none"}, "There is no profile"),
        ({"input/topci": "x"}, "This crew has no input"),
        ({"input/language": "x" * 100_001}, "longer than 100 kB"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    browser: Browser, web: Desk, data: dict[str, str], sentence: str
) -> None:
    answer = browser.post(FORM, {"input/topic": "gates <b>", "once": "weekly"} | data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert typed(answer.text, "topic") == "gates &lt;b&gt;"
    assert 'name="once" value="weekly"' in answer.text
    assert runs_of(web) == []


def test_what_is_needed_and_missing_is_named(browser: Browser, web: Desk) -> None:
    crew = web.settings.config / "crews" / "content" / "crew.yaml"
    crew.write_text(crew.read_text("utf-8").replace('    default: ""\n', ""), "utf-8")

    browser.get(FORM)
    assert re.search(r'name="input/topic"[^>]* required', browser.page)

    answer = browser.post(FORM, {"input/topic": " ", "input/language": "de"})
    assert "This crew needs &#39;topic&#39;." in answer.text
    assert typed(answer.text, "language") == "de"


def test_for_one_occasion_one_run_is_started(browser: Browser, web: Desk) -> None:
    browser.post(FORM, {"input/topic": "gates", "once": "weekly"})
    answer = browser.post(FORM, {"input/topic": "other", "once": " weekly "})

    (run,) = runs_of(web)
    assert answer.status_code == 409
    assert f'href="/runs/{run.id}"' in answer.text
    assert typed(answer.text, "topic") == "other"


def test_an_occasion_on_a_page_uses_up_none_of_a_trigger(browser: Browser, web: Desk) -> None:
    browser.post(FORM, {"input/topic": "gates", "once": "weekly post:2026-W48"})

    assert web.enqueue("content", topic="gates", once="weekly post:2026-W48").status == "queued"
    assert len(runs_of(web)) == 2


def test_a_configuration_that_broke_meanwhile_loses_nothing(browser: Browser, web: Desk) -> None:
    browser.get(FORM)
    (web.settings.config / "models.yaml").write_text("models: 5\n", "utf-8")

    answer = browser.post(FORM, {"input/topic": "a long thought", "profile": "offline"})

    assert answer.status_code == 503
    assert "models.yaml:1" in answer.text
    assert typed(answer.text, "topic") == "a long thought"


def test_a_crew_that_is_not_there_is_not_found(browser: Browser) -> None:
    assert browser.get("/crews/nobody/start").status_code == 404
    assert browser.post("/crews/nobody/start", {}).status_code == 404


def test_a_profile_says_whether_its_key_is_there(web: Desk, tmp_path: Path) -> None:
    house = web.house("content")
    with_key = Desk(settings=Settings.load({"OPENAI_API_KEY": "k"}, tmp_path, home=tmp_path), store=web.store)

    without = {choice.name: choice for choice in choices_of(house, web)}
    found = {choice.name: choice for choice in choices_of(house, with_key)}

    assert (without["openai"].ready, found["openai"].ready) == (False, True)
    assert without["openai"].needs == "OPENAI_API_KEY (not set)"
    assert without["offline"].ready


@pytest.mark.parametrize("somebody", ["cy", "di"])
def test_who_does_not_approve_for_a_crew_starts_none_of_its_runs(tmp_path: Path, somebody: str) -> None:
    desk = peopled_desk(tmp_path)

    with browsing(site_of(desk), somebody, password_of(somebody)) as browser:
        assert browser.get(FORM).status_code == 403
        browser.get("/")
        assert browser.post(FORM, {"input/topic": "gates"}).status_code == 403

    assert runs_of(desk) == []


def test_a_form_without_its_token_starts_nothing(browser: Browser, web: Desk) -> None:
    assert browser.post(FORM, {"form_token": "other"}).status_code == 403
    assert runs_of(web) == []


# --- forks ---


def test_a_fork_is_filled_in_with_what_its_parent_was_given(browser: Browser, web: Desk) -> None:
    parent = begin_content(web, topic="how gates expire").id

    browser.get(f"/runs/{parent}/fork")

    assert typed(browser.page, "topic") == "how gates expire"
    assert '<input type="radio" name="profile" value="offline" checked>' in browser.page


def test_a_fork_starts_from_a_step_with_another_profile_and_other_inputs(browser: Browser, web: Desk) -> None:
    parent = post_at_gate(web).run

    browser.get(f"/runs/{parent}/fork")
    data = {"input/topic": "gates", "input/language": "de", "profile": "local", "from_task": "draft"}
    answer = browser.post(f"/runs/{parent}/fork", data)

    (child,) = children(web, parent)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/runs/{child.id}")
    assert (child.status, child.by, child.profile) == ("queued", "Ada", "local")
    assert child.inputs["language"] == "de"


def test_a_second_click_makes_no_second_fork(browser: Browser, web: Desk) -> None:
    parent = begin_content(web).id
    browser.get(f"/runs/{parent}/fork")
    data = {"input/topic": "gates", "sheet": re.findall(r'name="sheet" value="([^"]+)"', browser.page)[0]}

    first, second = (browser.post(f"/runs/{parent}/fork", data) for _ in range(2))

    (child,) = children(web, parent)
    assert first.headers["location"] == second.headers["location"] == f"/runs/{child.id}"


def test_a_fork_from_no_task_there_is_says_so_and_keeps_what_was_typed(browser: Browser, web: Desk) -> None:
    parent = begin_content(web).id

    answer = browser.post(f"/runs/{parent}/fork", {"from_task": "nothing", "input/topic": "typed"})

    assert answer.status_code == 422
    assert "has no task" in answer.text
    assert typed(answer.text, "topic") == "typed"
    assert children(web, parent) == []
