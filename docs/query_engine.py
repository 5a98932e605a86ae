"""Déonto inside a llama-index query engine: our retriever, our extractive answer, no model and no network.

Run it after an index was built::

    deonto index build && python docs/query_engine.py "La police m'appelle au sujet d'un patient, que dire ?"
"""

import os
import sys

from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.llm import ExtractiveSynthesizer
from assistant.retrieval import Retrieval
from assistant.settings import Settings
from indexes.encoder import open_encoder
from indexes.llama import PassageRetriever
from indexes.persistence import read_index

settings = Settings.from_environ(os.environ)
index = read_index(settings.index, open_encoder(settings.encoder))
retrieval = Retrieval(index)
engine = RetrieverQueryEngine(
    retriever=PassageRetriever(retrieval, index.library, k=10),
    response_synthesizer=ExtractiveSynthesizer(retrieval),
)
response = engine.query(sys.argv[1])
print(response)
for citation in response.metadata["citations"]:
    print(f"[{citation['marker']}] {citation['label']}")
for node in response.source_nodes[:3]:
    print(node.node_id, round(node.score, 2))
