"""The rules of the house that no linter knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import crewdesk
from crewdesk.store.database import HEAD
from support.homes import ROOT

SOURCE = ROOT / "src" / "crewdesk"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "versions" not in path.parts)
LONGEST_MODULE = 260
LONGEST_FUNCTION = 40
BROAD = {
    "engine/staff.py",  # a worker's failure is reported to the manager, whatever it is
    "engine/crew.py",  # what should not happen is told in a sentence, with the trace to report
    "engine/door_model.py",  # whatever stops a call gets out of CrewAI as one kind of stop
    "engine/manager.py",  # the same, for a task
    "engine/kickoff.py",  # the same, for a plain kickoff, after the run was settled
    "connectors/notice.py",  # what services raise may hold their secret address, so it is named and not told
    "desk/in_flight.py",  # what a call raises is raised again in the thread that waits for it
    "durable/worker.py",  # a worker outlives whatever goes wrong in one round or one run
    "triggers/rounds.py",  # whatever is wrong with one trigger, the others fire
    "engine/schedule.py",  # what is under way is waited for before anything is raised
    "web/pages.py",  # a mistake of ours is a page too, which says what to do; the trace is logged
    "code/trials/inside_calls.py",  # in the sandbox, code under review raises whatever it likes; it is noted
    "code/analysers/table.py",  # whatever a library makes of a stranger's code, the other analysers still run
    "models/litellm_client.py",  # litellm raises anything; none of it is swallowed
}


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree(path)) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef)))


def name(path: Path) -> str:
    return path.relative_to(SOURCE).as_posix()


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 100


def test_a_module_is_one_idea_and_no_longer_than_that() -> None:
    long = {name(p): n for p in MODULES if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_MODULE}

    assert long == {}


def test_a_function_fits_on_a_screen() -> None:
    long = {
        f"{name(p)}:{f.name}": length
        for p in MODULES
        for f in functions(p)
        if (length := (f.end_lineno or f.lineno) - f.lineno + 1) > LONGEST_FUNCTION
    }

    assert long == {}


def test_no_method_is_defined_twice() -> None:
    twice = [
        f"{name(path)}:{body.name}.{member}"
        for path in MODULES
        for body in ast.walk(tree(path))
        if isinstance(body, ast.ClassDef)
        for member in {f.name for f in body.body if isinstance(f, ast.FunctionDef)}
        if sum(isinstance(f, ast.FunctionDef) and f.name == member and not f.decorator_list for f in body.body) > 1
    ]

    assert twice == []


def test_broad_excepts_live_in_few_files() -> None:
    broad = {
        name(path)
        for path in MODULES
        for handler in ast.walk(tree(path))
        if isinstance(handler, ast.ExceptHandler)
        and (
            handler.type is None
            or (isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException"))
        )
    }

    assert broad <= BROAD


def test_no_two_files_of_tests_have_one_name() -> None:
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]  # pytest would take one for the other

    assert sorted(names) == sorted(set(names))


def test_nothing_is_printed_but_at_the_command_line_and_the_terminal() -> None:
    printing = [
        name(path)
        for path in MODULES
        for call in ast.walk(tree(path))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "print"
    ]

    assert printing == []


def test_the_database_is_at_the_newest_migration() -> None:
    from crewdesk.store.migrate import newest

    assert newest() == HEAD


def test_the_migrations_make_the_tables_that_the_code_uses(tmp_path: Path) -> None:
    from sqlalchemy import inspect

    from crewdesk.store.database import Database
    from crewdesk.store.tables import metadata

    found = inspect(Database(f"sqlite:///{tmp_path}/desk.db").engine)

    for table in metadata.sorted_tables:
        made = {column["name"]: column["nullable"] for column in found.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}
        indexes = {(index["name"], *index["column_names"]) for index in found.get_indexes(table.name)}
        assert indexes == {(str(index.name), *index.columns.keys()) for index in table.indexes}


def test_no_index_is_only_the_beginning_of_another_one() -> None:
    from crewdesk.store.tables import metadata

    for table in metadata.sorted_tables:
        indexes = [tuple(index.columns.keys()) for index in table.indexes]
        assert [a for a in indexes for b in indexes if a != b and b[: len(a)] == a] == []


def test_a_migration_does_the_same_whatever_becomes_of_the_code() -> None:
    migrations = sorted((SOURCE / "store" / "migrations" / "versions").glob("*.py"))

    assert [path.name for path in migrations if "crewdesk." in path.read_text("utf-8")] == []


@pytest.mark.parametrize("public", crewdesk.__all__)
def test_every_public_name_is_there(public: str) -> None:
    assert getattr(crewdesk, public) is not None


def test_no_file_names_a_host_of_packages_or_a_path_of_a_machine() -> None:
    import subprocess

    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not tracked:
        tracked = [str(p.relative_to(ROOT)) for p in SOURCE.rglob("*") if p.is_file()]
    words = ["files.python" + "hosted.org", "registry.npm" + "js.org", "/wo" + "rk/main"]
    texts = {path: (ROOT / path).read_text("utf-8", errors="ignore") for path in tracked if (ROOT / path).is_file()}

    assert [(path, word) for path, text in texts.items() for word in words if word in text] == []
