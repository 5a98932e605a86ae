"""The council lawyers' search: true counts, marked words, articles and what cites them, comparisons, exports."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import Assistant
from assistant.research.articles import Articles
from assistant.research.decisions import read_decision
from assistant.research.differences import compare
from assistant.research.exporting import BOM, Entry, to_bibliography, to_csv, to_markdown
from assistant.research.listed import Listed, read_listed
from assistant.research.snippets import LONGEST, occurrences, snippet
from assistant.research.wanted import Wanted
from corpus.models import Document, Metadata, Passage
from indexes.errors import UnknownDocument
from indexes.french import tokens
from indexes.library import Library
from indexes.references import ReferenceIndex


@pytest.fixture(scope="module")
def research(sheets_index):
    return Assistant(sheets_index).research


def passage(text, *headings, article=""):
    return Passage("d:p#1", "d", headings, text, 0, len(text), article=article)


def shown(cut):
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in cut.pieces)


class TestSearch:
    def test_all_the_words_come_before_what_is_only_near(self, research):
        found = research.search(Wanted("certificat divorce"))
        whole = [result.whole for result in found.results]
        assert whole == sorted(whole, reverse=True)
        assert True in whole
        assert False in whole
        stems = set(tokens("certificat divorce"))
        for result in found.results:
            said = set(tokens(f"{result.document.metadata.title} {result.document.text}"))
            if result.whole:
                assert stems <= said, result.document.id

    @pytest.mark.parametrize("wanted", [Wanted("certificat divorce"), Wanted(reference="R. 4127-47"), Wanted("secret")])
    def test_every_count_of_every_facet_is_what_asking_for_it_gives(self, research, wanted):
        found = research.search(wanted)
        assert {facet.name for facet in found.facets} >= {"theme", "article"}
        for facet in found.facets:
            for value in facet.values[:6]:
                fields = {
                    "period": {"date_from": value.value[:4], "date_to": value.value[-4:]},
                    "theme": {"themes": (value.value,)},
                    "article": {"articles": (value.value,)},
                }
                narrowed = Wanted(wanted.words, wanted.reference, **fields.get(facet.name, {facet.name: value.value}))
                assert len(research.search(narrowed).results) == value.count, (facet.name, value)

    def test_words_between_quotation_marks_stand_together(self, research):
        loose = research.search(Wanted("secret professionnel", match="all")).results
        exact = research.search(Wanted('"secret professionnel"')).results
        assert 0 < len(exact) < len(loose)
        for result in exact:
            assert "secret professionnel" in " ".join(result.document.text.lower().split())

    def test_a_decision_is_found_by_its_number(self, research):
        found = research.search(Wanted(reference="n° 469089"))
        assert [result.document.id for result in found.results] == ["decision:ce-2024-05-28-469089"]
        assert research.search(Wanted("469089")).results[0].document.id == "decision:ce-2024-05-28-469089"

    def test_an_article_finds_what_lists_it_and_a_court_narrows_it(self, research):
        found = research.search(Wanted(reference="article 28", court="Conseil d'État"))
        assert found.reference == "article 28"
        assert found.results
        for result in found.results:
            assert result.document.metadata.publisher == "Conseil d'État"

    def test_slips_are_corrected_with_their_accents_and_said(self, research):
        found = research.search(Wanted("certifcat de complaisense"))
        assert dict(found.corrections) == {"certifcat": "certificat", "complaisense": "complaisance"}
        assert found.results
        assert research.search(Wanted("medcins")).corrections == (("medcins", "médecins"),)

    def test_nonsense_finds_nothing_and_says_which_words_nobody_has(self, research):
        found = research.search(Wanted("azertyuiop qsdfghjk"))
        assert found.results == ()
        assert found.unknown == ("azertyuiop", "qsdfghjk")

    def test_everyday_words_find_what_they_stand_for(self, research):
        assert any(result.whole for result in research.search(Wanted("flics")).results)

    def test_identifying_data_is_searched_by_nobody_and_given_back_to_nobody(self, research):
        found = research.search(Wanted("secret de Mme Vaubricourt, 06 12 34 56 78", "dossier de Mme Vaubricourt"))
        assert {redaction.kind for redaction in found.redactions} == {"name", "phone"}
        assert "Vaubricourt" not in f"{found!r}"
        assert "12 34" not in found.words
        again = research.search(Wanted(found.words, found.reference))
        assert (again.words, again.redactions) == (found.words, ())

    def test_newest_and_oldest(self, research):
        dates = [r.date for r in research.search(Wanted(kind="precedent", sort="newest")).results]
        assert dates == sorted(dates, reverse=True)
        oldest = research.search(Wanted(kind="precedent", sort="oldest")).results
        assert [r.date for r in oldest] == sorted(dates)

    def test_dates_are_included_and_may_be_partial(self, research):
        for result in research.search(Wanted(kind="precedent", date_from="2020", date_to="2021-06")).results:
            assert "2020" <= result.date < "2021-07"

    def test_themes_that_differ_by_number_are_one(self, research):
        assert research.theme("certificat") == research.theme("Certificats") != ""
        assert research.theme("aucun thème de ce nom") == ""


class TestSnippets:
    def test_accents_endings_and_references_are_folded_as_the_index_folds_them(self):
        text = "L'article R 4127-4 protège les MÉDECINS ; un medecin s’y tient."
        stems = frozenset(tokens("médecin R. 4127-4"))
        assert (
            shown(snippet(passage(text), stems))
            == "L'article [R 4127-4] protège les [MÉDECINS] ; un [medecin] s’y tient."
        )

    def test_a_long_passage_is_shown_where_most_words_are(self):
        text = (
            "Le secret est la règle. " * 40
            + "Le divorce et le certificat vont mal ensemble. "
            + "Rien d'autre ici. " * 40
        )
        cut = snippet(passage(text), frozenset(tokens("secret certificat divorce")))
        assert "[divorce]" in shown(cut)
        assert "[certificat]" in shown(cut)
        assert cut.cut_before
        assert cut.cut_after
        assert cut.end - cut.start <= LONGEST + 40

    def test_its_own_heading_is_left_out(self):
        assert shown(snippet(passage("La règle\n\nTaisez-vous.", "La règle"), frozenset())) == "Taisez-vous."

    @given(st.text(alphabet="aéi R.4127-\n’' médecin", max_size=700), st.sampled_from(["médecin", "R. 4127-4", ""]))
    def test_it_is_always_the_exact_words_of_the_passage(self, text, words):
        cut = snippet(passage(text), frozenset(tokens(words)))
        assert "".join(piece.text for piece in cut.pieces) == text[cut.start : cut.end]
        spans = [(low, high) for low, high, _ in occurrences(text, frozenset(tokens(words)))]
        assert spans == sorted(spans)
        assert all(low < high for low, high in spans)


class TestArticles:
    def test_everything_that_cites_an_article_decisions_first(self, research, sheets_index):
        article = research.articles.find("R4127-28")
        listing = {d.id for d in sheets_index.library.documents if "R. 4127-28 CSP" in d.metadata.articles}
        assert listing <= {citing.document.id for citing in article.citing}
        kinds = [citing.document.metadata.kind for citing in article.citing]
        assert kinds == sorted(kinds, key=["precedent", "sheet"].index)
        assert sum(count for _, count in article.counts) == len(article.citing)
        for citing in article.citing:
            assert citing.listed or citing.passages

    def test_a_number_of_a_treaty_needs_its_code(self, research):
        assert research.articles.find("8", "CEDH").counts == (
            ("precedent", len(research.articles.find("8", "CEDH").citing)),
        )
        assert research.articles.number_of("8 CEDH") == Listed("8", "CEDH")
        assert research.articles.number_of("47") == Listed("R4127-47")
        assert research.articles.number_of("n'importe quoi") is None

    def test_a_code_that_lists_no_such_number_cites_nothing(self, research):
        assert research.articles.find("R4127-28", "CPP").citing == ()

    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("R. 4127-19-1 CSP", Listed("R4127-19-1", "CSP")),
            ("434-3 CP", Listed("434-3", "CP")),
            ("L. 113-8 C. ass.", Listed("L113-8", "C. ass.")),
            ("RGPD", None),
        ],
    )
    def test_listed_articles_are_read_with_their_code(self, text, read):
        assert read_listed(text) == read
        if read:
            assert read.display == text

    def test_versions_of_several_documents_newest_first(self, small_index):
        research = Assistant(small_index).research
        (version,) = research.articles.versions("R4127-4")
        assert version.text == version.document.text[version.passages[0].start : version.passages[-1].end]
        assert (research.articles.find("R4127-4").before, research.articles.find("R4127-4").after) == ("", "R4127-9")
        assert "R. 4127-9" in research.articles.held


def version_of(name, date, text):
    document = Document(Metadata(name, name, name, "code", version_date=date, code="CSP"), f"{name}.md", text)
    return document, Passage(f"{name}:R1-1#1", name, (), text, 0, len(text), article="R4127-1")


def test_versions_of_one_article_come_newest_first():
    old, new = (
        version_of("ancien", "2010-01-01", "Il se tait."),
        version_of("recent", "2020-01-01", "Il se tait parfois."),
    )
    library = Library([old[0], new[0]], [old[1], new[1]])
    articles = Articles(library, ReferenceIndex(library.documents, library.passages))
    assert [version.reference for version in articles.versions("R4127-1")] == ["recent:R4127-1", "ancien:R4127-1"]
    assert articles.several == ("R4127-1",)
    first, second = (version.text for version in reversed(articles.versions("R4127-1")))
    assert [change.after for change in compare(first, second).changes] == ["parfois"]


class TestDecisions:
    def test_the_title_is_read_as_it_was_written(self, research):
        decision = research.decision("ce-2000-12-29-211240")
        assert (decision.court, decision.number, decision.name) == ("Conseil d'État", "211240", "Gubler")
        assert [section.title for section in decision.sections][:2] == ["La question", "La décision"]
        assert research.decision("decision:cass-crim-1947-05-08-degraene").number == ""
        assert research.decision("cass-crim-1947-05-08-degraene").chamber == "chambre criminelle"

    def test_every_shipped_decision_gives_back_its_title(self, sheets_index):
        for document in sheets_index.library.documents:
            if document.metadata.kind == "precedent":
                decision = read_decision(document, sheets_index.library.passages_of(document.id))
                for part in (decision.court, decision.chamber, decision.number, decision.name):
                    assert part in document.metadata.title
                assert decision.number or decision.name

    def test_a_decision_of_another_form_has_no_number(self):
        document = Document(Metadata("x", "Jugement de démonstration", "Jugement", "precedent"), "x.txt", "Texte.")
        decision = read_decision(document, [])
        assert (decision.chamber, decision.number, decision.name, decision.sections) == ("", "", "", ())

    def test_what_is_near_shares_something_and_says_what(self, research):
        document = research.decision("ce-2000-12-29-211240").document
        for kind in ("precedent", "sheet"):
            near = research.related(document, kind)
            assert near
            assert all(one.shared and one.document.id != document.id for one in near)
            assert {one.document.metadata.kind for one in near} == {kind}

    def test_a_sheet_is_no_decision(self, research):
        with pytest.raises(UnknownDocument):
            research.decision("fiche:arret-travail-antidate")


class TestDifferences:
    def test_words_that_changed_are_marked_on_both_sides_and_listed(self):
        found = compare("Le médecin doit se taire.", "Le praticien doit\nse taire toujours.")
        assert [(change.before, change.after) for change in found.changes] == [
            ("médecin", "praticien"),
            ("", "toujours"),
        ]
        assert [run.text for run in found.first if run.changed] == ["médecin"]
        assert [run.text for run in found.second if run.changed] == ["praticien", "toujours"]

    def test_texts_that_differ_by_spaces_are_the_same(self):
        assert compare("Un  deux\ntrois", "Un deux trois").same

    def test_two_texts_on_different_things_are_not_marked(self):
        found = compare("Le secret protège le malade.", "Nul ne vend son cabinet sans bail écrit ni accord.")
        assert not found.marked
        assert not found.changes

    @given(st.text(max_size=200), st.text(max_size=200))
    def test_the_runs_give_the_texts_back(self, first, second):
        found = compare(first, second)
        assert "".join(run.text for run in found.first) == first
        assert "".join(run.text for run in found.second) == second


HOSTILE = Document(
    Metadata("h", '=HYPERLINK("x")', "@SUM(1;2)", "document", publisher="-1+1", themes=("+a", "<b>"), notice="=1"),
    "h.md",
    "texte",
)


class TestExports:
    def test_a_table_is_read_back_and_no_cell_is_a_formula(self, research):
        found = research.search(Wanted("secret"))
        entries = [Entry(r.document, r.article, extract=r.passages[0].text) for r in found.results]
        text = to_csv([Entry(HOSTILE, extract="\t=cmd|' /C calc'!A0"), *entries])
        assert text.startswith(BOM)
        rows = list(csv.reader(io.StringIO(text.removeprefix(BOM), newline=""), delimiter=";"))
        assert {len(row) for row in rows} == {len(rows[0])}
        assert len(rows) == len(entries) + 2
        assert rows[0][0] == "Référence"
        for row in rows[1:]:
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)
        assert rows[2][0] == entries[0].reference

    def test_a_note_holds_no_markup_of_a_document(self):
        note = to_markdown([Entry(HOSTILE, extract="<script>x</script>\n# Titre\n1. [a](b) `c` *d*")], "T <i>")
        assert "<script" not in note
        assert not re.search(r"(?<!\\)[*`\[\]]", note.replace("- Thèmes", "").replace("- Avertissement", ""))
        assert [line for line in note.split("\n") if line.startswith("#")] == [
            "# T &lt;i&gt;",
            "## @SUM\\(1;2\\)",
        ]

    def test_references_are_balanced_and_named_once(self, research):
        documents = [r.document for r in research.search(Wanted(kind="precedent")).results]
        text = to_bibliography([Entry(d) for d in documents] * 2 + [Entry(HOSTILE)])
        keys = re.findall(r"^@(\w+)\{([^,]+),$", text, re.MULTILINE)
        assert len(keys) == len({key for _, key in keys}) == len(documents) + 1
        assert ("jurisdiction", "ce-2000-12-29-211240") in keys
        bare = re.sub(r"\\.", "", text)
        assert bare.count("{") == bare.count("}")
        assert "number = {211240}" in text
