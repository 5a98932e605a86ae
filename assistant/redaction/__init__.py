"""What identifies somebody in a text, found shape by shape and name by name; ``assistant.privacy`` puts it together.

``identifiers``, ``accounts``, ``registers``, ``file_numbers``, ``long_numbers``, ``usernames``, ``rooms``,
``whereabouts``, ``villages``, ``credentials``, ``lifedates`` and ``pasted`` each find one kind of identity by its
shape; ``names`` finds people, with the lists of ``names.toml`` and ``renowned.toml`` and the two Bloom filters of
``vocabulary``, ``spelled`` and ``initials`` those who are not written in full; ``persons`` are those whom the documents
name, ``scanned`` puts right what a scanner misread before all of them look.
"""
