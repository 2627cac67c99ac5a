"""The room a call lives in: connecting a child with a person, holding, leaving, and finding a person at any hour."""
