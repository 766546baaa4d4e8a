"""`flask import`: spreadsheets in."""

from flask.cli import AppGroup

import_cli = AppGroup("import", help="Read people, check-ins or attendance from CSV or XLSX.")
