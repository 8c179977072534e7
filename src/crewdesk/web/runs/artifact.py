"""One version of what a task produced, as it would ship, and what changed since the one before."""

from __future__ import annotations

from starlette.responses import Response

from crewdesk.desk.facts import passages_of
from crewdesk.desk.find_run import find_run
from crewdesk.desk.look_at_run import find_versions
from crewdesk.errors import NotFound
from crewdesk.web.asking import Ask
from crewdesk.web.pages import page, show
from crewdesk.web.texts.changes import changes
from crewdesk.web.texts.renderings import Around, render
from crewdesk.web.texts.reviews import cards_of


def show_artifact(ask: Ask) -> Response:
    """Show one version."""
    office = ask.site.desk.office
    run, task, number = find_run(ask.path["run"].upper(), office), ask.path["task"], ask.path["version"]
    versions = find_versions(run.id, task, office)
    shown = next((artifact for artifact in versions if str(artifact.version) == number), None)
    if shown is None:
        raise NotFound(f"Run {run.id} has no version {number} of {task!r}.", hint="Look at the run for what there is.")
    before = next((artifact for artifact in reversed(versions) if artifact.version < shown.version), None)
    with office.store.reading() as records:
        passages = passages_of(run.id, records) if shown.schema == "Draft" else {}
    cards, rest = cards_of(shown.schema, shown.body)
    return show(
        ask,
        "run_artifact.html",
        run=run,
        artifact=shown,
        versions=versions,
        before=before,
        differences=() if before is None else changes(before.body, shown.body),
        cards=cards,
        shown=render(shown.schema, rest, Around(passages)),
    )


ROUTES = [page("/runs/{run}/artifacts/{task}/{version}", get=show_artifact)]
