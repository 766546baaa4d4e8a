"""HTTP for feed."""

from flask import Blueprint

feed = Blueprint("feed", __name__)
