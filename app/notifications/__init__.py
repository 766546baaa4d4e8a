"""Telling somebody that Tidemark has something for them: in the app, by web push, by e-mail; never what it is."""
