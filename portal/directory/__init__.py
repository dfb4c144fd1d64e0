"""The directory: who helps with what, where, in which language, and how a person is sent to them."""
