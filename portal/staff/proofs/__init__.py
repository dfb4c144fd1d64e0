"""Second proofs: digits of an app, passkeys, the slip of codes; who is asked, and how a lost one is replaced."""
