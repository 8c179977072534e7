"""How a stop gets out of CrewAI: it lets `HookAborted` through and retries or rewords everything else."""

from __future__ import annotations

from crewai.hooks.dispatch import HookAborted


class Stop(HookAborted):
    """Carries what really stopped the work. Its own text is neutral: CrewAI retries on words such as 'rate limit'."""

    def __init__(self, cause: BaseException, told: str = "the desk stopped this work") -> None:
        super().__init__(told, source="crewdesk")
        self.cause = cause
