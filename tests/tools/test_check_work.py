"""Whatever others said is looked at by code: what does not hold is left out and counted, the rest stands."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from tool_samples import materials

from crewdesk.code.patches import Edit, applied
from crewdesk.domain.canonical import Json, JsonObject
from crewdesk.domain.review.findings import Posted
from crewdesk.tools.review.check_work import CheckSettings, check_work
from crewdesk.tools.review.find_documents import DocumentsSettings, find_documents
from support.repositories import Repo, change_of, changed

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
BEFORE = {
    "shop/cart.py": "def total(items):\n    return sum(items)\n\n\ndef count(items):\n    return len(items)\n",
    "shop/old.py": "def helper():\n    return 1\n",
    "shop/far.py": "from shop.cart import total\n\n\ndef report(items):\n    return total(items, 0)\n",
    "README.md": "# Shop\n\nCall `total(items)`.\n",
}
AFTER: dict[str, str | bytes | None] = {
    "shop/cart.py": (
        "def total(items, rate):\n    price = sum(items)\n    return price * rate / len(items)\n\n\n"
        f'def count(items):\n    return len(items)\n\n\nKEY = "{TOKEN}"\n'
    ),
    "shop/old.py": None,
    "shop/new.py": "def helper():\n    return 1\n",
    "latin.py": b"# caf\xe9\nx = 1\n",
    "windows.py": b"x = 1\r\ny = 2\r\n",
}
FOUND: JsonObject = {
    "path": "shop/cart.py",
    "line": 3,
    "end_line": 3,
    "severity": "major",
    "kind": "bug",
    "title": "Division by zero for an empty cart",
    "explanation": "An empty list has no length to divide by.",
    "evidence": "`return price * rate / len(items)`",
    "confidence": 0.8,
}


@pytest.fixture(scope="module", name="repo")
def _repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    return changed(tmp_path_factory.mktemp("check") / "shop", BEFORE, AFTER)


def read(repo: Repo, base: str = "main", earlier: Iterable[JsonObject] = ()) -> JsonObject:
    """What the task that reads the change said of it."""
    posted = tuple(Posted.model_validate(one) for one in earlier)
    return {"change": change_of(repo, base, earlier=posted).model_dump(mode="json")}


class Check:
    """Checks work on one change."""

    def __init__(self, repo: Repo, change: JsonObject, scratch: Path) -> None:
        self._repo = repo
        self._change = change
        self._scratch = scratch

    def __call__(self, settings: JsonObject | None = None, **work: JsonObject) -> dict[str, Any]:
        given = {"change": self._change, **work}
        around = materials(self._scratch, work=given.get, scratch=self._scratch)
        made = check_work(settings=CheckSettings.model_validate(settings or {}), materials=around)
        return cast("dict[str, Any]", made)

    def analysed(self, *found: JsonObject, **settings: Any) -> dict[str, Any]:
        return self(settings, analyse={"findings": list(found)})


@pytest.fixture(scope="module", name="scratch")
def _scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(name="check")
def _check(repo: Repo, scratch: Path) -> Check:
    return Check(repo, read(repo), scratch)


def found(**more: Any) -> JsonObject:
    return {**FOUND, **more}


def test_a_finding_that_holds_is_placed_named_and_shown_with_its_lines(check: Check) -> None:
    (one,) = check.analysed(found())["findings"]

    assert (one["inline"], one["known"], one["by"]) == (True, False, "code analyst")
    assert len(one["fingerprint"]) == 16
    assert one["code"].splitlines()[0] == "1  def total(items, rate):"
    assert "3      return price * rate / len(items)" in one["code"]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"path": "shop/none.py"}, "there is no such file at the head"),
        ({"path": "../../etc/passwd"}, "there is no such file at the head"),
        ({"line": 99, "end_line": 99}, "the file has no such lines"),
        ({"evidence": " "}, "they name nothing they rest on"),
        ({"evidence": "`return price / count`"}, "they quote what stands nowhere in the code"),
        ({"evidence": "the caller `checkout(cart)`"}, "they quote what stands nowhere in the code"),
        ({"evidence": "shop/far.py:90 calls it"}, "they name a file or a line that is not there"),
        ({"confidence": 0.1}, "their author is not sure enough of them"),
        (
            {"path": "shop/far.py", "line": 1, "end_line": 1, "title": "Wide", "explanation": "", "evidence": "line 1"},
            "they are not about this change",
        ),
    ],
)  # fmt: skip
def test_a_models_finding_that_does_not_hold_is_left_out_with_the_reason(
    check: Check, more: JsonObject, why: str
) -> None:
    made = check.analysed(found(**more))

    assert made["findings"] == []
    assert made["dropped"][0].startswith(f"1 finding by code analyst is left out, because {why}: ")


@pytest.mark.parametrize(
    "more",
    [
        {"path": "cart.py"},
        {"path": "b/shop/cart.py"},
        {"evidence": "`total([], 1)` divides by `len(items)`"},
        {"evidence": "shop/far.py:5 still calls `total(items, 0)`"},
        {"evidence": "before, it was `return  sum( items )`"},
        {"evidence": "`price * … / len(items)` with `[]`"},
        {"path": "shop/far.py", "line": 5, "end_line": 5, "evidence": "`total(items, 0)` passes 0 as the rate"},
    ],
)
def test_what_a_finding_rests_on_may_be_said_in_many_ways(check: Check, more: JsonObject) -> None:
    made = check.analysed(found(**more))

    assert [one["title"] for one in made["findings"]] == [FOUND["title"]]
    assert made["dropped"] == []


def test_what_was_left_out_for_one_reason_is_one_sentence(check: Check) -> None:
    made = check.analysed(*(found(path=f"no/{number}.py", title=f"Number {number}") for number in range(7)))

    (told,) = made["dropped"]
    assert told.startswith(
        "7 findings by code analyst are left out, because there is no such file at the head: no/0.py"
    )
    assert told.endswith("no/3.py:3, no/4.py:3 and 2 more.")


def test_lines_outside_the_diff_are_never_inline(check: Check) -> None:
    (one,) = check.analysed(found(path="shop/far.py", line=5, end_line=5, evidence="`total(items, 0)`"))["findings"]

    assert not one["inline"]


def test_analysers_are_believed_but_must_stand_somewhere(check: Check) -> None:
    scan: JsonObject = {
        "findings": [found(by="ruff", evidence="ruff X1"), found(by="ruff", path="gone.py", title="Elsewhere")]
    }

    made = check(scan=scan)

    assert [one["by"] for one in made["findings"]] == ["ruff"]
    assert made["dropped"] == ["1 finding by ruff is left out, because there is no such file at the head: gone.py:3."]


@pytest.mark.parametrize(
    ("suggestion", "kept"),
    [
        ("    return price * rate / max(len(items), 1)", "    return price * rate / max(len(items), 1)"),
        ("return price * rate / max(len(items), 1)", "    return price * rate / max(len(items), 1)"),
        ("```python\n    return price\n```", "    return price"),
        ("    return price * rate / (", None),
        ("    return price * rate / len(items)\n", None),
        (f'    return "{TOKEN}"', None),
    ],
)
def test_a_suggestion_applies_and_parses_or_is_taken_off(
    check: Check, repo: Repo, suggestion: str, kept: str | None
) -> None:
    made = check.analysed(found(suggestion=suggestion))

    (one,) = made["findings"]
    assert one["suggestion"] == kept
    assert bool(one["patch"]) is (kept is not None)
    assert any("suggestion is left out" in told for told in made["dropped"]) is (kept is None)
    if kept is not None:
        after = cast("str", AFTER["shop/cart.py"])
        assert kept in applied(after, Edit("shop/cart.py", 3, 3, kept))
        assert f"+{kept}" in one["patch"].splitlines()
        repo.git("apply", "--check", write(repo, one["patch"]))


def write(repo: Repo, patch: str) -> str:
    path = repo.folder / ".git" / "try.patch"
    path.write_bytes(patch.encode())
    return str(path)


def test_a_suggestion_for_a_file_with_windows_line_ends_has_them_too(check: Check, repo: Repo) -> None:
    said = found(path="windows.py", line=2, end_line=2, suggestion="y = 3", evidence="`y = 2`")

    (one,) = check.analysed(said)["findings"]

    assert "+y = 3\r\n" in one["patch"]
    repo.git("apply", "--check", write(repo, one["patch"]))


def test_a_file_that_is_no_utf_8_gets_a_finding_without_a_suggestion(check: Check) -> None:
    made = check.analysed(found(path="latin.py", line=2, end_line=2, suggestion="x = 2", evidence="`x = 1`"))

    assert made["findings"][0]["suggestion"] is None
    assert made["dropped"] == ["1 suggestion is left out, because the file is no UTF-8 text: latin.py:2."]


def test_the_same_said_by_two_is_one_finding_with_both_names_and_the_better_text(check: Check) -> None:
    terse = found(by="ruff", explanation="", severity="critical", evidence="ruff B1", title="Division by zero")

    made = check(scan={"findings": [terse]}, analyse={"findings": [found()]})

    (one,) = made["findings"]
    assert one["by"] == "ruff, code analyst"
    assert (one["title"], one["severity"]) == (FOUND["title"], "critical")
    assert one["evidence"] == "`return price * rate / len(items)`; ruff B1"
    assert one["confidence"] == pytest.approx(0.9)


def test_two_matters_in_one_place_stay_two(check: Check) -> None:
    other = found(by="bandit", kind="security", title="The price is logged", explanation="Anybody reads logs.")

    assert len(check(scan={"findings": [other]}, analyse={"findings": [found()]})["findings"]) == 2


def test_findings_are_ranked_by_gravity_and_those_beyond_the_limit_are_counted(check: Check) -> None:
    rows = (("note", "Alpha beta", "bug"), ("critical", "Gamma delta", "api"), ("minor", "Epsilon zeta", "style"))
    said = [found(severity=weight, title=title, explanation="", kind=kind) for weight, title, kind in rows]

    made = check.analysed(*said, most=1)

    assert [one["severity"] for one in made["findings"]] == ["critical"]
    assert made["dropped"] == [
        f"1 {what} finding is left out, because the review holds no more, and they are the least grave: shop/cart.py:3."
        for what in ("minor", "note")
    ]


def test_no_secret_and_no_folder_of_this_machine_is_in_what_is_said(check: Check, repo: Repo) -> None:
    said = found(line=10, end_line=10, evidence="`KEY`", explanation=f"See {repo.folder}/shop/cart.py: {TOKEN}.")

    made = check(analyse={"findings": [said]}, scan={"findings": [found(by="x", line=8, title=f"Uses {TOKEN}")]})

    assert len(made["findings"]) == 2
    assert TOKEN not in str(made)
    assert str(repo.folder) not in str(made)


def test_a_finding_keeps_its_name_when_lines_move_its_file_is_renamed_and_it_is_said_in_other_words(
    repo: Repo, check: Check, scratch: Path, tmp_path: Path
) -> None:
    (first,) = check.analysed(found())["findings"]
    posted = {name: first[name] for name in ("fingerprint", "title", "path", "kind", "by")}
    clone = tmp_path / "clone"
    repo.git("clone", "-q", str(repo.folder), str(clone))
    again = Repo(clone)
    again.git("checkout", "-q", "feature")
    text = cast("str", AFTER["shop/cart.py"])
    again.commit({"shop/cart.py": None, "shop/basket.py": f"import math\n\n\n{text}"}, "Again")
    recheck = Check(again, read(again, "origin/main", earlier=[posted]), scratch)
    moved = partial(found, path="shop/basket.py", line=6, end_line=6)

    for said in (moved(), moved(title="Empty cart: division by zero")):
        made = recheck.analysed(said)
        assert [(one["fingerprint"], one["known"]) for one in made["findings"]] == [(first["fingerprint"], True)]
        assert made["resolved"] == []


def test_what_was_posted_and_is_gone_is_resolved_unless_a_model_merely_did_not_repeat_it(
    repo: Repo, check: Check, scratch: Path
) -> None:
    (mine,) = check.analysed(found())["findings"]
    posted = {name: mine[name] for name in ("fingerprint", "title", "path", "kind", "by")}
    bare: JsonObject = {"fingerprint": "0" * 16, "title": "Unused import"}
    changed_since = {**posted, "fingerprint": "1" * 16}

    made = Check(repo, read(repo, earlier=[posted, bare, changed_since]), scratch).analysed()

    assert [one["fingerprint"] for one in made["resolved"]] == ["0" * 16, "1" * 16]


def test_findings_that_are_the_same_on_the_same_words_have_names_of_their_own(check: Check) -> None:
    rows: list[Json] = [found(by="ruff", line=line, end_line=line, title="Blank") for line in (4, 9)]

    made = check(scan={"findings": rows})

    assert len({one["fingerprint"] for one in made["findings"]}) == 2


def test_what_a_test_noted_backs_what_was_found_there(check: Check) -> None:
    turned = found(by="comparison", line=2, end_line=2, title="`<` became `<=`", evidence="total", explanation="Which?")
    fails: JsonObject = {"code": "x", "base": "passed", "head": "failed", "output": "shop/cart.py:2: in total"}
    noted: JsonObject = {**fails, "path": "test_noted.py", "about": "It gave 3.", "origin": "characterisation"}

    (one,) = check(scan={"findings": [turned]}, trials={"tests": [{**noted, "by": "test author"}]})["findings"]

    assert (one["title"], one["kind"], one["by"]) == ("`<` became `<=`", "bug", "comparison, test author")
    assert "test_noted.py" in one["evidence"]


def test_what_is_said_word_for_word_in_many_places_is_told_at_three_and_names_the_others(check: Check) -> None:
    alike: list[Json] = [found(by="ruff", line=line, end_line=line, title="Shared") for line in range(1, 10, 2)]
    secret: list[Json] = [{**one, "kind": "secret", "title": "Key"} for one in alike if isinstance(one, dict)]

    made = check(scan={"findings": [*alike, *secret]})["findings"]

    shared = [one for one in made if one["title"] == "Shared"]
    assert [one["line"] for one in shared] == [1, 3, 5]
    assert shared[-1]["explanation"].endswith("It is the same in 2 other places: shop/cart.py:7, shop/cart.py:9.")
    assert len([one for one in made if one["title"] == "Key"]) == 5


@pytest.mark.parametrize(
    ("more", "line"),
    [
        ({"output": "shop/cart.py:2: in total\nE   TypeError"}, 2),
        ({"covers": [{"first": 3, "last": 3}], "covers_in": "shop/cart.py"}, 3),
        ({"code": "from shop.cart import total\n"}, 1),
    ],
)
def test_a_test_that_passed_before_and_fails_now_is_a_finding_where_the_change_is_to_blame(
    check: Check, more: JsonObject, line: int
) -> None:
    about: JsonObject = {"path": "tests/test_cart.py", "code": "x", "about": "A cart adds up.", "origin": "existing"}
    trial: JsonObject = {**about, "base": "passed", "head": "failed", **more}

    made = check(trials={"tests": [trial, {**trial, "head": "passed"}, {**trial, "base": "failed"}]})

    (one,) = made["findings"]
    assert (one["path"], one["line"], one["severity"], one["by"]) == ("shop/cart.py", line, "major", "existing tests")
    assert one["title"] == "Passed before, fails now: A cart adds up"


@pytest.mark.parametrize(
    ("path", "code", "place"),
    [
        ("tests/test_all.py", "def test_it():\n    assert total([1], 2) == 2", ("shop/cart.py", 1)),
        ("tests/test_windows.py", "-", ("windows.py", 1)),
        ("tests/test_all.py", "from shop import cart", ("shop/cart.py", 1)),
    ],
)
def test_where_a_test_says_no_place_what_it_names_or_is_named_after_is_to_blame(
    check: Check, path: str, code: str, place: tuple[str, int]
) -> None:
    trial: JsonObject = {"path": path, "code": code, "origin": "existing", "base": "passed", "head": "failed"}

    (one,) = check(trials={"tests": [trial]})["findings"]

    assert (one["path"], one["line"]) == place


def test_tests_that_blame_one_function_are_one_finding_told_by_the_repositorys_own(check: Check) -> None:
    fails: JsonObject = {"code": "x", "base": "passed", "head": "failed", "output": "shop/cart.py:2: in total"}
    noted: JsonObject = {**fails, "path": "test_noted.py", "about": "It gave 3.", "origin": "characterisation"}
    own: JsonObject = {**fails, "path": "tests/test_cart.py", "about": "A cart adds up.", "origin": "existing"}

    (one,) = check(trials={"tests": [noted, own]})["findings"]

    assert (one["title"], one["by"]) == ("Passed before, fails now: A cart adds up", "existing tests")
    assert one["explanation"].endswith("`test_noted.py` fails now, too.")
    assert one["evidence"].startswith("tests/test_cart.py")


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, ""),
        ({"path": "NEWS.md"}, "there is no such text file at the head"),
        ({"line": 9, "end_line": 9}, "the file has no such lines"),
        ({"replacement": "Call `total(items)`.\n"}, "it changes nothing"),
        ({"path": "shop/cart.py", "replacement": "    return 0\n"}, "it would change code, and not only words"),
        ({"path": "shop/cart.py", "line": 1, "replacement": '"""X\n'}, "the file would not parse any more"),
        ({"replacement": f"Use {TOKEN}.\n"}, "it holds a secret, or signs that nobody sees"),
    ],
)  # fmt: skip
def test_a_proposal_applies_and_changes_words_only_or_is_left_out(check: Check, more: JsonObject, why: str) -> None:
    place: JsonObject = {"path": "README.md", "line": 3, "end_line": 3, "title": "The rate"}
    proposal: JsonObject = {**place, "replacement": "Call `total(items, rate)`.\n", **more}

    made = check(document={"proposals": [proposal]})

    if why:
        assert made["proposals"] == []
        assert f"because {why}: " in made["dropped"][0]
    else:
        assert [one["by"] for one in made["proposals"]] == ["documentation writer"]
        assert "+Call `total(items, rate)`." in made["proposals"][0]["patch"]


def test_a_review_holds_so_many_proposals_and_the_others_are_counted(check: Check) -> None:
    texts = {1: "# The shop\n", 3: "Call `total(items, rate)`.\n"}
    both: list[Json] = [
        {"path": "README.md", "line": line, "end_line": line, "title": f"Line {line}", "replacement": text}
        for line, text in texts.items()
    ]

    made = check({"most": 1}, document={"proposals": both})

    assert [one["title"] for one in made["proposals"]] == ["Line 1"]
    assert made["dropped"] == [
        "1 proposal for documentation is left out, because the review holds no more: README.md:3."
    ]


def test_of_two_proposals_for_the_same_lines_the_first_stands(check: Check) -> None:
    one: JsonObject = {"path": "README.md", "line": 3, "end_line": 3, "title": "One", "replacement": "One.\n"}

    made = check(document={"proposals": [one, {**one, "title": "Two", "replacement": "Two.\n"}]})

    assert [each["title"] for each in made["proposals"]] == ["One"]
    assert "another one changes the same lines" in made["dropped"][0]


def test_what_the_search_for_documentation_finds_stands_the_check(check: Check, repo: Repo, scratch: Path) -> None:
    change = read(repo)
    around = materials(scratch, work={"change": change}.get, scratch=scratch)

    written = find_documents(settings=DocumentsSettings(), materials=around)

    assert check(document=written)["dropped"] == []


def test_without_a_change_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="The change was not read yet; 'change' must come first"):
        check_work(settings=CheckSettings(), materials=materials(tmp_path))
