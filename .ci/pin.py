"""Write the tested versions of everything that is installed into pyproject.toml, by name alone."""

from __future__ import annotations

from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.specifiers import SpecifierSet

PYTHONS = ("3.11.0", "3.12.0", "3.13.0")
BEGIN = "# --- tested versions ---\n"
HEAD = """\
# Written by `poe pin`; loosen one to try a newer. A lock file is not kept, because it names the hosts that packages
# came from. Here and not in uv.toml, where uv does not heed constraints when it locks a project.
"""


def main() -> None:
    """Pin what this environment holds, but for what some of our Pythons cannot have."""
    found = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions() if _for_all(d)}
    found.pop("crewdesk", None)
    lines = [f'  "{name}=={version}",' for name, version in sorted(found.items())]
    path = Path("pyproject.toml")
    above = path.read_text("utf-8").partition(BEGIN)[0]
    pins = "\n".join(["[tool.uv]", "constraint-dependencies = [", *lines, "]", ""])
    path.write_text(above + BEGIN + HEAD + pins, "utf-8")


def _for_all(distribution: Distribution) -> bool:
    wanted = SpecifierSet(distribution.metadata.get("Requires-Python") or "")
    return all(wanted.contains(python) for python in PYTHONS)


if __name__ == "__main__":
    main()
