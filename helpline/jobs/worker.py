"""One RQ worker. It forks for each job, so that a job which dies takes nothing with it."""

from flask import Flask
from redis import Redis
from rq import Queue, Worker
from rq.serializers import JSONSerializer

from helpline.outbox.bell import QUEUE_NAME, connect_redis
from helpline.store.db import db


class OwedWorker(Worker):
    """A worker whose forked child does not share the parent's database connections."""

    def main_work_horse(self, *args, **kwargs):
        db.engine.dispose(close=False)
        return super().main_work_horse(*args, **kwargs)


def run_worker(app: Flask) -> None:
    """Work until told to stop. Jobs carry identifiers only, as JSON: what is in Redis is never executed."""
    app.extensions["helpline"].bell.gathers = False  # the forked child ends with its job
    redis: Redis = connect_redis(app.extensions["helpline"].settings.redis_url, socket_timeout=None)
    with app.app_context():
        queue = Queue(QUEUE_NAME, connection=redis, serializer=JSONSerializer)
        worker = OwedWorker([queue], connection=redis, serializer=JSONSerializer, log_job_description=False)
        worker.work(logging_level="WARNING")
