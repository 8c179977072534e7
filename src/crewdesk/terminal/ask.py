"""Ask a person at the terminal, and take nothing but a typed choice for a decision."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crewdesk.desk.open_gate import refuse_others, refuse_second_approval
from crewdesk.domain.artifacts import Artifact
from crewdesk.domain.gates import Approve, Decision, Edit, Gate, Reject, Revise
from crewdesk.errors import CrewdeskError, NotAllowed, WrongUsage
from crewdesk.terminal.prune import can_be_pruned, leave_out, what_is_left

if TYPE_CHECKING:
    from rich.console import Console

    from crewdesk.settings import Settings

Choice = Literal["approve", "prune", "other", "edit", "revise", "reject", "view", "flagged", "sources", "later"]
CHOICES: dict[str, Choice] = {
    "a": "approve",
    "approve": "approve",
    "p": "prune",
    "prune": "prune",
    "o": "other",
    "other": "other",
    "e": "edit",
    "edit": "edit",
    "r": "revise",
    "revise": "revise",
    "x": "reject",
    "reject": "reject",
    "v": "view",
    "view": "view",
    "f": "flagged",
    "flagged": "flagged",
    "s": "sources",
    "sources": "sources",
    "q": "later",
    "later": "later",
}
"""Every word that counts. 'yes', 'approved' and an empty line are none of them."""

DECIDING = ("approve", "prune", "other", "edit", "revise", "reject")
MENU = "[a] approve  [e] edit  [r] revise  [x] reject  [v] view all  [f] flagged  [s] sources  [q] later"
MENU_OF_REVIEW = "[a] approve  [p] prune  [e] edit  [r] revise  [x] reject  [v] view all  [q] later"
"""A review has no flagged statements and no sources."""
MENU_OF_MAIL = MENU.replace("[e]", "[p] leave needs out  [o] the other way  [e]")


def terminal_asker(settings: Settings) -> TerminalAsker | None:
    """Make an asker if there is a person: both ends of the conversation must be a terminal."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return None
    from rich.console import Console

    return TerminalAsker(Console(), input, user=settings.user, editor=settings.editor)


class TerminalAsker:
    """Asks until there is one of the four decisions, or later."""

    def __init__(
        self, console: Console, read: Callable[[str], str], *, user: str, editor: str | None, cost: str = ""
    ) -> None:
        self._console = console
        self._read = read
        self._user = user
        self._editor = editor
        self.cost = cost
        self.ways = ""

    def ask(self, gate: Gate, artifact: Artifact | None) -> tuple[Decision, str] | None:
        """Show the gate and ask; end of input, Ctrl-C and `q` mean later, and later decides nothing."""
        from crewdesk.terminal.show import show_gate

        show_gate(self._console, gate, artifact, cost=self.cost, ways=self.ways)
        try:
            while True:
                decision = self._choice(gate, artifact)
                if decision == "later":
                    return None
                if decision is not None:
                    return decision, self._name()
        except (EOFError, KeyboardInterrupt):
            self._console.print()
            return None

    def refused(self, error: WrongUsage) -> None:
        """Say why a decision was not taken; whoever may not decide is asked for another name."""
        self.say(f"  {error.message} {error.hint}", "yellow")
        if isinstance(error, NotAllowed):
            self._user = ""

    def say(self, text: str, style: str = "") -> None:
        """Say something."""
        self._console.print(text, style=style, highlight=False, markup=False)

    def _choice(self, gate: Gate, artifact: Artifact | None) -> Decision | Literal["later"] | None:
        menu = {"Review": MENU_OF_REVIEW, "Outreach": MENU_OF_MAIL}.get(artifact.schema if artifact else "", MENU)
        self._console.print(f"\n  {menu}", markup=False, highlight=False)
        typed = self._read("  › ").strip().lower()
        choice = CHOICES.get(typed)
        try:
            return "later" if choice == "later" else self._taken(choice, typed, gate, artifact)
        except CrewdeskError as error:
            self.say(f"  {error.message} {error.hint}", "yellow")
            return None

    def _taken(self, choice: Choice | None, typed: str, gate: Gate, artifact: Artifact | None) -> Decision | None:
        if choice in DECIDING:
            self._refuse_in_vain(choice, gate)
        match choice:
            case "approve":
                return Approve(gate.sha)
            case "prune" | "other" | "edit":
                return {"prune": self._prune, "other": self._other, "edit": self._edit}[choice](gate, artifact)
            case "revise":
                return self._with_words("  What should be different? ", Revise)
            case "reject":
                return self._with_words("  Why? ", Reject)
            case None:
                said = f"{typed!r} is none of the choices" if typed else "An empty line decides nothing"
                self.say(f"  {said}. Nothing was decided; type one of the letters.", "yellow")
            case _:
                self._look(choice, gate, artifact)
        return None

    def _refuse_in_vain(self, choice: Choice, gate: Gate) -> None:
        """Raise `WrongUsage` before somebody writes what would be refused afterwards."""
        if gate.people or gate.excluded:
            refuse_others(gate, self._name())
        if choice == "approve" and gate.needs > 1:
            refuse_second_approval(gate, self._name())

    def _look(self, choice: Choice, gate: Gate, artifact: Artifact | None) -> None:
        from crewdesk.terminal import show

        match choice:
            case "view":
                show.show_gate(self._console, gate, artifact, cost=self.cost, ways=self.ways, whole=True)
            case "flagged":
                show.show_flagged(self._console, gate)
            case _:
                show.show_sources(self._console, artifact)

    def _with_words(self, question: str, decision: Callable[[str], Decision]) -> Decision | None:
        words = self._read(question).strip()
        if words:
            return decision(words)
        self.say("  No words, no decision.", "yellow")
        return None

    def _prune(self, gate: Gate, artifact: Artifact | None) -> Decision | None:
        if artifact is None or not can_be_pruned(artifact):
            self.say("  This is no review, so there is nothing to leave out; edit it.", "yellow")
            return None
        typed = self._read("  Numbers to leave out, such as 2 5-7; empty keeps all: ")
        body = leave_out(artifact.body, typed)
        if body == artifact.body:
            self.say("  Nothing was left out.", "dim")
            return None
        self.say(f"  Left: {what_is_left(body)}.")
        return Edit(body, base=gate.sha)

    def _other(self, gate: Gate, artifact: Artifact | None) -> Decision | None:
        from crewdesk.terminal.edit_text import other_way

        if artifact is None or (body := other_way(artifact)) == artifact.body:
            self.say("  Nothing was changed.", "dim")
            return None
        return Edit(body, base=gate.sha)

    def _edit(self, gate: Gate, artifact: Artifact | None) -> Decision | None:
        from crewdesk.terminal.edit_text import from_text, to_text
        from crewdesk.terminal.editor import edit, scratch

        if artifact is None:
            self.say("  There is no text here to edit.", "yellow")
            return None
        before, path = to_text(artifact), scratch(gate.id)
        text = edit(before, editor=self._editor or _any_editor(), keep=path)
        if text == before:
            self.say("  Nothing was changed.", "dim")
            return None
        return Edit(from_text(text, artifact))

    def _name(self) -> str:
        while not self._user:
            self._user = self._read("  Your name, for the record: ").strip()
        return self._user


def _any_editor() -> str | None:
    return next(
        (str(path) for path in map(Path, ("/usr/bin/editor", "/usr/bin/nano", "/usr/bin/vi")) if path.exists()), None
    )
