"""`flask demo`: a made-up council."""

from flask.cli import AppGroup

demo_cli = AppGroup("demo", help="A made-up council, for trying and for testing.")
