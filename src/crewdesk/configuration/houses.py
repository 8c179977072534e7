"""The crews as the files say now, for processes that live long: light, because reading strictly takes its time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from crewdesk.configuration.stamps import stamp

if TYPE_CHECKING:
    from crewdesk.domain.specs import HouseSpec


class Houses:
    """Crews that were read, each until any file that it was read from changes; what is broken is read every time."""

    def __init__(self, config: Path, knowledge: Path, *, read: Callable[[str], HouseSpec]) -> None:
        self._config = config
        self._knowledge = knowledge
        self._read = read
        self._known: dict[str, tuple[object, HouseSpec]] = {}

    def __call__(self, crew: str) -> HouseSpec:
        """Return a crew's configuration. Raises what `read` raises."""
        files = self._files()  # before they are read: what changes meanwhile is read again
        if (known := self._known.get(crew)) and known[0] == (files, self._inputs(known[1])):
            return known[1]
        house = self._read(crew)
        self._known[crew] = (files, self._inputs(house)), house
        return house

    def _files(self) -> Mapping[Path, tuple[int, ...]]:
        return {path: stamp(path) for path in self._config.rglob("*.yaml")}

    def _inputs(self, house: HouseSpec) -> tuple[bool, ...]:
        """Say which texts in knowledge/ are there; what they say is read anew for each run."""
        files = (spec.file for spec in house.crew.inputs.values())
        return tuple((self._knowledge / file).is_file() for file in files if file)
