"""Live changes for whoever watches, over Redis publish and subscribe. It may lose a message, never the truth:
every stream draws its view anew from the database, at a change and every few seconds without one.
"""
