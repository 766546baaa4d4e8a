"""Looking after those who look: the council’s auditor, and emergency access with its review."""
