"""What a text says: its words, found by packs of phrases that a counsellor can read, become signals.

Pure and quick. No pattern language runs over a text: words are looked up and phrases walked, so the
time taken grows with the length of the text and with nothing else.
"""
