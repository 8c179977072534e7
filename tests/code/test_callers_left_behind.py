"""A call that fitted before a signature changed and fits no longer is told, where it is certain whose call it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from scanning import sides

from crewdesk.code.analysers.left_behind import left_behind

MODULE = "def total(prices, *, tax):\n    return sum(prices) + tax\n"
CALLER = "from shop import total\n\n\ndef report(prices):\n    return total(prices, tax=19)\n"
CLASS = "class Basket:\n    def __init__(self, name):\n        pass\n\n    def put_in(self, what):\n        pass\n"
USER = "def use(basket):\n    basket.put_in('x')\n    return Basket('a')\n"


def told(folder: Path, old: str, new: str, caller: str, **others: str) -> list[str]:
    rest = {f"{name}.py": text for name, text in others.items()}
    both = sides(folder, {"shop.py": old, "report.py": caller, **rest}, {"shop.py": new})
    return [f"{one.line}: {one.title} ({one.evidence})" for one in left_behind(both)]


@pytest.mark.parametrize(
    ("old", "new", "caller", "said"),
    [
        (
            *(MODULE, MODULE.replace("tax", "percent"), CALLER),
            "1: A call of `total` still gives what it took before (called at report.py:5)",
        ),
        (
            *(MODULE, MODULE.replace("*, tax", "*, tax, rate"), CALLER),
            "1: A call of `total` still gives what it took before (called at report.py:5)",
        ),
        (
            *(CLASS, CLASS.replace("self, what", "self, what, count"), USER),
            "5: A call of `put_in` still gives what it took before (called at report.py:2)",
        ),
        (
            *(CLASS, CLASS.replace("self, name", "self"), USER),
            "2: A call of `Basket` still gives what it took before (called at report.py:3)",
        ),
    ],
)
def test_a_caller_that_a_changed_signature_leaves_behind_is_told(
    tmp_path: Path, old: str, new: str, caller: str, said: str
) -> None:
    assert told(tmp_path, old, new, caller) == [said]


@pytest.mark.parametrize(
    ("new", "caller"),
    [
        (MODULE.replace("*, tax", "*, tax, rate=1"), CALLER),
        (MODULE.replace("*, tax", "**named"), CALLER),
        (MODULE.replace("tax", "percent"), CALLER.replace("tax=19", "**given")),
        (MODULE.replace("tax", "percent"), "print('total(prices, tax=19)')\n"),
        (MODULE.replace("tax", "percent"), CALLER.replace("tax=19", "rate=19")),  # it was wrong before
        ("@given\n" + MODULE.replace("tax", "percent"), CALLER),
    ],
)
def test_a_call_that_still_fits_or_may_fit_is_not_told(tmp_path: Path, new: str, caller: str) -> None:
    assert told(tmp_path, MODULE, new, caller) == []


def test_of_two_functions_with_one_name_nobody_knows_which_is_called(tmp_path: Path) -> None:
    assert (
        told(tmp_path, MODULE, MODULE.replace("tax", "percent"), CALLER, other="def total(prices, *, tax): ...\n") == []
    )
