"""Builds the shared encoder: its weights, its heads, its model file."""
