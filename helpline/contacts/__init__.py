"""One interaction by call or text, never a person: its legs, messages, flow session, level and history."""
