"""The chat's pages: what a visitor opens, and the advocate's chat desk."""
