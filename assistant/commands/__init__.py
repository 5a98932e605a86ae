"""The groups of the command line below ``deonto``, what their arguments have in common, and how they print."""
