"""What every page shares: fragments, error pages, security headers."""
