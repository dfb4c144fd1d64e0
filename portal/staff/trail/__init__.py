"""The audit trail: one line for each act, chained, without content; its page, its file and its command."""
