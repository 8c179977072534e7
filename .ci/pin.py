"""Write the tested versions of everything that is installed into uv.toml, by name alone."""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path

HEAD = """\
# The versions everything was tested with, by name alone; written by `poe pin`. Loosen one to try a newer.
# A lock file is not kept, because it names the hosts that packages came from.
"""


def main() -> None:
    """Pin what this environment holds."""
    found = {d.metadata["Name"].lower().replace("_", "-"): d.version for d in distributions()}
    found.pop("crewdesk", None)
    lines = [f'  "{name}=={version}",' for name, version in sorted(found.items())]
    text = "\n".join([HEAD + "constraint-dependencies = [", *lines, "]", ""])
    Path("uv.toml").write_text(text, "utf-8")


if __name__ == "__main__":
    main()
