"""The only file that knows every room: wires settings, data files, database and routes into one Flask application."""

from functools import partial

from flask import Flask
from flask_migrate import Migrate

from config.handoffs import load_workflows
from config.helpline import Helpline, load_helpline
from config.partners import load_partners
from config.settings import Settings, load_settings
from config.silent_questions import load_silent_questions
from config.text_words import load_text_words
from helpline import api, commands, console, portal, webhooks
from helpline.feed.shutdown import stop_sign
from helpline.feed.streams import Feed
from helpline.flow_book.book import FlowBook
from helpline.flow_book.editions import Shipped
from helpline.likeness.opinions import SecondOpinion
from helpline.line import Line
from helpline.logs import set_up_logs
from helpline.outbox.bell import CHANNEL, Bell, connect_redis
from helpline.privacy.keys import KeyRing
from helpline.rule_book.book import RuleBook
from helpline.store.db import MIGRATIONS, db, engine_options
from helpline.telephony.addresses import Addresses
from helpline.telephony.rest import PhoneLine
from helpline.telephony.signature import SignatureCheck
from helpline.telephony.twiml import Speaker
from helpline.web_limits import WebLimits
from triage.ordering import QueuePolicy


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application. Settings come from the environment unless given. Makes no connection yet."""
    settings = settings or load_settings()
    set_up_logs()
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(),
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_PARTS=500,
    )
    db.init_app(app)
    Migrate(app, db, directory=str(MIGRATIONS))
    line = build_line(settings)
    app.extensions["helpline"] = line
    app.before_request(lambda: line.follow(db.engine))
    app.extensions["phone_line"] = PhoneLine(settings, line.helpline.numbers.caller_id)
    app.extensions["signature_check"] = SignatureCheck(settings.public_base_url, _tokens(settings))
    app.extensions["feed"] = Feed(partial(connect_redis, settings.redis_url), CHANNEL, stop_sign().is_up)
    app.wsgi_app = WebLimits(app.wsgi_app)
    webhooks.register(app)
    api.register(app)
    console.register(app)
    portal.register(app)
    commands.register(app)
    return app


def build_line(settings: Settings) -> Line:
    """Load the helpline's data files. Raises what their loaders raise, each naming file and place."""
    helpline = load_helpline(settings.helpline_config_dir)
    book = FlowBook(Shipped(helpline.languages.offered, in_texts=helpline.languages.in_texts))
    values = {"emergency_number": helpline.helpline.emergency_number}
    rule_book = RuleBook(settings.helpline_config_dir / "risk_rules", settings.spelled_out_dir)
    nearness = settings.helpline_config_dir / "risk_rules" / "second_opinion"
    return Line(
        settings=settings,
        helpline=helpline,
        text_words=load_text_words(settings.helpline_config_dir),
        book=book,
        rule_book=rule_book,
        second_opinion=SecondOpinion(nearness, rule_book.shipped.text, wanted=helpline.triage.second_opinion),
        policy=_queue_policy(helpline),
        keys=KeyRing(settings.field_key_ring),
        bell=Bell(connect_redis(settings.redis_url)),
        speaker=Speaker(lambda: book.library, Addresses(settings.public_base_url), values),
        partners=load_partners(settings.helpline_config_dir),
        workflows=load_workflows(settings.helpline_config_dir),
        questions=load_silent_questions(settings.helpline_config_dir),
    )


def _queue_policy(helpline: Helpline) -> QueuePolicy:
    names = QueuePolicy.__dataclass_fields__
    return QueuePolicy(**{name: value for name, value in helpline.queue.model_dump().items() if name in names})


def _tokens(settings: Settings) -> list[str]:
    tokens = [settings.twilio_auth_token, settings.twilio_auth_token_previous]
    return [token.get_secret_value() for token in tokens if token]
