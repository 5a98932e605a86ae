"""Our passages and retrievers inside llama-index: natural ids, exact text, no model, no network."""

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, TextNode

from assistant.llm import ExtractiveSynthesizer
from assistant.retrieval import Retrieval
from corpus import Corpus
from indexes import Hit, Index, build_index, open_encoder
from indexes.errors import UnknownPassage
from indexes.library import Library
from indexes.llama import PassageRetriever, node_of, passage_of
from tests.fakes import FakeRetriever

QUESTION = "La police me convoque au sujet d'un patient, que dire ?"


@pytest.fixture(autouse=True)
def remote_models_are_tempting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an explicit model llama-index reaches for a remote one when it sees a key; the network is blocked."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-key")


@pytest.fixture
def engine(small_index: Index) -> RetrieverQueryEngine:
    retrieval = Retrieval(small_index)
    return RetrieverQueryEngine(
        retriever=PassageRetriever(retrieval, small_index.library),
        response_synthesizer=ExtractiveSynthesizer(retrieval),
    )


def test_a_node_is_its_passage(small_index: Index) -> None:
    for passage in small_index.library.passages:
        document = small_index.library.document(passage.document_id)
        node = node_of(passage, document)
        assert node == node_of(passage, document)
        assert node.node_id == node.metadata["passage_id"] == passage.id
        assert node.text == passage.text == document.text[node.start_char_idx : node.end_char_idx]
        for mode in MetadataMode.LLM, MetadataMode.EMBED, MetadataMode.NONE:
            assert node.get_content(mode) == passage.text
        assert passage_of(node, small_index.library) == passage


def test_a_node_has_what_a_citation_needs(small_index: Index) -> None:
    passage = small_index.library.passage("accueil:requisition#1")
    node = node_of(passage, small_index.library.document("accueil"))
    assert node.metadata == {
        "passage_id": "accueil:requisition#1",
        "document_id": "accueil",
        "source": "accueil.md",
        "title": "Accueil du cabinet",
        "label": passage.label,
        "kind": "document",
        "date": "",
        "locator": "",
        "start": passage.start,
        "end": passage.end,
    }


def test_a_foreign_node_is_refused(small_index: Index) -> None:
    passage = small_index.library.passages[0]
    for foreign in (TextNode(text=passage.text), TextNode(id_=passage.id, text=passage.text + " ")):
        with pytest.raises(UnknownPassage):
            passage_of(foreign, small_index.library)
    with pytest.raises(UnknownPassage):
        passage_of(node_of(passage, small_index.library.documents[0]), Library([], []))


def test_hits_become_nodes(small_index: Index) -> None:
    fake = FakeRetriever({"accueil:requisition#1": 0.5, "accueil:telephone#1": 0.75, "notes:notes#1": 0.25})
    nodes = PassageRetriever(fake, small_index.library, k=2).retrieve("secret")
    assert [(node.node_id, node.score) for node in nodes] == [
        ("accueil:telephone#1", 0.75),
        ("accueil:requisition#1", 0.5),
    ]
    assert fake.queries == ["secret"]
    assert PassageRetriever(fake, small_index.library).retrieve(" ") == []


def test_every_retriever_of_an_index_fits(small_index: Index) -> None:
    for retriever in (small_index.lexical, small_index.dense, small_index.bank, Retrieval(small_index)):
        expected = [hit.passage_id for hit in retriever.search(QUESTION, 4)]
        nodes = PassageRetriever(retriever, small_index.library, k=4).retrieve(QUESTION)
        assert [node.node_id for node in nodes] == expected != []


def test_searching_does_not_block_the_event_loop(small_index: Index) -> None:
    """The search waits for the loop to do something else: were it run by the loop itself, it would wait in vain."""
    loop_went_on = threading.Event()

    class Waiting(FakeRetriever):
        def search(self, query: str, k: int) -> list[Hit]:
            assert loop_went_on.wait(timeout=20), "the event loop was blocked"
            return super().search(query, k)

    retriever = PassageRetriever(Waiting({"notes:notes#1": 1.0}), small_index.library)

    async def both() -> list[str]:
        search = asyncio.create_task(retriever.aretrieve("secret"))
        await asyncio.sleep(0)
        asyncio.get_running_loop().call_soon(loop_went_on.set)
        return [node.node_id for node in await search]

    assert asyncio.run(both()) == ["notes:notes#1"]


def test_a_query_engine_answers_with_exact_quotes(engine: RetrieverQueryEngine, small_index: Index) -> None:
    response = engine.query(QUESTION)
    citations = response.metadata["citations"]
    assert citations
    for number, citation in enumerate(citations, start=1):
        text = small_index.library.document(citation["document_id"]).text
        assert citation["quote"] == text[citation["start"] : citation["end"]] != ""
        assert citation["marker"] == number
        assert f"[{number}]" in str(response)
        assert citation["document_id"] in {node.metadata["document_id"] for node in response.source_nodes}
    assert len(response.source_nodes) == 10


def test_asking_asynchronously_is_the_same(engine: RetrieverQueryEngine) -> None:
    asked = asyncio.run(engine.aquery(QUESTION))
    assert str(asked) == str(engine.query(QUESTION))


@pytest.mark.parametrize("question", ["zzz qqq", "Quel temps fera-t-il demain à Brest ?"])
def test_a_query_engine_refuses(engine: RetrieverQueryEngine, question: str) -> None:
    response = engine.query(question)
    assert response.metadata["citations"] == []
    assert "[1]" not in str(response)
    assert str(response)


NO_NETWORK = """
import socket, sys

def refuse(*args, **kwargs):
    print("CONNECTION ATTEMPTED", args, file=sys.stderr)
    raise OSError("no network")

socket.socket.connect = socket.getaddrinfo = refuse
"""
"""What Python runs first in the process of the next test, where pytest blocks nothing."""


def test_the_page_of_the_documentation_runs(small_corpus: Corpus, tmp_path: Path) -> None:
    """With the true encoder, and a key that tempts llama-index to use a remote model."""
    (tmp_path / "sitecustomize.py").write_text(NO_NETWORK)
    build_index(small_corpus, tmp_path / "index", open_encoder())
    root = Path(__file__).parent.parent
    environment = {
        **os.environ,
        "DEONTO_INDEX": str(tmp_path / "index"),
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{root}",
    }
    done = subprocess.run(
        [sys.executable, str(root / "docs" / "query_engine.py"), QUESTION],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "[1]" in done.stdout
    assert "secret-police-convocation" in done.stdout
    for unwanted in ("CONNECTION ATTEMPTED", "Traceback", "Warning"):
        assert unwanted not in done.stderr
