"""One gate: what waits, what it rests on, and the decision."""

from __future__ import annotations

from starlette.responses import Response

from crewdesk.desk.decide_gate import decide_gate
from crewdesk.desk.inbox import find_gate
from crewdesk.domain.gates import Approve, Decision, Reject, Revise
from crewdesk.errors import WrongUsage
from crewdesk.web.asking import Ask
from crewdesk.web.inbox import is_for
from crewdesk.web.pages import go_to, page, show


def show_gate(ask: Ask) -> Response:
    """Show one gate."""
    gate, artifact = find_gate(ask.path["gate"], ask.site.desk.store)
    return show(ask, "gate.html", gate=gate, artifact=artifact, may_decide=is_for(ask.visitor, gate))


def decide(ask: Ask) -> Response:
    """Take a decision, made in the name of who is signed in."""
    gate, visitor = ask.path["gate"], ask.visitor
    decide_gate(gate, _decision(ask), by=visitor.id, proof=visitor.proof, office=ask.site.desk.office)
    return go_to(f"/gates/{gate}")


def _decision(ask: Ask) -> Decision:
    match ask.form.text("verb"):
        case "approve":
            return Approve(ask.form.text("sha"))
        case "revise":
            return Revise(ask.form.text("notes"))
        case "reject":
            return Reject(ask.form.text("reason"))
        case verb:
            raise WrongUsage(f"{verb!r} is no decision.", hint="Use one of the buttons.")


ROUTES = [page("/gates/{gate}", get=show_gate, post=decide)]
