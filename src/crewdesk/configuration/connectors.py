"""connectors.yaml, read strictly and alone: for whoever needs a way out and no crew."""

from __future__ import annotations

from pathlib import Path

from crewdesk.configuration.files import read_file
from crewdesk.configuration.kinds import CONNECTORS
from crewdesk.configuration.problems import ConfigurationProblems
from crewdesk.domain.specs import ConnectorsSpec


def load_connectors(config: Path) -> ConnectorsSpec:
    """Read config/connectors.yaml. Raises `ConfigurationProblems` with all problems."""
    read = read_file(config / CONNECTORS.file, CONNECTORS, config=config)
    if read.spec is None or read.problems:
        raise ConfigurationProblems(read.problems)
    return read.spec
