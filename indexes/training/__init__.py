"""Trains the shipped encoder from open data and our own pairs; needs the ``training`` extra, and no search does."""
