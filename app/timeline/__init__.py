"""One person's time axis, composed from the other capabilities."""
