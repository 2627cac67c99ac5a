"""A phone line without Twilio: children's, counsellors' and desks' phones in one process.

It talks to the service only over HTTP, as Twilio would, and imports nothing of the service but `config`.
"""

from helpline.simulator.server import create_simulator, serve

__all__ = ["create_simulator", "serve"]
