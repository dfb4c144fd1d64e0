"""How the house reaches an interpreter: cards an administrator keeps, each with a number only advocates open."""
