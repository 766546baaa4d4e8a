"""The blueprint that the timeline's views share."""

from flask import Blueprint

timeline = Blueprint("timeline", __name__)
