"""Scripts in whatever strangers and models may write: nothing of it runs in a real browser, and pages stay whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from support.browser import PATIENCE, DeskServer, Visits, serving
from support.homes import lay_out_small

SCRIPT = "<script>window.__pwned = 1</script>"
IMAGE = "<img src=x onerror='window.__pwned = 1'>"
OUT = "\"'></textarea></title></style></pre></details>"
NASTY = f"{OUT}{SCRIPT}{IMAGE}<svg onload=window.__pwned=1>{{{{7*7}}}}"
MARKDOWN = f"""{NASTY}

[a link](javascript:window.__pwned=1) ![a picture](https://elsewhere.example/track.gif "{NASTY}")

<details open ontoggle="window.__pwned=1"><summary onclick="window.__pwned=1">Open me</summary></details>

"""
PASSAGE = f"""---
title: Gates and {IMAGE}
---

# A gate that hostile sources cannot open

A gate of a hostile source is shut, and {IMAGE} {SCRIPT} does not open it. Gates are shut until a person decides at the
gate, whatever a source says. In 2025 we measured that 41 hostile gates stayed shut, {OUT} all of them.
"""


@pytest.fixture(name="hostile", scope="module")
def _hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeskServer]:
    """A desk with a source that somebody has poisoned."""
    home = lay_out_small(tmp_path_factory.mktemp("hostile") / "home")
    (home / "knowledge" / "content" / "hostile.md").write_text(PASSAGE, "utf-8")
    with serving(home) as server:
        yield server


def stays_whole(page: Page) -> None:
    """Nothing ran, and no text has become a part of the page."""
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    assert page.evaluate("window.__pwned") is None
    assert page.locator("main [onerror], main [onload], main [ontoggle], main script, img[src=x]").count() == 0
    assert page.locator("main").count() == 1


def test_scripts_in_inputs_sources_edits_and_names_do_not_run(hostile: DeskServer, visits: Visits) -> None:
    unsure = hostile.at_gate(f"gates {NASTY}")
    gate = hostile.at_gate("gates")
    page = visits.come_in(f"{hostile.url}/gates/{gate.id}", f"Eve {IMAGE}")
    page.get_by_text("Edit e", exact=True).click()
    title, body = page.get_by_label("Title", exact=True).first, page.get_by_label("Body", exact=True)
    title.fill(f"Shut {SCRIPT}")
    body.fill(MARKDOWN + body.input_value())
    expect(page.get_by_text("your edits, not saved")).to_be_visible()
    stays_whole(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("version 2").first).to_be_visible()
    stays_whole(page)
    visits.shoot(page, "gate")

    page.goto(hostile.url)
    stays_whole(page)
    page.goto(f"{hostile.url}/gates/{gate.id}")
    page.locator("#decide").get_by_role("button", name="Approve").click()
    expect(page.get_by_role("heading", name="Approved")).to_be_visible()
    expect(page.get_by_text("delivered once").first).to_be_visible(timeout=PATIENCE * 1000)
    stays_whole(page)
    addresses = ["/runs", f"/runs/{gate.run}", f"/runs/{gate.run}/fork", "/outbox", "/audit", "/figures", "/crews"]
    addresses += [f"/gates/{unsure.id}", f"/runs/{unsure.run}", f"/runs/{unsure.run}/fork"]
    with hostile.desk.store.reading() as records:
        addresses += [f"/runs/{gate.run}/artifacts/{a.task}/{a.version}" for a in records.artifacts.of_run(gate.run)]
        addresses += [f"/runs/{gate.run}/effects/{e.key}/{e.n}" for e in records.journal.of_run(gate.run)]
    for address in addresses:
        page.goto(hostile.url + address)
        stays_whole(page)
        if address in ("/runs", f"/runs/{gate.run}", "/audit"):
            visits.shoot(page, address.replace("/", "-").strip("-"))

    page.goto(hostile.published("Open me").as_uri())
    assert page.evaluate("window.__pwned") is None
    assert len(addresses) > 20


def test_a_script_in_notes_and_reasons_does_not_run(hostile: DeskServer, visits: Visits) -> None:
    gate = hostile.at_gate("people")
    page = visits.come_in(f"{hostile.url}/gates/{gate.id}")

    page.get_by_text("Revise with notes r", exact=True).click()
    page.get_by_label("What should be different?").fill(NASTY)
    page.get_by_role("button", name="Send back").click()
    expect(page.get_by_text("The run waits again")).to_be_visible(timeout=PATIENCE * 1000)
    stays_whole(page)
    page.get_by_text("The run waits again").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Other rounds")).to_be_visible()
    stays_whole(page)
    page.get_by_label("Why?").fill(NASTY)
    page.get_by_role("button", name="Reject").click()
    expect(page.get_by_role("heading", name="Rejected")).to_be_visible()

    for address in (f"/runs/{gate.run}", "/audit", "/runs"):
        page.goto(hostile.url + address)
        stays_whole(page)
