"""One gate in the browser: what waits, what it rests on, what is typed, the decision."""
