"""The WSGI entry point; a server that imports it starts only when keys and databases are in order."""

from app import create_app
from app.operations.readiness import is_about_to_serve, require_ready

app = create_app()
if is_about_to_serve():
    require_ready(app)
