"""What an operator may turn on to keep: verdicts and conversations, redacted, for as long as they say.

``storage`` opens a database by its URL, ``tables`` describes it, ``records`` writes and erases, ``retention`` keeps the
period; nothing here runs unless it is turned on.
"""
