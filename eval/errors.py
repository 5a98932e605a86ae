"""Errors of the evaluation; the whole tree is drawn in ``corpus/errors.py``."""

from corpus.errors import DeontoError


class EvalError(DeontoError):
    """Something about a measurement."""

    code = "error"


class InvalidQuestions(EvalError):
    """A line of a set of questions is not of the form: ``line`` from 1, ``detail`` in French."""

    code = "invalid_questions"


class NoQuestions(EvalError):
    """A set holds no question, or there is no set of that name."""

    code = "no_questions"


class ReportOnly(EvalError):
    """The test part was named where something is chosen: it is only run to report."""

    code = "report_only"


class GoldMissing(EvalError):
    """A gold passage names a file that is not below the documents given."""

    code = "gold_missing"


class GoldMoved(EvalError):
    """The words at a gold passage are not those it was written for."""

    code = "gold_moved"


class RunUnreadable(EvalError):
    """A folder does not hold a run that this version can read."""

    code = "run_unreadable"


class NotComparable(EvalError):
    """Two runs did not ask the same questions."""

    code = "not_comparable"


class ServerUnreachable(EvalError):
    """The server to evaluate does not answer, or not in the contract's form."""

    code = "server_unreachable"


class InvalidGate(EvalError):
    """A file of thresholds is not of the form."""

    code = "invalid_gate"


class InvalidSource(EvalError):
    """A public set or a user's own file is not of the form that its adapter reads."""

    code = "invalid_source"
