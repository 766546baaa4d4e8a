"""Goals, their 0-10 ratings and small steps."""
