"""Data files: taxonomy, programmes, institutions, cue words, lemma exceptions."""
