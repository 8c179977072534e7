"""The crews are listed with whether they can run, and each is shown as its YAML has it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from crewdesk.desk.sign_in import set_password
from crewdesk.domain.gates import Gate
from crewdesk.facade import Desk
from support.gates import Clock
from support.web import Browser, browsing, site_of, web_desk

PEOPLE = "people: {ada: {name: Ada, approves: [content]}, cy: {name: Cy}}"
PASSWORD = "a longer password of theirs"  # noqa: S105


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_a_crew_is_listed_with_what_it_takes_and_how_its_runs_are(browser: Browser, waiting: Gate) -> None:
    browser.get("/crews")

    assert "Picks this week's topic" in browser.text.replace("&#39;", "'")
    assert "topic, language, networks" in browser.text
    assert "offline (default), anthropic" in browser.text
    assert "1 waiting" in browser.text
    assert 'href="/crews/content/start"' in browser.page


def test_a_broken_crew_is_listed_with_its_problems_beside_the_others(browser: Browser, web: Desk) -> None:
    crews = web.settings.config / "crews"
    shutil.copytree(crews / "content", crews / "other")
    change(crews / "other" / "tasks.yaml", "  human_input: true\n", "")
    change(crews / "content" / "agents.yaml", "  goal:", "  gaol:")

    browser.get("/crews")

    assert "config/crews/content/agents.yaml:4" in browser.page
    assert "gaol" in browser.page
    assert 'href="/crews/content/start"' not in browser.page
    assert 'href="/crews/other/start"' in browser.page


def test_a_broken_crew_has_a_page_that_says_what_to_mend(browser: Browser, web: Desk) -> None:
    (web.settings.config / "crews" / "content" / "tasks.yaml").write_text("a: [", "utf-8")

    assert browser.get("/crews/content").status_code == 200
    assert "config/crews/content/tasks.yaml:1" in browser.page
    assert "Mend these lines" in browser.text


def test_where_there_is_no_crew_it_says_how_to_make_one(browser: Browser, web: Desk) -> None:
    shutil.rmtree(web.settings.config / "crews")

    browser.get("/crews")

    assert "crewdesk new crew NAME" in browser.text


@pytest.mark.parametrize("name", ["nobody", "%2e%2e", "%2e%2e%5c", "<b>"])
def test_a_crew_that_is_not_there_is_not_found(browser: Browser, name: str) -> None:
    assert browser.get(f"/crews/{name}").status_code == 404


def test_its_page_draws_every_task_and_tells_it_in_words(browser: Browser) -> None:
    browser.get("/crews/content")

    for task in ("pick_topic", "research", "draft", "optimise", "publish", "share"):
        assert re.search(rf'<a class="box \w+" href="#task-{task}">', browser.page)
        assert f'id="task-{task}"' in browser.page
    assert "editor gate: Shall this post go out as it stands?" in browser.text
    assert "a standing rule. The founders of Crewdesk" in browser.text
    assert "after 80 model calls or $5.00" in browser.text
    assert "By hand one takes 4h." in browser.text


def test_the_profile_decides_which_models_and_prices_are_shown(browser: Browser) -> None:
    browser.get("/crews/content")
    assert "costs nothing" in browser.text

    browser.get("/crews/content?profile=anthropic")
    assert "$5.00 in, $25.00 out" in browser.text

    browser.get("/crews/content?profile=ollama")
    assert "price unknown" in browser.text

    assert browser.get("/crews/content?profile=none").status_code == 200


def test_tasks_that_code_does_are_shown_without_a_model_or_a_review(browser: Browser) -> None:
    browser.get("/crews/review?profile=anthropic")

    change, review = (browser.page.split(f'id="task-{task}"')[1].split("</li>")[0] for task in ("change", "review"))
    assert "Change reader (change_reader), code, no model" in change
    assert "reviews" not in change
    assert "$5.00 in" in review
    assert "Lead reviewer reviews" in review


def test_who_only_looks_is_not_invited_to_start(tmp_path: Path, clock: Clock) -> None:
    desk = web_desk(tmp_path, clock, people=PEOPLE)
    invited: list[bool] = []
    for name in ("ada", "cy"):
        set_password(name, PASSWORD, by="ada", office=desk.office)
        with browsing(site_of(desk), name, PASSWORD) as browser:
            invited += ["/crews/content/start" in browser.get(path).text for path in ("/crews", "/crews/content")]

    assert invited == [True, True, False, False]
