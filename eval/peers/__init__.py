"""Other systems on the same documents, questions and machine: one module each, run in an environment of its own.

``harness`` runs inside that environment and knows nothing of ours; ``__main__`` installs, runs, judges and writes.
"""
