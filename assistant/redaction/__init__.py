"""What identifies somebody in a text, found shape by shape and name by name; ``assistant.privacy`` puts it together.

``identifiers``, ``accounts``, ``registers``, ``file_numbers``, ``long_numbers``, ``usernames``, ``rooms``,
``whereabouts``, ``lifedates`` and ``pasted`` each find one kind of identity by its shape; ``names`` finds people, with
the lists of ``names.toml`` and the two Bloom filters of ``vocabulary``; ``persons`` are those whom the documents name.
"""
