"""The tables of what an operator keeps: verdicts, conversations, and the version of their form.

Time is kept as a day and no finer: an hour, beside a question, would tie it to the one consultation it comes from.
No table has a column for an address, a browser, an account or a key.
"""

from sqlalchemy import JSON, Column, Index, Integer, MetaData, Table, Text

VERSION = 2
"""Raised when a column changes; 1 is ``feedback`` alone, without ``meta``."""

METADATA = MetaData()


def _text(name: str) -> "Column[str]":
    return Column(name, Text, nullable=False)


meta = Table("meta", METADATA, Column("name", Text, primary_key=True), _text("value"))

feedback = Table(
    "feedback",
    METADATA,
    Column("id", Integer, primary_key=True),
    *map(_text, ("day", "answer_id", "verdict", "reason", "comment", "question", "outcome", "refusal")),
    Column("reviewed", Integer, nullable=False, server_default="0"),
    Index("feedback_day", "day"),
    Index("feedback_answer", "answer_id"),
)

conversations = Table(
    "conversations",
    METADATA,
    Column("id", Integer, primary_key=True),
    *map(_text, ("day", "answer_id", "conversation", "question", "outcome", "reason", "answer")),
    Column("passages", JSON, nullable=False),
    Index("conversations_day", "day"),
    Index("conversations_answer", "answer_id"),
)
KEPT = (feedback, conversations)
"""What a retention period and an erasure bear on."""
