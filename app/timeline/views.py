"""HTTP for timeline."""

from flask import Blueprint

timeline = Blueprint("timeline", __name__)
