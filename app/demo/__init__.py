"""A made-up council with known true effects, for trying and for testing."""
