"""The one-page profile and its versions."""
