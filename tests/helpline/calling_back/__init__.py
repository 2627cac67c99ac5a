"""Missed contacts, safe contact plans and calling back."""
