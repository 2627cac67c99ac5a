"""What a child hears and presses: flows of menus as data, walked by a pure engine.

Nothing here knows telephones, databases or clocks. Read model.py first, then engine.py.
"""
