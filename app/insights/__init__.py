"""One young person beside what they came to: what followed, and what may help next. Composes others; owns no table."""
