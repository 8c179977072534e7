"""One gate: what waits, what it rests on, and the decision. Looking decides nothing, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import quote

from starlette.responses import Response

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.delegate_gate import delegate_gate
from crewdesk.desk.review_body import review_body
from crewdesk.domain.canonical import digest
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise, Waive, has_approved
from crewdesk.domain.people import person
from crewdesk.errors import AlreadyDecided, CrewdeskError, DeliveryRefused, NotValid, WrongUsage
from crewdesk.web.asking import Ask
from crewdesk.web.gates.filled import DONE, Typed, show_page, shown_of
from crewdesk.web.gates.look import Look, look_at, state_of
from crewdesk.web.gates.typed import Draft, Unsaid, read_draft, read_other, said, seconds_looked
from crewdesk.web.pages import go_to, hint_of, page, show, status_of

Act: TypeAlias = Callable[[Ask, Look, str], Response]


def show_gate(ask: Ask) -> Response:
    """Show one gate; a run's name leads to the gate where it waits."""
    look = look_at(ask)
    if look.gate.id != ask.path["gate"]:
        return go_to(_address(look.gate))
    kind, note = DONE.get(ask.query.get("done", ""), ("", ""))
    return show_page(ask, look, Typed(kind=kind, note=note))


def decide(ask: Ask) -> Response:
    """Take what a button says, in the name of who is signed in; what cannot be done comes back as it was typed."""
    look = look_at(ask)
    verb, _, rest = ask.form.text("verb").partition(":")
    try:
        return _ACTS.get(verb, _no_decision)(ask, look, rest)
    except AlreadyDecided as error:
        again = look_at(ask)
        return _decided(again.gate) if _did_so_before(ask, again, verb) else _overtaken(ask, again, error)
    except (WrongUsage, DeliveryRefused) as error:
        return _back(ask, look_at(ask), error)


def check(ask: Ask) -> Response:
    """Say what the checks say of what is typed so far; writes nothing."""
    look = look_at(ask)
    typed = _typed(look, read_draft(look, ask.form))
    shown = shown_of(look, typed.review)
    return show(ask, "gate_check.html", look=look, gate=look.gate, typed=typed, shown=shown, moving=True)


def news(ask: Ask) -> Response:
    """Say what changed since a page was opened that somebody may be typing in; mostly that is nothing."""
    with ask.site.desk.store.reading() as records:
        gate = records.gates.get(ask.path["gate"].upper())
    if gate is not None and state_of(gate) == ask.query.get("seen"):
        return Response(status_code=204)
    look = look_at(ask)
    return show(ask, "gate_news.html", look=look, gate=look.gate)


def _no_decision(ask: Ask, _look: Look, _rest: str) -> Response:
    raise WrongUsage(f"{ask.form.text('verb')!r} is no decision.", hint="Use one of the buttons.")


def _check(ask: Ask, look: Look, _: str) -> Response:
    return show_page(ask, look, _typed(look, read_draft(look, ask.form)))


def _approve(ask: Ask, look: Look, _: str) -> Response:
    _refuse_unsaved(ask, look, "Nothing was approved")
    return _approved(ask, look, ask.form.text("sha"))


def _approved(ask: Ask, look: Look, sha: str) -> Response:
    return _decided(_decide(ask, look, Approve(sha)))


def _decided(gate: Gate) -> Response:
    return go_to(_address(gate, "approved" if gate.status == "open" else ""))


def _save(ask: Ask, look: Look, _: str) -> Response:
    draft = _savable(look, ask)
    if isinstance(draft, Typed):
        return show_page(ask, look, draft)
    gate = _decide(ask, look, Edit(draft.body, base=draft.base))
    return go_to(_address(gate, "saved" if gate.sha != draft.base else "same"))


def _save_and_approve(ask: Ask, look: Look, _: str) -> Response:
    draft = _savable(look, ask)
    if isinstance(draft, Typed):
        return show_page(ask, look, draft)
    gate = _decide(ask, look, Edit(draft.body, base=draft.base))
    if has_approved(gate, ask.visitor.id):  # by a first click
        return _decided(gate)
    if draft.news(ask.form.several("seen"), pruned=look.is_review):
        return go_to(_address(gate, "unapproved"))
    try:
        return _approved(ask, look, gate.sha)
    except WrongUsage as error:
        note = f"Saved, and not approved. {_told(error)}"
        return show_page(ask, look_at(ask), Typed(kind="warn", note=note, status=status_of(error)))


def _revise(ask: Ask, look: Look, _: str) -> Response:
    _refuse_unsaved(ask, look, "Nothing was sent back")
    notes = said(ask.form, "notes", "What should be different? Say it in the notes; the crew works by them.")
    return _decided(_decide(ask, look, Revise(notes, ask.form.text("sha"))))


def _reject(ask: Ask, look: Look, _: str) -> Response:
    reason = said(ask.form, "reason", "Why is it rejected? Say it in a sentence; it is kept with your name.")
    return _decided(_decide(ask, look, Reject(reason, ask.form.text("sha"))))


def _waive(ask: Ask, look: Look, number: str) -> Response:
    question = "Why may this statement stand? Say it in a sentence; it is kept with your name."
    why = said(ask.form, f"why/{number}", question)
    gate = _decide(ask, look, Waive(ask.form.text(f"sentence/{number}"), why))
    return _still_here(ask, look, gate, "waived")


def _other(ask: Ask, look: Look, _: str) -> Response:
    """Put the other way to write a mail into the fields; it is saved like whatever else is typed."""
    kind, note = DONE["other"]
    return show_page(ask, look, replace(_typed(look, read_other(look, ask.form)), kind=kind, note=note))


def _delegate(ask: Ask, look: Look, _: str) -> Response:
    to, visitor = said(ask.form, "to", "Hand it on to whom?"), ask.visitor
    office, why = ask.site.desk.office, ask.form.text("words")
    gate = delegate_gate(look.gate.id, to=to, by=visitor.id, why=why, proof=visitor.proof, office=office)
    return _still_here(ask, look, gate, "delegated")


_ACTS: Mapping[str, Act] = {
    "check": _check,
    "approve": _approve,
    "save": _save,
    "save_approve": _save_and_approve,
    "revise": _revise,
    "reject": _reject,
    "waive": _waive,
    "delegate": _delegate,
    "other": _other,
}


def _decide(ask: Ask, look: Look, decision: Decision) -> Gate:
    visitor, office = ask.visitor, ask.site.desk.office
    looked = seconds_looked(ask.form.text("opened"), office.now())
    return decide_gate(look.gate.id, decision, by=visitor.id, proof=visitor.proof, looked=looked, office=office)


def _typed(look: Look, draft: Draft) -> Typed:
    """Say what the checks make of what was typed."""
    typed = Typed(draft.form, base=draft.over, dirty=draft.is_changed, errors=draft.mistakes)
    if draft.mistakes or look.artifact is None:
        return typed
    review = review_body(look.gate, look.artifact.schema, draft.body, office=look.site.desk.office)
    return replace(typed, errors=draft.by_name(review.places), review=review)


def _savable(look: Look, ask: Ask) -> Draft | Typed:
    """Return what can be saved, or else the page that says what is wrong with it."""
    draft = read_draft(look, ask.form)
    typed = _typed(look, draft)
    if typed.errors:
        return replace(typed, kind="bad", note="Nothing was saved: see what is marked below.", status=422)
    return replace(draft, review=typed.review)


def _refuse_unsaved(ask: Ask, look: Look, consequence: str) -> None:
    if read_draft(look, ask.form).is_changed:
        raise WrongUsage(f"{consequence}: what you changed is not saved yet.", hint="Save it first, or discard it.")


def _still_here(ask: Ask, before: Look, gate: Gate, done: str) -> Response:
    """Stay at an open gate; what else was typed stays in the fields."""
    draft = read_draft(before, ask.form)
    if not draft.is_changed and not ask.form.text("notes") and not ask.form.text("reason"):
        return go_to(_address(gate, done))
    look = look_at(ask)
    kind, note = DONE[done]
    note += " Your edits are not saved yet." if draft.is_changed else ""
    return show_page(ask, look, replace(_typed(look, draft), kind=kind, note=note))


def _back(ask: Ask, look: Look, error: CrewdeskError) -> Response:
    draft = read_draft(look, ask.form)
    typed = _typed(look, draft) if draft.is_changed else Typed(ask.form)
    if isinstance(error, NotValid):
        typed = replace(typed, errors=draft.by_name(error.places))
    if isinstance(error, Unsaid):
        typed = replace(typed, wanting=error.field)
    status = 409 if isinstance(error, DeliveryRefused) else status_of(error)
    return show_page(ask, look, replace(typed, kind="bad", note=_told(error), status=status))


def _told(error: CrewdeskError) -> str:
    return f"{error.message} {hint_of(error)}".strip()


def _did_so_before(ask: Ask, look: Look, verb: str) -> bool:
    """Whether the same person has done the same before, as with a second click on a button."""
    gate, draft = look.gate, read_draft(look, ask.form)
    if verb in ("approve", "save_approve"):
        same = gate.sha == (draft.base if verb == "approve" else _hash_of(_typed(look, draft)))
        return same and (look.is_open or gate.verb == "approve") and has_approved(gate, ask.visitor.id)
    words = ask.form.text("notes" if verb == "revise" else "reason").strip()
    done = (gate.verb, gate.sha, gate.words, person(gate.by))
    return done == (verb, draft.base, words, person(ask.visitor.id))


def _hash_of(typed: Typed) -> str:
    body = None if typed.review is None else typed.review.body
    return "" if body is None else digest(body)


def _overtaken(ask: Ask, look: Look, error: AlreadyDecided) -> Response:
    """Show what somebody else did meanwhile, with what was typed put on top of it."""
    draft = read_draft(look, ask.form)
    typed = Typed(ask.form, conflict=draft.meanwhile(look.body))
    if draft.is_changed and look.is_open:
        typed = replace(_typed(look, draft), merged=draft.on_top_of(look.body), conflict=draft.against(look.body))
    note = _what_happened(look, ask.form.text("sha"), error)
    return show_page(ask, look, replace(typed, kind="bad", note=note, status=409, review=None))


def _what_happened(look: Look, sha: str, error: AlreadyDecided) -> str:
    shown = look.artifact
    if look.is_open and shown is not None and sha != shown.sha:
        return (
            f"{shown.author} has put version {shown.version} here since you opened this page, "
            "so nothing was done. Below is what it says now; look again before you decide."
        )
    return f"Nothing was done. {error.message}"


def _address(gate: Gate, done: str = "") -> str:
    return f"/gates/{quote(gate.id, safe='')}" + (f"?done={done}" if done else "")


ROUTES = [
    page("/gates/{gate}", get=show_gate, post=decide),
    page("/gates/{gate}/check", post=check),
    page("/gates/{gate}/news", get=news),
]
