"""The vault: every format in which Porchlight seals words and keys, pure and without I/O (docs/keys.md)."""
