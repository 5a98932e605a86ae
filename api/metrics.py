"""Figures in the text format of Prometheus, one registry an application. No label holds anything that was sent.

With several workers each counts in files of a temporary folder that all of them share, and any of them gives the sums;
the figures of the index and of the process are those of the worker that was asked.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from api.exchange import Exchange, draft_of, redactions_of
from api.observing import TOLD
from api.protocols import Assistant

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable by which ``prometheus_client`` is told where the workers' files are, before it is imported."""
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Bounds of the histograms: an extract takes some milliseconds, a model's draft some seconds."""


class Metrics:
    """The figures of one application.

    Parameters
    ----------
    assistant
        Gives the assistant that serves at the moment.

    """

    def __init__(self, assistant: Callable[[], Assistant]) -> None:
        counted = CollectorRegistry()

        def counter(name: str, what: str, *labels: str) -> Counter:
            return Counter(f"deonto_{name}", what, labels, registry=counted)

        self.requests = counter("requests", "Requests served", "method", "route", "status")
        self.answers = counter("answers", "Answers given", "outcome", "reason")
        self.redactions = counter("redactions", "Identifying data hidden in questions", "kind")
        self.drafts = counter("drafts", "Drafts asked of the language model, by what came of them", "result")
        self.dropped = counter("dropped_sentences", "Drafted sentences that were not shown", "reason")
        self.failures = counter("failures", "Requests that ended in an error of ours, storage included", "code")
        self.events = counter("security_events", "Lines of the audit, those of requests", "event")

        def durations(name: str, what: str, label: str) -> Histogram:
            return Histogram(f"deonto_{name}_seconds", what, [label], registry=counted, buckets=SECONDS)

        self.request_seconds = durations("request", "Whole requests", "route")
        self.answer_seconds = durations("answer", "Answers, whole and by stage", "stage")
        self.streams = Gauge("deonto_streams_open", "Streams being sent", registry=counted, multiprocess_mode="livesum")
        self._counted = counted
        self._here = CollectorRegistry()
        self._here.register(_State(assistant))
        ProcessCollector(registry=self._here)

    def count(self, exchange: Exchange, seconds: float) -> None:
        """Count an exchange that has ended."""
        self.requests.labels(exchange.method, exchange.route, str(exchange.status)).inc()
        self.request_seconds.labels(exchange.route).observe(seconds)
        if exchange.streams:
            self.streams.dec()
        if exchange.failure:
            self.failures.labels(exchange.failure).inc()
        for event in exchange.events:
            self.events.labels(event).inc()
        for answer in exchange.answers:
            self.answers.labels(answer.outcome, answer.reason or "").inc()
            for stage, milliseconds in answer.timings_ms.items():
                self.answer_seconds.labels(stage).observe(milliseconds / 1000)
            for kind, number in redactions_of(answer).items():
                self.redactions.labels(kind).inc(number)
            if draft := draft_of(answer):
                self.drafts.labels(draft).inc()
            for reason, number in (answer.drafting.dropped if answer.drafting else {}).items():
                self.dropped.labels(reason).inc(number)

    def text(self) -> bytes:
        """Return every figure in the text format."""
        counted = self._counted
        if folder := os.environ.get(SHARED):
            forget_the_dead(Path(folder))
            counted = CollectorRegistry()
            MultiProcessCollector(counted, folder)  # type: ignore[no-untyped-call]
        return generate_latest(counted) + generate_latest(self._here)


class _State(Collector):
    """What is loaded, and what the store told, read when the figures are asked for."""

    def __init__(self, assistant: Callable[[], Assistant]) -> None:
        self._assistant = assistant

    def describe(self) -> list[Metric]:
        """Return nothing: the registry would ask for the figures to learn their names."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield the figures of the index that serves, of the model and of the store."""
        assistant = self._assistant()
        library = assistant.library
        passages = sum(len(library.passages_of(document.id)) for document in library.documents)
        yield InfoMetricFamily("deonto_index", "The loaded index", {"fingerprint": assistant.fingerprint})
        yield GaugeMetricFamily("deonto_index_documents", "Documents in the index", len(library.documents))
        yield GaugeMetricFamily("deonto_index_passages", "Passages in the index", passages)
        built_at = datetime.fromisoformat(assistant.built_at).timestamp()
        yield GaugeMetricFamily("deonto_index_built_seconds", "When the index was built, Unix time", built_at)
        model = GaugeMetricFamily("deonto_model", "State of the language model, as in /health/ready", labels=["state"])
        model.add_metric([assistant.model], 1)
        yield model
        told = CounterMetricFamily("deonto_store_events", "What the store of verdicts said", labels=["event"])
        for event, number in TOLD.items():
            told.add_metric([event], number)
        yield told


@contextmanager
def shared_by_workers() -> Iterator[None]:
    """Give the workers that are started inside a folder for their figures; it goes when they have ended."""
    with tempfile.TemporaryDirectory(prefix="deonto-figures-", ignore_cleanup_errors=True) as folder:
        os.environ[SHARED] = folder
        try:
            yield
        finally:
            del os.environ[SHARED]


def forget_the_dead(folder: Path) -> None:
    """Remove what workers that were killed held open: their streams are closed."""
    for held in folder.glob("gauge_live*_*.db"):
        number = held.stem.rpartition("_")[2]
        if number.isdecimal() and not _is_alive(int(number)):
            with suppress(OSError):
                held.unlink()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
