"""REST: queues, and taking calls out of them."""

from flask import Blueprint, jsonify, request

from helpline.simulator.current import the_line
from helpline.simulator.exchange.calls import DocumentRequest
from helpline.simulator.exchange.queues import DEFAULT_MAX_SIZE, Place, WaitingQueue, dequeue, find_queue
from helpline.simulator.rest import parameters
from helpline.simulator.rest.errors import not_found
from helpline.simulator.rest.paging import page_of
from helpline.simulator.rest.parameters import check_fields
from helpline.simulator.rest.shapes import member_shape, queue_shape

routes = Blueprint("queues", __name__)


def _find(sid: str) -> WaitingQueue:
    queue = find_queue(the_line().queues, lambda queue: queue.sid == sid)
    if queue is None:
        raise not_found(request.path)
    return queue


def _find_place(sid: str, call_sid: str) -> Place:
    place = _find(sid).find(call_sid)
    if place is None or place.call.end_status:
        raise not_found(request.path)
    return place


def _shape(queue: WaitingQueue) -> dict:
    return queue_shape(the_line(), queue)


@routes.get("/Queues.json")
def list_queues():
    check_fields(request.args, parameters.LIST_PLAIN)
    with the_line().lock:
        return jsonify(page_of(request, "queues", the_line().queues, _shape))


@routes.post("/Queues.json")
def create_queue():
    check_fields(request.form, parameters.CREATE_QUEUE, "FriendlyName")
    max_size = int(request.form.get("MaxSize") or DEFAULT_MAX_SIZE)
    queue = WaitingQueue(request.form["FriendlyName"], max_size)
    with the_line().lock:
        the_line().queues.append(queue)
        return jsonify(_shape(queue)), 201


@routes.get("/Queues/<sid>.json")
def read_queue(sid: str):
    with the_line().lock:
        return jsonify(_shape(_find(sid)))


@routes.get("/Queues/<sid>/Members.json")
def list_members(sid: str):
    check_fields(request.args, parameters.LIST_PLAIN)
    with the_line().lock:
        return jsonify(page_of(request, "queue_members", _find(sid).waiting, member_shape))


@routes.get("/Queues/<sid>/Members/<call_sid>.json")
def read_member(sid: str, call_sid: str):
    with the_line().lock:
        return jsonify(member_shape(_find_place(sid, call_sid)))


@routes.post("/Queues/<sid>/Members/<call_sid>.json")
def dequeue_member(sid: str, call_sid: str):
    check_fields(request.form, parameters.DEQUEUE_MEMBER, "Url")
    with the_line().lock:
        place = _find_place(sid, call_sid)
        member = member_shape(place)
        dequeue(place, DocumentRequest(request.form["Url"], request.form.get("Method", "POST")))
        return jsonify(member)
