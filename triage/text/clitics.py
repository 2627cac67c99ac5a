"""Small Arabic words that are written together with the next one: و 'and', the article, and what leans on it."""

ARTICLES = ("ال", "بال", "عال", "هال", "فال", "كال", "لل")
FEWEST_LEFT = 2  # letters that must remain, or nothing was taken away


def without_clitics(form: str) -> tuple[str, ...]:
    """The forms of a folded word without a leading 'and' or article; none when it has none."""
    bare = []
    if form.startswith("و"):
        bare.append(form[1:])
    for start in (form, *bare[:1]):
        bare += [start.removeprefix(article) for article in ARTICLES if start.startswith(article)]
    return tuple(one for one in bare if len(one) >= FEWEST_LEFT)
