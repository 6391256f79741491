"""Matcher."""
from matcher.features.skills import normalize, normalize_many
