"""Free ports for servers that live in a test."""

import random
import socket


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    while True:
        port = random.randint(20000, 29999)
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) != 0:
                return port
