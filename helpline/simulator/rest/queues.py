"""REST: queues, and taking calls out of them."""

from flask import Blueprint, jsonify, request

from helpline.simulator.exchange.calls import DocumentRequest
from helpline.simulator.exchange.line import Line
from helpline.simulator.exchange.queues import DEFAULT_MAX_SIZE, Place, WaitingQueue, dequeue, find_queue
from helpline.simulator.rest import parameters
from helpline.simulator.rest.errors import not_found
from helpline.simulator.rest.paging import page_of
from helpline.simulator.rest.parameters import check_fields
from helpline.simulator.rest.shapes import member_shape, queue_shape


def add_queue_routes(rest: Blueprint, line: Line) -> None:
    """Mount the queues."""

    def find(sid: str) -> WaitingQueue:
        queue = find_queue(line.queues, lambda queue: queue.sid == sid)
        if queue is None:
            raise not_found(request.path)
        return queue

    def find_place(sid: str, call_sid: str) -> Place:
        place = find(sid).find(call_sid)
        if place is None or place.call.end_status:
            raise not_found(request.path)
        return place

    def shape(queue: WaitingQueue) -> dict:
        return queue_shape(line, queue)

    @rest.get("/Queues.json")
    def list_queues():
        check_fields(request.args, parameters.LIST_PLAIN)
        with line.lock:
            return jsonify(page_of(request, "queues", line.queues, shape))

    @rest.post("/Queues.json")
    def create_queue():
        check_fields(request.form, parameters.CREATE_QUEUE, "FriendlyName")
        max_size = int(request.form.get("MaxSize") or DEFAULT_MAX_SIZE)
        queue = WaitingQueue(request.form["FriendlyName"], max_size)
        with line.lock:
            line.queues.append(queue)
            return jsonify(shape(queue)), 201

    @rest.get("/Queues/<sid>.json")
    def read_queue(sid: str):
        with line.lock:
            return jsonify(shape(find(sid)))

    @rest.get("/Queues/<sid>/Members.json")
    def list_members(sid: str):
        check_fields(request.args, parameters.LIST_PLAIN)
        with line.lock:
            return jsonify(page_of(request, "queue_members", find(sid).waiting, member_shape))

    @rest.get("/Queues/<sid>/Members/<call_sid>.json")
    def read_member(sid: str, call_sid: str):
        with line.lock:
            return jsonify(member_shape(find_place(sid, call_sid)))

    @rest.post("/Queues/<sid>/Members/<call_sid>.json")
    def dequeue_member(sid: str, call_sid: str):
        check_fields(request.form, parameters.DEQUEUE_MEMBER, "Url")
        with line.lock:
            place = find_place(sid, call_sid)
            member = member_shape(place)
            dequeue(place, DocumentRequest(request.form["Url"], request.form.get("Method", "POST")))
            return jsonify(member)
