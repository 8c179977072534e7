"""The web: what other systems and monitors reach over HTTP. Imports no CrewAI."""
