"""Headgate's Python side. Runs through PYTHONPATH inside a locked runtime; needs no install step."""

PROTOCOL = 1
