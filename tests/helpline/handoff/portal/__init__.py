"""The partner's side, as a desk with an old phone meets it."""
