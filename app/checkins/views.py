"""HTTP for checkins."""

from flask import Blueprint

checkins = Blueprint("checkins", __name__)
