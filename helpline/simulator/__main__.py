"""`python -m helpline.simulator` runs the phone line in the foreground, with the service's own settings."""

from config.settings import load_settings
from helpline.simulator.server import serve

if __name__ == "__main__":
    serve(load_settings())
