"""Tidemark: `create_app()` puts settings, extensions and capabilities together."""

from pathlib import Path

from flask import Flask
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from govuk_frontend_wtf.main import WTFormsHelpers
from jinja2 import ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from app.accounts.again_views import again
from app.accounts.commands import accounts_cli
from app.accounts.gate import check_gate
from app.accounts.letting_in_views import letting_in
from app.accounts.my_sign_in_views import my_sign_in
from app.accounts.refused import install_refused
from app.accounts.second_step_views import second_step
from app.accounts.sessions import install_sessions
from app.accounts.views import accounts
from app.attachments.views import attachments
from app.audit.commands import audit_cli
from app.breaks.feedback_views import feedback
from app.breaks.views import breaks
from app.checkins.carer_views import carers
from app.checkins.together_views import together
from app.checkins.views import checkins
from app.crypto.keyring import install_keyring
from app.dashboards.views import dashboards
from app.database import db, prepare_engines
from app.demo.commands import demo_cli
from app.demo.views import demo
from app.feed.views import feed
from app.goals.views import goals
from app.impact.commands import impact_cli
from app.impact.download_views import impact_files
from app.impact.level_views import impact_levels
from app.impact.views import impact
from app.imports.commands import import_cli
from app.insights.views import insights
from app.notifications.views import notifications
from app.operations.backup_commands import backup, restore
from app.operations.commands import only_when_ready, serve
from app.operations.key_commands import keys_cli
from app.operations.readiness import install_readiness
from app.oversight.call_views import keeping_safe
from app.oversight.emergency_views import emergency
from app.oversight.views import oversight
from app.passwords.commands import passwords_cli
from app.passwords.forgotten_views import forgotten
from app.passwords.views import passwords
from app.phone.views import phone
from app.profiles.link_views import profile_links
from app.profiles.views import profiles
from app.prompts.commands import prompts_cli
from app.prompts.views import prompts
from app.records.commands import records_cli
from app.records.copy_views import copies
from app.records.my_data_views import my_data
from app.records.retention_commands import retention_cli
from app.records.views import records
from app.safeguarding.decision_views import concerns
from app.safeguarding.views import safeguarding
from app.settings import Settings, load_settings
from app.sign_on.admin_views import sign_on_admin
from app.sign_on.commands import sign_on_cli
from app.sign_on.views import sign_on
from app.timeline.views import timeline
from app.web.compression import install_compression
from app.web.errors import install_error_pages
from app.web.headers import install_headers
from app.web.languages import install_languages
from app.web.logs import install_logs
from app.web.pages import install_pages
from app.web.refusals import install_refusals
from app.web.uploads import install_uploads
from app.young_people.decision_views import decisions
from app.young_people.directory_views import directory
from app.young_people.looks_views import adopt_language, language_of_viewer, looks_pages
from app.young_people.school_views import school
from app.young_people.views import young_people

ROOT = Path(__file__).resolve().parent.parent
BLUEPRINTS = (
    accounts,
    second_step,
    again,
    letting_in,
    my_sign_in,
    passwords,
    forgotten,
    sign_on,
    sign_on_admin,
    dashboards,
    directory,
    young_people,
    decisions,
    looks_pages,
    school,
    prompts,
    notifications,
    checkins,
    together,
    carers,
    feed,
    attachments,
    goals,
    profiles,
    profile_links,
    safeguarding,
    concerns,
    keeping_safe,
    breaks,
    feedback,
    timeline,
    impact,
    insights,
    impact_files,
    oversight,
    emergency,
    impact_levels,
    phone,
    records,
    my_data,
    copies,
)
COMMANDS = (
    only_when_ready(keys_cli, but=("new",)),
    only_when_ready(audit_cli),
    only_when_ready(accounts_cli),
    only_when_ready(passwords_cli),
    only_when_ready(sign_on_cli),
    only_when_ready(import_cli),
    only_when_ready(prompts_cli),
    only_when_ready(impact_cli, but=("estimate",)),
    only_when_ready(records_cli),
    only_when_ready(retention_cli),
    demo_cli,
    serve,
    backup,
    restore,
)
LARGEST_FORM = 2_000_000


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app; opens no key and no database, so that `--help` and `impact estimate` need neither."""
    instance = ROOT / "instance"
    settings = settings or load_settings(instance)
    app = Flask(__name__, instance_path=str(instance), root_path=str(ROOT))
    configure(app, settings)
    install_logs(app)
    install_keyring(app, settings)
    db.init_app(app)
    Migrate(app, db, directory=str(ROOT / "migrations"))
    prepare_engines(app)
    install_templates(app)
    install_languages(app, language_of_viewer)
    install_uploads(app)
    install_refusals(app)
    CSRFProtect(app)
    install_readiness(app)
    install_sessions(app, on_sign_in=adopt_language)
    app.before_request(check_gate)
    install_refused(app)
    install_compression(app)
    install_headers(app, over_https=settings.is_production)
    install_error_pages(app)
    for blueprint in BLUEPRINTS if not settings.demo else (*BLUEPRINTS, demo):
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    return app


def configure(app: Flask, settings: Settings) -> None:
    """Turn our settings into Flask's."""
    app.extensions["settings"] = settings
    secure = settings.is_production
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_BINDS={"keys": settings.keys_database_url},
        SESSION_COOKIE_NAME="__Host-tidemark" if secure else "tidemark",
        SESSION_COOKIE_SECURE=secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # our pages send no referrer; Sec-Fetch-Site tells other sites apart
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def install_templates(app: Flask) -> None:
    """Let templates use govuk-frontend's macros."""
    app.jinja_options = {
        **app.jinja_options,
        "loader": ChoiceLoader(
            [
                FileSystemLoader(str(ROOT / "templates")),
                PrefixLoader({name: PackageLoader(name) for name in ("govuk_frontend_jinja", "govuk_frontend_wtf")}),
            ]
        ),
    }
    WTFormsHelpers(app)
    install_pages(app)
