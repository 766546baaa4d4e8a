"""HTTP for young_people."""

from flask import Blueprint

young_people = Blueprint("young_people", __name__)
