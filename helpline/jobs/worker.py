"""One RQ worker. It forks for each job, so that a job which dies takes nothing with it."""

import structlog
from flask import Flask, current_app
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from helpline.likeness.model import OpinionUnavailable
from helpline.likeness.opinions import SecondOpinion
from helpline.outbox.bell import QUEUE_NAME, UNHURRIED_QUEUE, connect_redis
from helpline.store.db import db

log = structlog.get_logger()


class OwedWorker(Worker):
    """A worker whose forked child does not share the parent's database connections.

    What is in force is looked up here, before the fork: a child that took it up would end with it.
    """

    def execute_job(self, *args, **kwargs):
        line = current_app.extensions["helpline"]
        line.book.look(db.engine)
        line.rule_book.look(db.engine)
        return super().execute_job(*args, **kwargs)

    def main_work_horse(self, *args, **kwargs):
        db.engine.dispose(close=False)
        return super().main_work_horse(*args, **kwargs)


def run_worker(app: Flask) -> None:
    """Work until told to stop. Jobs carry identifiers only, as JSON: what is in Redis is never executed."""
    app.extensions["helpline"].bell.gathers = False  # the forked child ends with its job
    redis: Redis = connect_redis(app.extensions["helpline"].settings.redis_url, socket_timeout=None)
    with app.app_context():
        _warm_up(app.extensions["helpline"].second_opinion)
        # In this order: an opinion is asked for when nothing else is to be done.
        names = (QUEUE_NAME, UNHURRIED_QUEUE)
        queues = [Queue(name, connection=redis, serializer=JSONSerializer) for name in names]
        worker = OwedWorker(queues, connection=redis, serializer=JSONSerializer, log_job_description=False)
        worker.work(logging_level="WARNING")


def _warm_up(opinions: SecondOpinion) -> None:
    """Load the language model once, before the forks, which then share it."""
    try:
        opinions.warm_up()
    except OpinionUnavailable as fault:
        log.warning("second_opinion_unavailable", why=str(fault))
