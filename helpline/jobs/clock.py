"""The clock: fires timers, offers contacts to free counsellors, does work that no worker was rung for, seals the audit.

Several clocks may run. Each tick's work is done once: timers by row lock, offers and seals by advisory lock,
owed work by lease. The clock listens at the doorbell only to be quick; every tick it looks for itself.
"""

import threading
import time
from datetime import timedelta

import structlog
from flask import Flask
from prometheus_client import Counter, Gauge
from redis import RedisError
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpline.audit.chain import seal_rows
from helpline.handoff.auditing import audit_handoffs
from helpline.jobs.duties import ALARMS, perform_owed
from helpline.jobs.shadow import keep_comparing
from helpline.line import Line
from helpline.live_queue.dispatch import offer_all
from helpline.live_queue.taking_back import take_back
from helpline.lost_texts import keep_looking
from helpline.outage_watch import watch_outage
from helpline.outbox.bell import CHANNEL, commit, connect_redis, roll_back
from helpline.outbox.models import Heartbeat, Timer
from helpline.outbox.owed import list_late, ring_again_for_unhurried
from helpline.outbox.timers import put_off, take_due
from helpline.store.db import db
from helpline.store.receipts import WebhookReceipt
from helpline.store.types import utc_now

log = structlog.get_logger()

TICK_S = 0.5
# Work that no worker has begun after this long is done by the clock itself, Redis or no Redis.
LATE = timedelta(seconds=1.5)
RECEIPTS_KEPT = timedelta(days=2)
SWEEP_EVERY_S = 3600
WATCH_OUTAGE_EVERY_S = 5
RING_AGAIN_EVERY_S = 30
AUDIT_HANDOFFS_EVERY_S = 15
ALARMS_FAILED = Counter("helpline_alarms_failed_total", "Timers whose alarm failed and was put off", ["kind"])
LATENESS = Gauge("helpline_timer_lateness_seconds", "How late the latest timer was fired")


class Clock:
    """One clock process. `run` returns soon after `stop` is set."""

    def __init__(self, app: Flask):
        self._app = app
        self._line: Line = app.extensions["helpline"]
        self._stop = threading.Event()
        self._woken = threading.Event()
        self._next_sweep = 0.0
        self._next_ring_again = 0.0
        self._next_outage_watch = 0.0
        self._next_handoff_audit = 0.0

    def stop(self) -> None:
        """End after the tick that is under way."""
        self._stop.set()
        self._woken.set()

    def run(self) -> None:
        """Tick until stopped. A tick that fails is logged and the next one tries again."""
        log.info("clock_ticks")
        threading.Thread(target=self._listen, daemon=True).start()
        threading.Thread(target=self._do_late_work, daemon=True).start()
        threading.Thread(target=keep_comparing, args=(self._app, self._stop), daemon=True).start()
        self._begin_looking()
        while not self._stop.is_set():
            with self._app.app_context():
                self.tick()
            self._woken.wait(TICK_S)
            self._woken.clear()

    def _begin_looking(self) -> None:
        with self._app.app_context():
            self._line.follow(db.engine)
            try:
                keep_looking(db.session(), self._line)
                commit(db.session(), self._line.bell)
            except SQLAlchemyError as error:  # the database is not there yet; timers of the last run still are
                roll_back(db.session())
                log.error("look_not_planned", fault=type(error).__name__)

    def tick(self) -> None:
        """Everything that is due now."""
        for act in (
            self._fire_timers,
            self._take_back,
            self._offer,
            self._seal,
            self._beat,
            self._watch_outage,
            self._audit_handoffs,
            self._ring_again,
            self._sweep,
        ):
            session = db.session()
            try:
                act(session)
            except Exception as error:  # noqa: BLE001 - whatever it is, the clock must not stop
                roll_back(session)
                log.error("tick_failed", act=act.__name__, fault=type(error).__name__)

    def _fire_timers(self, session: Session) -> None:
        while not self._stop.is_set():
            timer = take_due(session)
            if timer is None:
                session.rollback()
                return
            LATENESS.set((timer.fired_at - timer.due_at).total_seconds())
            self._ring(session, timer)

    def _ring(self, session: Session, timer: Timer) -> None:
        timer_id, kind = timer.id, timer.kind
        try:
            ALARMS[kind](session, self._line, timer.subject)
            commit(session, self._line.bell)
        except Exception as error:  # noqa: BLE001 - one alarm that fails must not stop the others
            roll_back(session)
            fault = type(error).__name__
            put_off(session, timer_id, fault)
            session.commit()
            ALARMS_FAILED.labels(kind).inc()
            log.error("alarm_failed", kind=kind, timer=timer_id, fault=fault)

    def _take_back(self, session: Session) -> None:
        take_back(session, self._line.policy, self._line.helpline.texting.taken_back_after_s)
        commit(session, self._line.bell)

    def _offer(self, session: Session) -> None:
        offer_all(session, self._line.policy, self._line.helpline.queue.offer_s)
        commit(session, self._line.bell)

    def _seal(self, session: Session) -> None:
        seal_rows(session)
        session.commit()

    def _beat(self, session: Session) -> None:
        beat = insert(Heartbeat).values(name="clock", at=utc_now())
        session.execute(beat.on_conflict_do_update(index_elements=["name"], set_={"at": utc_now()}))
        session.commit()

    def _watch_outage(self, session: Session) -> None:
        if time.monotonic() < self._next_outage_watch:
            return
        self._next_outage_watch = time.monotonic() + WATCH_OUTAGE_EVERY_S
        watch_outage(session, self._line)
        commit(session, self._line.bell)

    def _audit_handoffs(self, session: Session) -> None:
        if time.monotonic() < self._next_handoff_audit:
            return
        self._next_handoff_audit = time.monotonic() + AUDIT_HANDOFFS_EVERY_S
        audit_handoffs(session, self._line)
        commit(session, self._line.bell)

    def _ring_again(self, session: Session) -> None:
        if time.monotonic() < self._next_ring_again:
            return
        self._next_ring_again = time.monotonic() + RING_AGAIN_EVERY_S
        ring_again_for_unhurried(session, timedelta(seconds=RING_AGAIN_EVERY_S))
        commit(session, self._line.bell)

    def _sweep(self, session: Session) -> None:
        if time.monotonic() < self._next_sweep:
            return
        self._next_sweep = time.monotonic() + SWEEP_EVERY_S
        session.execute(delete(WebhookReceipt).where(WebhookReceipt.at < utc_now() - RECEIPTS_KEPT))
        session.commit()

    def _do_late_work(self) -> None:
        """In a thread of its own: a telephone company that answers slowly must not hold up the timers."""
        while not self._stop.wait(TICK_S):
            with self._app.app_context():
                try:
                    for work_id in list_late(db.session(), LATE):
                        db.session.rollback()
                        perform_owed(work_id)
                except Exception as error:  # noqa: BLE001 - this thread must not end while the clock runs
                    roll_back(db.session())
                    log.error("late_work_failed", fault=type(error).__name__)

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                ears = connect_redis(self._line.settings.redis_url, socket_timeout=None).pubsub()
                ears.subscribe(CHANNEL)
                for message in ears.listen():
                    if message["type"] == "message" and b"dispatch" in message["data"]:
                        self._woken.set()
            except RedisError:
                self._stop.wait(TICK_S)  # the ticks go on without the bell
