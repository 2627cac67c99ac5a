"""The whole service on one machine: `make run`.

Starts its own PostgreSQL and Valkey from wheels, then every process of the service, and keeps them
running. A live helpline runs the same processes under its own init system and needs nothing from here
but the web server's command line.
"""
