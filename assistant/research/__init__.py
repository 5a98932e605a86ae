"""The council lawyers' search: whole sets of documents with counts, articles and what cites them, comparisons, exports.

``searching`` finds, ``facets`` counts, ``snippets`` shows why, ``articles`` and ``decisions`` tell of one text,
``differences`` compares two, ``exporting`` writes what was found.
"""
