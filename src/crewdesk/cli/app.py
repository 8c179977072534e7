"""The group of commands, each imported when it is called, and how errors are told."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
from collections.abc import Sequence

import click

from crewdesk import __version__
from crewdesk.errors import CrewdeskError, WrongUsage

COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("work", "Start a crew and take it as far as it goes."),
    "resume": ("work", "Go on with a run after a decision, a crash or a failure."),
    "retry": ("work", "Go on with a failed run under today's configuration."),
    "fork": ("work", "Run again, paying only for what changed."),
    "cancel": ("work", "Call a run off."),
    "worker": ("worker", "Work off runs in line; start as many as you like."),
    "serve": ("serve", "Open the desk in the browser; take webhooks, too."),
    "triggers": ("triggers", "List what starts runs by itself, show one, or fire it by hand."),
    "gates": ("gates", "List what waits for a person, or show one gate."),
    "approve": ("gates", "Release exactly what the gate shows."),
    "edit": ("gates", "Put a changed version at the gate."),
    "revise": ("gates", "Send the work back with notes."),
    "reject": ("gates", "End the run at the gate."),
    "delegate": ("gates", "Hand your place at the gate on to another person."),
    "runs": ("runs", "List runs, or show one."),
    "trace": ("runs", "Show who did what in a run, as a tree."),
    "cost": ("runs", "Show tokens and money."),
    "ledger": ("ledger", "Show what left for which host in a run, and which personal data went."),
    "figures": ("figures", "Show what runs came to: cost, decisions, time saved."),
    "outbox": ("runs", "List what left the house, or is about to."),
    "settle": ("settle", "Say what became of a delivery, where only a person can find out."),
    "crm": ("crm", "List leads, or show one; bring leads in from a table."),
    "audit": ("audit", "List who did what, export it, verify that nothing of it was changed."),
    "db": ("database", "Look after the database: bring it up to date, move it, back it up."),
    "forget": ("forget", "Take a person out of all runs about them; say what remains where."),
    "prune": ("database", "Delete what has been over for long."),
    "people": ("people", "List who has a place at the desk; add people, set passwords, make tokens."),
    "check": ("setup", "Read the whole configuration and say what is wrong with it."),
    "doctor": ("doctor", "Say how the database is, who works, and what each profile needs."),
    "new": ("setup", "Make a crew, an agent or a tool to start from."),
    "init": ("setup", "Lay out config/ and knowledge/ in a folder of your own."),
}
ANYWHERE = frozenset(
    {"run", "resume", "retry", "fork", "cancel", "runs", "trace", "cost", "ledger", "outbox"}
    | {"gates", "approve", "edit", "revise", "reject", "delegate"}
)
"""Commands that a desk elsewhere understands; the others are about this machine."""


class LateGroup(click.Group):
    """Knows every command by name and help, and imports it only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List commands in the order of use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"crewdesk.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = getattr(module, f"{cmd_name}_command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands with their help, without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="crewdesk")
@click.option("--desk", metavar="URL", help="Talk to the desk that is served there; or CREWDESK_DESK.")
@click.option("--token", help="Who you are there; better in CREWDESK_TOKEN, where other programs do not see it.")
@click.option("--insecure", is_flag=True, help="Send the token even without HTTPS.")
@click.pass_context
def crewdesk(ctx: click.Context, desk: str | None, token: str | None, *, insecure: bool) -> None:
    """Crews of agents that do real work and stop at a desk where a person decides."""
    del token, insecure  # crewdesk.cli.places reads them
    command = ctx.invoked_subcommand
    if desk and command not in ANYWHERE:
        raise WrongUsage(
            f"`crewdesk {command}` is about the machine that the desk is on.", hint="Call it there, without --desk."
        )


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; its exit status is 0 done, 1 failed, 2 usage, 3 waiting, 4 rejected, 130 stopped."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        status = crewdesk.main(given, prog_name="crewdesk", standalone_mode=False)
    except CrewdeskError as error:
        _tell(error.message, error.hint, as_json="--json" in given)
        return error.exit_code
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        called = context.command_path if context else "crewdesk"
        _tell(error.format_message(), f"See: {called} --help", as_json="--json" in given)
        return 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("Kept. See where it stands: crewdesk runs", err=True)
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(130)  # threads may sit in a model call; the journal is safe at any moment
    finally:
        gc.enable()
    return status if isinstance(status, int) else 0


def _tell(message: str, hint: str, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"error": message, "hint": hint}, ensure_ascii=False), err=True)
        return
    click.echo(message, err=True)
    for line in hint.splitlines():
        click.echo(f"  {line}", err=True)
