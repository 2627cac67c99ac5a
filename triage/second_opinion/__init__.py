"""A second opinion on a text: how near its wording is to examples of ours. It may raise to high, and nothing else.

Pure: the nearness of texts is measured elsewhere and given; here stands what it means.
"""
