"""The commands: each a parser and a function that can be called alone."""
