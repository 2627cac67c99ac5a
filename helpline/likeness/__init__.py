"""How like texts are to each other: a small language model that ships inside a package and runs offline."""
